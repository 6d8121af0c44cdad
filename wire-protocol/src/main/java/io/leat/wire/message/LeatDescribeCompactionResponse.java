package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the compaction of the topic of a {@link LeatDescribeCompactionRequest} stands.
 *
 * @param partitions all of them, by number; none where the topic is not compacted
 */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record LeatDescribeCompactionResponse(
        int throttleTimeMs,
        short errorCode,
        @Nullable String errorMessage,
        List<PartitionCompaction> partitions)
        implements ResponseMessage {

    /**
     * One partition.
     *
     * @param running whether a pass runs
     * @param firstDirtyOffset up to where it is clean
     * @param cleanableEndOffset up to where it could be cleaned now
     * @param cleanBytes bytes of segments before the first dirty offset
     * @param cleanableBytes bytes of segments that could be cleaned now
     * @param lastPassTimeMs when the last pass ended, -1 before the first
     * @param lastPassRecordsRemoved how many records it removed
     * @param lastPassBytesFreed by how much it made the log smaller
     * @param problem what keeps it from being compacted
     */
    public record PartitionCompaction(
            int partition,
            boolean running,
            long firstDirtyOffset,
            long cleanableEndOffset,
            long cleanBytes,
            long cleanableBytes,
            @Default("-1") long lastPassTimeMs,
            long lastPassRecordsRemoved,
            long lastPassBytesFreed,
            @Nullable String problem) {}
}
