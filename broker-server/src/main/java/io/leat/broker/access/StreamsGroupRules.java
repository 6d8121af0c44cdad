package io.leat.broker.access;

import static io.leat.broker.access.Operation.DESCRIBE;
import static io.leat.broker.access.Operation.READ;
import static io.leat.broker.access.ResourceType.GROUP;
import static io.leat.broker.access.ResourceType.TOPIC;

import io.leat.wire.ApiKey;
import io.leat.wire.message.StreamsGroupDescribeRequest;
import io.leat.wire.message.StreamsGroupDescribeResponse;
import io.leat.wire.message.StreamsGroupDescribeResponse.DescribedGroup;
import io.leat.wire.message.StreamsGroupHeartbeatRequest;
import io.leat.wire.message.StreamsGroupHeartbeatResponse;
import java.util.List;
import java.util.stream.Stream;

/**
 * The APIs of streams groups. Which internal topics a member may have made is asked by the handler
 * of its heartbeat, since only there it is known what is missing.
 */
final class StreamsGroupRules {
    private static final int NOT_ASKED = Integer.MIN_VALUE;

    private StreamsGroupRules() {}

    static void addTo(AccessRules rules) {
        rules.add(
                        ApiKey.STREAMS_GROUP_HEARTBEAT,
                        StreamsGroupHeartbeatRequest.class,
                        StreamsGroupHeartbeatResponse.class,
                        StreamsGroupRules::heartbeat)
                .add(
                        ApiKey.STREAMS_GROUP_DESCRIBE,
                        StreamsGroupDescribeRequest.class,
                        StreamsGroupDescribeResponse.class,
                        StreamsGroupRules::describe);
    }

    /** A member needs the group, and to know of the topics that its topology names. */
    private static Verdict<StreamsGroupHeartbeatRequest, StreamsGroupHeartbeatResponse> heartbeat(
            Access access, short version, StreamsGroupHeartbeatRequest request) {
        if (!access.may(READ, GROUP, request.groupId())) {
            return Verdict.refuse(refused(GROUP));
        }
        StreamsGroupHeartbeatRequest.Topology topology = request.topology();
        boolean allowed =
                topology == null
                        || topology.subtopologies().stream()
                                .flatMap(StreamsGroupRules::topics)
                                .distinct()
                                .allMatch(name -> access.may(DESCRIBE, TOPIC, name));
        return Verdict.all(allowed, request, refused(TOPIC));
    }

    private static Stream<String> topics(StreamsGroupHeartbeatRequest.Subtopology part) {
        return Stream.of(
                        part.sourceTopics().stream(),
                        part.repartitionSinkTopics().stream(),
                        part.repartitionSourceTopics().stream()
                                .map(StreamsGroupHeartbeatRequest.TopicInfo::name),
                        part.stateChangelogTopics().stream()
                                .map(StreamsGroupHeartbeatRequest.TopicInfo::name))
                .flatMap(names -> names);
    }

    private static StreamsGroupHeartbeatResponse refused(ResourceType type) {
        return new StreamsGroupHeartbeatResponse(
                0,
                type.refusal().code(),
                type.refusal().message(),
                "",
                0,
                0,
                0,
                0,
                -1,
                List.of(),
                null,
                null,
                null,
                false,
                0,
                null);
    }

    private static Verdict<StreamsGroupDescribeRequest, StreamsGroupDescribeResponse> describe(
            Access access, short version, StreamsGroupDescribeRequest request) {
        Split<String> groups =
                Split.of(request.groupIds(), group -> access.may(DESCRIBE, GROUP, group));
        List<DescribedGroup> refused =
                groups.denied().stream().map(group -> refused(group, GROUP)).toList();
        return new Verdict.Passed<>(
                new StreamsGroupDescribeRequest(
                        groups.allowed(),
                        request.includeAuthorizedOperations(),
                        request.includeTopologyDescription()),
                response ->
                        new StreamsGroupDescribeResponse(
                                response.throttleTimeMs(),
                                Split.joined(shown(access, response), refused)),
                !refused.isEmpty());
    }

    /** Groups whose topics the client may not know of are not shown. */
    private static List<DescribedGroup> shown(
            Access access, StreamsGroupDescribeResponse response) {
        return response.groups().stream()
                .map(group ->
                        topics(group).allMatch(name -> access.sees(DESCRIBE, TOPIC, name))
                                ? group
                                : refused(group.groupId(), TOPIC))
                .toList();
    }

    private static Stream<String> topics(DescribedGroup group) {
        StreamsGroupDescribeResponse.Topology topology = group.topology();
        List<StreamsGroupDescribeResponse.Subtopology> parts =
                topology == null ? null : topology.subtopologies();
        if (parts == null) {
            return Stream.empty();
        }
        return parts.stream()
                .flatMap(part ->
                        Stream.of(
                                        part.sourceTopics().stream(),
                                        part.repartitionSinkTopics().stream(),
                                        part.repartitionSourceTopics().stream()
                                                .map(StreamsGroupDescribeResponse.TopicInfo::name),
                                        part.stateChangelogTopics().stream()
                                                .map(StreamsGroupDescribeResponse.TopicInfo::name))
                                .flatMap(names -> names));
    }

    private static DescribedGroup refused(String groupId, ResourceType type) {
        return new DescribedGroup(
                type.refusal().code(),
                type.refusal().message(),
                groupId,
                "",
                0,
                0,
                null,
                List.of(),
                NOT_ASKED,
                null,
                (byte) 0,
                null);
    }
}
