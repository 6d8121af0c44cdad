package io.leat.wire.message;

import io.leat.wire.schema.Message;
import io.leat.wire.schema.Payload;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The records that a {@link ShareFetchRequest} acquired, and what became of acknowledgements. */
@Message(from = 1, to = 2, flexibleFrom = 0)
public record ShareFetchResponse(
        int throttleTimeMs,
        short errorCode,
        @Nullable String errorMessage,
        int acquisitionLockTimeoutMs,
        List<ShareFetchableTopicResponse> responses,
        List<NodeEndpoint> nodeEndpoints)
        implements ResponseMessage {

    /** One topic's partitions. */
    public record ShareFetchableTopicResponse(UUID topicId, List<PartitionData> partitions) {}

    /** One partition's record batches, and which of their records are acquired. */
    public record PartitionData(
            int partitionIndex,
            short errorCode,
            @Nullable String errorMessage,
            short acknowledgeErrorCode,
            @Nullable String acknowledgeErrorMessage,
            LeaderIdAndEpoch currentLeader,
            Payload records,
            List<AcquiredRecords> acquiredRecords) {}

    /** The partition's leader. */
    public record LeaderIdAndEpoch(int leaderId, int leaderEpoch) {
        /** The broker does not say who leads. */
        public static final LeaderIdAndEpoch UNKNOWN = new LeaderIdAndEpoch(0, 0);
    }

    /** Offsets, both ends included, that are the member's now, and how often they were. */
    public record AcquiredRecords(long firstOffset, long lastOffset, short deliveryCount) {}

    /** The address of a leader that a {@link LeaderIdAndEpoch} names. */
    public record NodeEndpoint(int nodeId, String host, int port, @Nullable String rack) {}
}
