package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A member of a consumer group says that it is there, what it wants and what it owns (KIP-848).
 *
 * @param memberEpoch 0 to join, -1 to leave, -2 to leave as a static member that will be back
 * @param rebalanceTimeoutMs -1 where it is as it was
 * @param subscribedTopicNames null where they are as they were
 * @param subscribedTopicRegex null where it is as it was
 * @param serverAssignor null where it is as it was, or where the member has no wish
 * @param topicPartitions what the member owns, null where it is as it was
 */
@Message(from = 0, to = 1, flexibleFrom = 0)
public record ConsumerGroupHeartbeatRequest(
        String groupId,
        String memberId,
        int memberEpoch,
        @Nullable String instanceId,
        @Nullable String rackId,
        @Default("-1") int rebalanceTimeoutMs,
        @Nullable List<String> subscribedTopicNames,
        @Since(1) @Nullable String subscribedTopicRegex,
        @Nullable String serverAssignor,
        @Nullable List<TopicPartitions> topicPartitions)
        implements RequestMessage {

    /** Partitions of a topic. */
    public record TopicPartitions(UUID topicId, List<Integer> partitions) {}
}
