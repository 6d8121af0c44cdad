package io.leat.broker.access;

import static io.leat.broker.access.Operation.DESCRIBE;
import static io.leat.broker.access.Operation.READ;
import static io.leat.broker.access.ResourceType.GROUP;
import static io.leat.broker.access.ResourceType.TOPIC;

import io.leat.wire.ApiKey;
import io.leat.wire.message.ConsumerGroupDescribeRequest;
import io.leat.wire.message.ConsumerGroupDescribeResponse;
import io.leat.wire.message.ConsumerGroupDescribeResponse.Assignment;
import io.leat.wire.message.ConsumerGroupDescribeResponse.DescribedGroup;
import io.leat.wire.message.ConsumerGroupHeartbeatRequest;
import io.leat.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.List;

/** The APIs of groups whose partitions the broker assigns. */
final class ConsumerGroupRules {
    private static final int NOT_ASKED = Integer.MIN_VALUE;

    private final TopicNames topics;

    ConsumerGroupRules(TopicNames topics) {
        this.topics = topics;
    }

    void addTo(AccessRules rules) {
        rules.add(
                        ApiKey.CONSUMER_GROUP_HEARTBEAT,
                        ConsumerGroupHeartbeatRequest.class,
                        ConsumerGroupHeartbeatResponse.class,
                        this::heartbeat)
                .add(
                        ApiKey.CONSUMER_GROUP_DESCRIBE,
                        ConsumerGroupDescribeRequest.class,
                        ConsumerGroupDescribeResponse.class,
                        ConsumerGroupRules::describe);
    }

    /**
     * A member needs the group, and to know of the topics that it names. What else its pattern
     * matches it is not told of.
     */
    private Verdict<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse> heartbeat(
            Access access, short version, ConsumerGroupHeartbeatRequest request) {
        if (!access.may(READ, GROUP, request.groupId())) {
            return Verdict.refuse(refused(GROUP));
        }
        List<String> names = request.subscribedTopicNames();
        boolean allowed =
                names == null || names.stream().allMatch(name -> access.may(DESCRIBE, TOPIC, name));
        return allowed
                ? Verdict.pass(request, response -> shown(access, response))
                : Verdict.refuse(refused(TOPIC));
    }

    private ConsumerGroupHeartbeatResponse shown(
            Access access, ConsumerGroupHeartbeatResponse response) {
        ConsumerGroupHeartbeatResponse.Assignment assignment = response.assignment();
        if (assignment == null
                || assignment.topicPartitions().stream().allMatch(each -> sees(access, each))) {
            return response;
        }
        return new ConsumerGroupHeartbeatResponse(
                response.throttleTimeMs(),
                response.errorCode(),
                response.errorMessage(),
                response.memberId(),
                response.memberEpoch(),
                response.heartbeatIntervalMs(),
                new ConsumerGroupHeartbeatResponse.Assignment(
                        assignment.topicPartitions().stream()
                                .filter(each -> sees(access, each))
                                .toList()));
    }

    /** A topic that is gone has nothing to tell. */
    private boolean sees(Access access, ConsumerGroupHeartbeatResponse.TopicPartitions each) {
        return topics.nameOf(each.topicId())
                .map(name -> access.sees(DESCRIBE, TOPIC, name))
                .orElse(true);
    }

    private static ConsumerGroupHeartbeatResponse refused(ResourceType type) {
        return new ConsumerGroupHeartbeatResponse(
                0, type.refusal().code(), type.refusal().message(), null, 0, 0, null);
    }

    private static Verdict<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse> describe(
            Access access, short version, ConsumerGroupDescribeRequest request) {
        return Split.<String>of(request.groupIds(), group -> access.may(DESCRIBE, GROUP, group))
                .verdict(
                        request,
                        allowed ->
                                new ConsumerGroupDescribeRequest(
                                        allowed, request.includeAuthorizedOperations()),
                        group -> refused(group, GROUP),
                        refused -> new ConsumerGroupDescribeResponse(0, refused),
                        (response, refused) ->
                                new ConsumerGroupDescribeResponse(
                                        response.throttleTimeMs(),
                                        Split.joined(shown(access, response), refused)));
    }

    /** Groups whose topics the client may not know of are not shown. */
    private static List<DescribedGroup> shown(
            Access access, ConsumerGroupDescribeResponse response) {
        return response.groups().stream()
                .map(group ->
                        group.members().stream()
                                        .allMatch(member ->
                                                seen(access, member.assignment())
                                                        && seen(access, member.targetAssignment()))
                                ? group
                                : refused(group.groupId(), TOPIC))
                .toList();
    }

    private static boolean seen(Access access, Assignment assignment) {
        return assignment.topicPartitions().stream()
                .allMatch(topic -> access.sees(DESCRIBE, TOPIC, topic.topicName()));
    }

    private static DescribedGroup refused(String groupId, ResourceType type) {
        return new DescribedGroup(
                type.refusal().code(),
                type.refusal().message(),
                groupId,
                "",
                0,
                0,
                "",
                List.of(),
                NOT_ASKED);
    }
}
