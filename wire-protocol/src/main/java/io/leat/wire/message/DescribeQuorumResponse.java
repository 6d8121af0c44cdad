package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Unsigned;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The voters and observers of the metadata. */
@Message(from = 0, to = 2, flexibleFrom = 0)
public record DescribeQuorumResponse(
        short errorCode,
        @Since(2) @Default("") @Ignorable @Nullable String errorMessage,
        List<TopicData> topics,
        @Since(2) List<Node> nodes)
        implements ResponseMessage {

    /** A topic's partitions. */
    public record TopicData(String topicName, List<PartitionData> partitions) {}

    /** One partition: who leads, who votes, who observes. */
    public record PartitionData(
            int partitionIndex,
            short errorCode,
            @Since(2) @Default("") @Ignorable @Nullable String errorMessage,
            int leaderId,
            int leaderEpoch,
            long highWatermark,
            List<ReplicaState> currentVoters,
            List<ReplicaState> observers) {}

    /** How far one replica is. */
    public record ReplicaState(
            int replicaId,
            @Since(2) UUID replicaDirectoryId,
            long logEndOffset,
            @Since(1) @Default("-1") @Ignorable long lastFetchTimestamp,
            @Since(1) @Default("-1") @Ignorable long lastCaughtUpTimestamp) {}

    /** A node of the quorum. */
    public record Node(int nodeId, List<Listener> listeners) {}

    /** Where the node can be reached. */
    public record Listener(String name, String host, @Unsigned int port) {}
}
