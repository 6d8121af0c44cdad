package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A page of partitions that a {@link DescribeTopicPartitionsRequest} asked for. */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record DescribeTopicPartitionsResponse(
        int throttleTimeMs,
        List<DescribeTopicPartitionsResponseTopic> topics,
        @Nullable Cursor nextCursor)
        implements ResponseMessage {

    /** A topic with its partitions on this page, or an error. */
    public record DescribeTopicPartitionsResponseTopic(
            short errorCode,
            @Nullable String name,
            UUID topicId,
            boolean isInternal,
            List<DescribeTopicPartitionsResponsePartition> partitions,
            int topicAuthorizedOperations) {}

    /** A partition with its leader and replicas. */
    public record DescribeTopicPartitionsResponsePartition(
            short errorCode,
            int partitionIndex,
            int leaderId,
            int leaderEpoch,
            List<Integer> replicaNodes,
            List<Integer> isrNodes,
            @Nullable List<Integer> eligibleLeaderReplicas,
            @Nullable List<Integer> lastKnownElr,
            List<Integer> offlineReplicas) {}

    /** Where the next page begins. */
    public record Cursor(String topicName, int partitionIndex) {}
}
