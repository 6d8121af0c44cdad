package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of the acknowledgements of a {@link ShareAcknowledgeRequest}. */
@Message(from = 1, to = 2, flexibleFrom = 0)
public record ShareAcknowledgeResponse(
        int throttleTimeMs,
        short errorCode,
        @Nullable String errorMessage,
        @Since(2) @Ignorable int acquisitionLockTimeoutMs,
        List<ShareAcknowledgeTopicResponse> responses,
        List<NodeEndpoint> nodeEndpoints)
        implements ResponseMessage {

    /** One topic's partitions. */
    public record ShareAcknowledgeTopicResponse(UUID topicId, List<PartitionData> partitions) {}

    /** All acknowledgements of a partition were taken, or none. */
    public record PartitionData(
            int partitionIndex,
            short errorCode,
            @Nullable String errorMessage,
            LeaderIdAndEpoch currentLeader) {}

    /** The partition's leader. */
    public record LeaderIdAndEpoch(int leaderId, int leaderEpoch) {
        /** The broker does not say who leads. */
        public static final LeaderIdAndEpoch UNKNOWN = new LeaderIdAndEpoch(0, 0);
    }

    /** The address of a leader that a {@link LeaderIdAndEpoch} names. */
    public record NodeEndpoint(int nodeId, String host, int port, @Nullable String rack) {}
}
