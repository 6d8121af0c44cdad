package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells a member of a share group its epoch and, where it changed, its assignment.
 *
 * @param assignment null where it did not change
 */
@Message(from = 1, to = 1, flexibleFrom = 0)
public record ShareGroupHeartbeatResponse(
        int throttleTimeMs,
        short errorCode,
        @Nullable String errorMessage,
        @Nullable String memberId,
        int memberEpoch,
        int heartbeatIntervalMs,
        @Nullable Assignment assignment)
        implements ResponseMessage {

    /** What the member reads. */
    public record Assignment(List<TopicPartitions> topicPartitions) {}

    /** One topic's partitions. */
    public record TopicPartitions(UUID topicId, List<Integer> partitions) {}
}
