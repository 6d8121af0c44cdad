package io.leat.compaction.cleaning;

/**
 * What a topic asks of compaction; the names are Kafka's.
 *
 * @param deleteRetentionMillis {@code delete.retention.ms}: how long tombstones are kept, and
 *     markers of transactions of which nothing is left
 * @param minLagMillis {@code min.compaction.lag.ms}: how long a record stays as it is at least
 * @param maxLagMillis {@code max.compaction.lag.ms}: how long it may stay so
 * @param minDirtyRatio {@code min.cleanable.dirty.ratio}: from which share of dirty bytes on a pass
 *     is worth while
 * @param segmentBytes {@code segment.bytes}: neighbours are merged up to this size
 */
public record CleaningPolicy(
        long deleteRetentionMillis,
        long minLagMillis,
        long maxLagMillis,
        double minDirtyRatio,
        int segmentBytes) {}
