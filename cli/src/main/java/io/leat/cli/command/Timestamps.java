package io.leat.cli.command;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/** Times on the command line. */
final class Timestamps {
    private Timestamps() {}

    /**
     * Reads milliseconds since 1970, or ISO 8601: {@code 2026-03-01}, {@code 2026-03-01T12:00} in
     * the time zone of the machine, {@code 2026-03-01T12:00:00Z}.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    static long parseMillis(String text) {
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'" + text + "' is too large a number", e);
            }
        }
        try {
            return instant(text).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' should be like 2026-03-01T12:00:00Z or 1772366400000", e);
        }
    }

    private static Instant instant(String text) {
        if (text.length() == "2026-03-01".length()) {
            return LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant();
        }
        boolean hasZone =
                text.endsWith("Z") || text.lastIndexOf('+') > 10 || text.lastIndexOf('-') > 10;
        return hasZone
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
    }
}
