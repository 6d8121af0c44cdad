package io.leat.broker.share;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/** Where a share group begins with a partition: {@code share.auto.offset.reset}. */
sealed interface OffsetReset {
    /** With the first record that is there. */
    record Earliest() implements OffsetReset {}

    /** With the next record that comes. */
    record Latest() implements OffsetReset {}

    /** With the first record that is not older. */
    record ByDuration(Duration age) implements OffsetReset {}

    String DURATION_PREFIX = "by_duration:";

    /** Reads {@code earliest}, {@code latest} or {@code by_duration:PnDTnHnMn.nS}. */
    static Optional<OffsetReset> parse(String text) {
        String word = text.strip();
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "earliest" -> Optional.of(new Earliest());
            case "latest" -> Optional.of(new Latest());
            default ->
                    word.startsWith(DURATION_PREFIX)
                            ? duration(word.substring(DURATION_PREFIX.length()))
                            : Optional.empty();
        };
    }

    private static Optional<OffsetReset> duration(String text) {
        try {
            Duration age = Duration.parse(text);
            return age.isNegative() ? Optional.empty() : Optional.of(new ByDuration(age));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
