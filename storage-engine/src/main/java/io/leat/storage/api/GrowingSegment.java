package io.leat.storage.api;

/**
 * The part of a log that grows.
 *
 * @param baseOffset where it begins
 * @param endOffset where the next append goes
 * @param sizeBytes bytes of record batches, forced or not
 * @param maxTimestampMillis the largest timestamp of its records, or -1 where it has none
 */
public record GrowingSegment(
        long baseOffset, long endOffset, long sizeBytes, long maxTimestampMillis) {}
