package io.leat.client;

import java.time.Duration;
import java.util.Objects;

/**
 * Where a consumer starts in a partition for which there is no committed offset, or whose offset is
 * gone from the log.
 */
public sealed interface OffsetReset {
    /** At the first record that is still there. */
    OffsetReset EARLIEST = new Earliest();

    /** Behind the last record: only what comes from now on. */
    OffsetReset LATEST = new Latest();

    /**
     * Nowhere: {@link Consumer#poll} throws a {@link BrokerException} with {@code
     * OFFSET_OUT_OF_RANGE} that names the partition.
     */
    OffsetReset NONE = new None();

    /** At the first record that is not older than this; behind the last one if all are older. */
    static OffsetReset byDuration(Duration age) {
        return new ByDuration(age);
    }

    /** {@link #EARLIEST}. */
    record Earliest() implements OffsetReset {}

    /** {@link #LATEST}. */
    record Latest() implements OffsetReset {}

    /** {@link #NONE}. */
    record None() implements OffsetReset {}

    /**
     * {@link #byDuration}.
     *
     * @param age counted back from the moment of the reset, not negative
     */
    record ByDuration(Duration age) implements OffsetReset {
        public ByDuration {
            Objects.requireNonNull(age, "age");
            if (age.isNegative()) {
                throw new IllegalArgumentException(
                        "offsetReset by duration must not be negative: " + age);
            }
        }
    }
}
