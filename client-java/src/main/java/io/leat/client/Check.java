package io.leat.client;

import java.time.Duration;

/** Checks of options. The messages name the option, the bound and the value. */
final class Check {
    private Check() {}

    static void atLeast(String option, long min, long value) {
        if (value < min) {
            throw new IllegalArgumentException(option + " must be at least " + min + ": " + value);
        }
    }

    static void between(String option, long min, long max, long value) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    option + " must be between " + min + " and " + max + ": " + value);
        }
    }

    static void notNegative(String option, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(option + " must not be negative: " + value);
        }
    }

    static void positive(String option, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(option + " must be longer than 0: " + value);
        }
    }

    static void that(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
