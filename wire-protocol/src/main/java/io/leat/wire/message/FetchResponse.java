package io.leat.wire.message;

import io.leat.wire.ErrorCode;
import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Payload;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Tagged;
import io.leat.wire.schema.Until;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The record batches that a {@link FetchRequest} found. */
@Message(from = 4, to = 18, flexibleFrom = 12)
public record FetchResponse(
        int throttleTimeMs,
        @Since(7) @Ignorable short errorCode,
        @Since(7) int sessionId,
        List<FetchableTopicResponse> responses,
        @Since(16) @Tagged(0) List<NodeEndpoint> nodeEndpoints)
        implements ResponseMessage {

    /** One topic's partitions; named by name up to version 12, by id from 13. */
    public record FetchableTopicResponse(
            @Until(12) @Ignorable String topic,
            @Since(13) @Ignorable UUID topicId,
            List<PartitionData> partitions) {}

    /** One partition's record batches and bounds, or an error. */
    public record PartitionData(
            int partitionIndex,
            short errorCode,
            long highWatermark,
            long lastStableOffset,
            @Since(5) @Default("-1") @Ignorable long logStartOffset,
            @Since(12) @Tagged(0) EpochEndOffset divergingEpoch,
            @Since(12) @Tagged(1) LeaderIdAndEpoch currentLeader,
            @Since(12) @Tagged(2) SnapshotId snapshotId,
            @Nullable List<AbortedTransaction> abortedTransactions,
            @Since(11) @Default("-1") int preferredReadReplica,
            @Nullable Payload records) {
        /** What a partition's leader answers. */
        public static PartitionData of(
                int partitionIndex,
                ErrorCode error,
                long highWatermark,
                long lastStableOffset,
                long logStartOffset,
                Payload records) {
            return new PartitionData(
                    partitionIndex,
                    error.code(),
                    highWatermark,
                    lastStableOffset,
                    logStartOffset,
                    EpochEndOffset.NONE,
                    LeaderIdAndEpoch.UNKNOWN,
                    SnapshotId.NONE,
                    null,
                    -1,
                    records);
        }

        /** An error in place of records. */
        public static PartitionData failed(int partitionIndex, ErrorCode error) {
            return of(partitionIndex, error, -1, -1, -1, Payload.EMPTY);
        }

        /** The same with the transactions that a read_committed consumer skips. */
        public PartitionData withAbortedTransactions(List<AbortedTransaction> aborted) {
            return new PartitionData(
                    partitionIndex,
                    errorCode,
                    highWatermark,
                    lastStableOffset,
                    logStartOffset,
                    divergingEpoch,
                    currentLeader,
                    snapshotId,
                    aborted,
                    preferredReadReplica,
                    records);
        }
    }

    /** Where the reader's log departed from the leader's; -1 if it did not. */
    public record EpochEndOffset(@Default("-1") int epoch, @Default("-1") long endOffset) {
        /** The logs do not part. */
        public static final EpochEndOffset NONE = new EpochEndOffset(-1, -1);
    }

    /** The partition's leader as far as the broker knows; -1 if it does not say. */
    public record LeaderIdAndEpoch(@Default("-1") int leaderId, @Default("-1") int leaderEpoch) {
        /** The broker does not say who leads. */
        public static final LeaderIdAndEpoch UNKNOWN = new LeaderIdAndEpoch(-1, -1);
    }

    /** A snapshot to fetch instead; -1 if there is none. */
    public record SnapshotId(@Default("-1") long endOffset, @Default("-1") int epoch) {
        /** No snapshot. */
        public static final SnapshotId NONE = new SnapshotId(-1, -1);
    }

    /** A transaction whose records a read_committed consumer skips. */
    public record AbortedTransaction(long producerId, long firstOffset) {}

    /** The address of a leader that a {@link LeaderIdAndEpoch} names. */
    public record NodeEndpoint(int nodeId, String host, int port, @Nullable String rack) {}
}
