package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link ConsumerGroupHeartbeatRequest}.
 *
 * @param heartbeatIntervalMs when to be heard of again
 * @param assignment what the member is to own, null where it is as it was
 */
@Message(from = 0, to = 1, flexibleFrom = 0)
public record ConsumerGroupHeartbeatResponse(
        int throttleTimeMs,
        short errorCode,
        @Nullable String errorMessage,
        @Nullable String memberId,
        int memberEpoch,
        int heartbeatIntervalMs,
        @Nullable Assignment assignment)
        implements ResponseMessage {

    /** What a member is to own. */
    public record Assignment(List<TopicPartitions> topicPartitions) {}

    /** Partitions of a topic. */
    public record TopicPartitions(UUID topicId, List<Integer> partitions) {}
}
