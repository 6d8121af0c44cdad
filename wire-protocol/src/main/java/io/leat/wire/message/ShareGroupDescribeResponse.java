package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How share groups stand, and their members. */
@Message(from = 1, to = 1, flexibleFrom = 0)
public record ShareGroupDescribeResponse(int throttleTimeMs, List<DescribedGroup> groups)
        implements ResponseMessage {

    /** One group, or an error. */
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

    /** One member. */
    public record Member(
            String memberId,
            @Nullable String rackId,
            int memberEpoch,
            String clientId,
            String clientHost,
            List<String> subscribedTopicNames,
            Assignment assignment) {}

    /** What a member reads. */
    public record Assignment(List<TopicPartitions> topicPartitions) {}

    /** One topic's partitions. */
    public record TopicPartitions(UUID topicId, String topicName, List<Integer> partitions) {}
}
