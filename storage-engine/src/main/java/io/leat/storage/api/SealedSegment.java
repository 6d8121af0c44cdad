package io.leat.storage.api;

/**
 * A part of a log that no longer grows, and that is durable as a whole.
 *
 * @param baseOffset where it begins; it names the segment within its log
 * @param endOffset where the next segment begins, exclusive: the offset behind its last batch
 * @param sizeBytes bytes of record batches
 * @param maxTimestampMillis the largest timestamp of its records, or -1 where it has none
 */
public record SealedSegment(
        long baseOffset, long endOffset, long sizeBytes, long maxTimestampMillis) {
    public SealedSegment {
        if (baseOffset < 0 || endOffset < baseOffset || sizeBytes < 0) {
            throw new IllegalArgumentException(
                    "not a segment: %d to %d, %d bytes"
                            .formatted(baseOffset, endOffset, sizeBytes));
        }
    }
}
