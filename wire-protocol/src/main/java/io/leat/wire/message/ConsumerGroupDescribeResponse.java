package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The groups that a {@link ConsumerGroupDescribeRequest} asked for. */
@Message(from = 0, to = 1, flexibleFrom = 0)
public record ConsumerGroupDescribeResponse(int throttleTimeMs, List<DescribedGroup> groups)
        implements ResponseMessage {

    /** A group with its members, or an error. */
    public record DescribedGroup(
            short errorCode,
            @Nullable String errorMessage,
            String groupId,
            String groupState,
            int groupEpoch,
            int assignmentEpoch,
            String assignorName,
            List<Member> members,
            @Default("-2147483648") int authorizedOperations) {}

    /**
     * A member, what it owns and what it is to own.
     *
     * @param memberType 0 for a member that speaks the classic protocol, 1 for the consumer
     *     protocol, -1 unknown
     */
    public record Member(
            String memberId,
            @Nullable String instanceId,
            @Nullable String rackId,
            int memberEpoch,
            String clientId,
            String clientHost,
            List<String> subscribedTopicNames,
            @Nullable String subscribedTopicRegex,
            Assignment assignment,
            Assignment targetAssignment,
            @Since(1) @Ignorable @Default("-1") byte memberType) {}

    /** Partitions of topics. */
    public record Assignment(List<TopicPartitions> topicPartitions) {}

    /** Partitions of a topic. */
    public record TopicPartitions(UUID topicId, String topicName, List<Integer> partitions) {}
}
