package io.leat.client;

import java.time.Instant;
import java.util.Optional;

/**
 * How the compaction of one partition stands.
 *
 * @param partition its number
 * @param running whether it is being compacted
 * @param firstDirtyOffset up to where it is clean: of each key only the latest record before it is
 *     there
 * @param cleanableEndOffset up to where it could be compacted now
 * @param cleanBytes bytes of segments that are clean
 * @param cleanableBytes bytes of segments that could be compacted now
 * @param lastPass when it was compacted last
 * @param recordsRemoved how many records that removed
 * @param bytesFreed by how much that made it smaller
 * @param problem what keeps it from being compacted
 */
public record Compaction(
        int partition,
        boolean running,
        long firstDirtyOffset,
        long cleanableEndOffset,
        long cleanBytes,
        long cleanableBytes,
        Optional<Instant> lastPass,
        long recordsRemoved,
        long bytesFreed,
        Optional<String> problem) {

    /** The share of bytes that could be compacted, 0 to 1: Kafka's cleanable ratio. */
    public double dirtyRatio() {
        long all = cleanBytes + cleanableBytes;
        return all == 0 ? 0 : (double) cleanableBytes / all;
    }
}
