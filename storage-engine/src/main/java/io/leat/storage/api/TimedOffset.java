package io.leat.storage.api;

/**
 * A record's offset with its timestamp.
 *
 * @param offset the record's offset
 * @param timestampMillis the record's timestamp, ms since the epoch
 */
public record TimedOffset(long offset, long timestampMillis) {}
