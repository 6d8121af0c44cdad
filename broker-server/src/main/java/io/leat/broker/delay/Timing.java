package io.leat.broker.delay;

import io.leat.compaction.erasure.KeyHash;
import io.leat.wire.record.Record;
import io.leat.wire.record.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When a record is to be delivered, as its headers say. Values are text in UTF-8; where a header is
 * there more than once, the last one counts.
 *
 * <ul>
 *   <li>{@code leat-deliver-at}: milliseconds since the epoch, or ISO-8601 with an offset ({@code
 *       2026-11-26T12:00:00Z})
 *   <li>{@code leat-delay}: milliseconds from now on, or an ISO-8601 duration ({@code PT5M})
 *   <li>{@code leat-delay-key}: by which it can be cancelled; else by the record's key
 *   <li>{@code leat-delay-cancel}: the record is no record, but cancels what came to its partition
 *       before it and has this key, or the record's own where the header is empty
 * </ul>
 */
sealed interface Timing {
    String DELIVER_AT = "leat-deliver-at";
    String DELAY = "leat-delay";
    String DELAY_KEY = "leat-delay-key";
    String DELAY_CANCEL = "leat-delay-cancel";

    Pattern NUMBER = Pattern.compile("\\d{1,18}");

    /** At once. */
    enum Now implements Timing {
        NOW
    }

    /** Later. */
    record Later(long dueMillis, Optional<KeyHash> cancelKey) implements Timing {}

    /** Never: it cancels others. */
    record Cancel(KeyHash key) implements Timing {}

    /** The headers make no sense. */
    record Flaw(String message) implements Timing {}

    /**
     * What a record's headers say.
     *
     * @param horizonMillis how far ahead it may be due
     */
    static Timing of(Record record, long nowMillis, long horizonMillis) {
        RecordHeader deliverAt = null;
        RecordHeader delay = null;
        RecordHeader key = null;
        RecordHeader cancel = null;
        for (RecordHeader header : record.headers()) {
            switch (header.key()) {
                case DELIVER_AT -> deliverAt = header;
                case DELAY -> delay = header;
                case DELAY_KEY -> key = header;
                case DELAY_CANCEL -> cancel = header;
                default -> {}
            }
        }
        if (deliverAt != null && delay != null) {
            return new Flaw("only one of the headers leat-deliver-at and leat-delay may be there");
        }
        if (cancel != null) {
            return deliverAt == null && delay == null
                    ? cancel(record, cancel)
                    : new Flaw(
                            "a record with the header leat-delay-cancel is not delivered at all");
        }
        if (deliverAt == null && delay == null) {
            return Now.NOW;
        }
        long dueMillis;
        try {
            dueMillis = deliverAt != null ? at(text(deliverAt)) : nowMillis + after(text(delay));
        } catch (DateTimeException | ArithmeticException e) {
            return new Flaw(deliverAt != null ? badTime(deliverAt) : badDelay(delay));
        }
        if (dueMillis <= nowMillis) {
            return Now.NOW;
        }
        if (dueMillis - nowMillis > horizonMillis) {
            return new Flaw(
                    "it is due in %d ms, at %s, and leat.delayed.delivery.horizon.ms is %d"
                            .formatted(
                                    dueMillis - nowMillis,
                                    Instant.ofEpochMilli(dueMillis),
                                    horizonMillis));
        }
        return new Later(dueMillis, cancelKey(record, key));
    }

    private static Timing cancel(Record record, RecordHeader header) {
        ByteBuffer value = header.value();
        ByteBuffer key = value != null && value.hasRemaining() ? value : record.key();
        return key == null
                ? new Flaw("the header leat-delay-cancel is empty, and the record has no key")
                : new Cancel(KeyHash.of(key));
    }

    private static Optional<KeyHash> cancelKey(Record record, @Nullable RecordHeader header) {
        ByteBuffer key = header == null ? record.key() : header.value();
        return key == null ? Optional.empty() : Optional.of(KeyHash.of(key));
    }

    private static long at(String text) {
        return NUMBER.matcher(text).matches()
                ? Long.parseLong(text)
                : OffsetDateTime.parse(text).toInstant().toEpochMilli();
    }

    private static long after(String text) {
        long millis =
                NUMBER.matcher(text).matches()
                        ? Long.parseLong(text)
                        : Duration.parse(text).toMillis();
        if (millis < 0) {
            throw new DateTimeException("negative");
        }
        return millis;
    }

    private static String badTime(RecordHeader header) {
        return "leat-deliver-at is '%s', which is neither milliseconds since the epoch nor ISO-8601 with an offset, such as 2026-11-26T12:00:00Z"
                .formatted(shown(header));
    }

    private static String badDelay(@Nullable RecordHeader header) {
        return "leat-delay is '%s', which is neither milliseconds nor an ISO-8601 duration, such as PT5M"
                .formatted(shown(header));
    }

    private static String shown(@Nullable RecordHeader header) {
        String text = text(header).replaceAll("\\p{Cntrl}", "?");
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }

    private static String text(@Nullable RecordHeader header) {
        ByteBuffer value = header == null ? null : header.value();
        return value == null
                ? ""
                : StandardCharsets.UTF_8.decode(value.duplicate()).toString().strip();
    }
}
