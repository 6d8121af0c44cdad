package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.NullableSince;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Until;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Brokers, topics and partitions, as one broker knows them. */
@Message(from = 0, to = 13, flexibleFrom = 9)
public record MetadataResponse(
        @Since(3) @Ignorable int throttleTimeMs,
        List<MetadataResponseBroker> brokers,
        @Since(2) @Ignorable @Nullable String clusterId,
        @Since(1) @Default("-1") @Ignorable int controllerId,
        List<MetadataResponseTopic> topics,
        @Since(8) @Until(10) @Default("-2147483648") int clusterAuthorizedOperations,
        @Since(13) @Ignorable short errorCode)
        implements ResponseMessage {

    /** A broker and its address. */
    public record MetadataResponseBroker(
            int nodeId, String host, int port, @Since(1) @Ignorable @Nullable String rack) {}

    /** A topic with its partitions, or an error. */
    public record MetadataResponseTopic(
            short errorCode,
            @NullableSince(12) @Nullable String name,
            @Since(10) @Ignorable UUID topicId,
            @Since(1) @Ignorable boolean isInternal,
            List<MetadataResponsePartition> partitions,
            @Since(8) @Default("-2147483648") int topicAuthorizedOperations) {}

    /** A partition with its leader and replicas. */
    public record MetadataResponsePartition(
            short errorCode,
            int partitionIndex,
            int leaderId,
            @Since(7) @Default("-1") @Ignorable int leaderEpoch,
            List<Integer> replicaNodes,
            List<Integer> isrNodes,
            @Since(5) @Ignorable List<Integer> offlineReplicas) {}
}
