package io.leat.client;

/**
 * A record found by its time.
 *
 * @param offset the record's offset
 * @param timestampMillis the record's timestamp, milliseconds since 1970
 */
public record OffsetAndTimestamp(long offset, long timestampMillis) {}
