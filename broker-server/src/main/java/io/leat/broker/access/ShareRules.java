package io.leat.broker.access;

import static io.leat.broker.access.Operation.DELETE;
import static io.leat.broker.access.Operation.DESCRIBE;
import static io.leat.broker.access.Operation.READ;
import static io.leat.broker.access.ResourceType.GROUP;
import static io.leat.broker.access.ResourceType.TOPIC;

import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.AlterShareGroupOffsetsRequest;
import io.leat.wire.message.AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestTopic;
import io.leat.wire.message.AlterShareGroupOffsetsResponse;
import io.leat.wire.message.AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponsePartition;
import io.leat.wire.message.AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponseTopic;
import io.leat.wire.message.DeleteShareGroupOffsetsRequest;
import io.leat.wire.message.DeleteShareGroupOffsetsRequest.DeleteShareGroupOffsetsRequestTopic;
import io.leat.wire.message.DeleteShareGroupOffsetsResponse;
import io.leat.wire.message.DeleteShareGroupOffsetsResponse.DeleteShareGroupOffsetsResponseTopic;
import io.leat.wire.message.DescribeShareGroupOffsetsRequest;
import io.leat.wire.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup;
import io.leat.wire.message.DescribeShareGroupOffsetsResponse;
import io.leat.wire.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup;
import io.leat.wire.message.ShareAcknowledgeRequest;
import io.leat.wire.message.ShareAcknowledgeResponse;
import io.leat.wire.message.ShareFetchRequest;
import io.leat.wire.message.ShareFetchResponse;
import io.leat.wire.message.ShareGroupDescribeRequest;
import io.leat.wire.message.ShareGroupDescribeResponse;
import io.leat.wire.message.ShareGroupDescribeResponse.DescribedGroup;
import io.leat.wire.message.ShareGroupHeartbeatRequest;
import io.leat.wire.message.ShareGroupHeartbeatResponse;
import java.util.List;

/**
 * The APIs of share groups. Which topics a member may read is asked by the handlers of ShareFetch
 * and ShareAcknowledge themselves, since most requests do not name them.
 */
final class ShareRules {
    private static final short GROUP_DENIED = GROUP.refusal().code();
    private static final short TOPIC_DENIED = TOPIC.refusal().code();
    private static final String GROUP_TEXT = GROUP.refusal().message();
    private static final String TOPIC_TEXT = TOPIC.refusal().message();
    private static final short NO_ERROR = ErrorCode.NONE.code();
    private static final int NOT_ASKED = Integer.MIN_VALUE;

    private ShareRules() {}

    static void addTo(AccessRules rules) {
        rules.add(
                        ApiKey.SHARE_FETCH,
                        ShareFetchRequest.class,
                        ShareFetchResponse.class,
                        ShareRules::fetch)
                .add(
                        ApiKey.SHARE_ACKNOWLEDGE,
                        ShareAcknowledgeRequest.class,
                        ShareAcknowledgeResponse.class,
                        ShareRules::acknowledge)
                .add(
                        ApiKey.SHARE_GROUP_HEARTBEAT,
                        ShareGroupHeartbeatRequest.class,
                        ShareGroupHeartbeatResponse.class,
                        ShareRules::heartbeat)
                .add(
                        ApiKey.SHARE_GROUP_DESCRIBE,
                        ShareGroupDescribeRequest.class,
                        ShareGroupDescribeResponse.class,
                        ShareRules::describe)
                .add(
                        ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS,
                        DescribeShareGroupOffsetsRequest.class,
                        DescribeShareGroupOffsetsResponse.class,
                        ShareRules::describeOffsets)
                .add(
                        ApiKey.ALTER_SHARE_GROUP_OFFSETS,
                        AlterShareGroupOffsetsRequest.class,
                        AlterShareGroupOffsetsResponse.class,
                        ShareRules::alterOffsets)
                .add(
                        ApiKey.DELETE_SHARE_GROUP_OFFSETS,
                        DeleteShareGroupOffsetsRequest.class,
                        DeleteShareGroupOffsetsResponse.class,
                        ShareRules::deleteOffsets);
    }

    private static Verdict<ShareFetchRequest, ShareFetchResponse> fetch(
            Access access, short version, ShareFetchRequest request) {
        return Verdict.all(
                access.may(READ, GROUP, String.valueOf(request.groupId())),
                request,
                new ShareFetchResponse(0, GROUP_DENIED, GROUP_TEXT, 0, List.of(), List.of()));
    }

    private static Verdict<ShareAcknowledgeRequest, ShareAcknowledgeResponse> acknowledge(
            Access access, short version, ShareAcknowledgeRequest request) {
        return Verdict.all(
                access.may(READ, GROUP, String.valueOf(request.groupId())),
                request,
                new ShareAcknowledgeResponse(0, GROUP_DENIED, GROUP_TEXT, 0, List.of(), List.of()));
    }

    private static Verdict<ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse> heartbeat(
            Access access, short version, ShareGroupHeartbeatRequest request) {
        if (!access.may(READ, GROUP, request.groupId())) {
            return Verdict.refuse(heartbeat(GROUP_DENIED, GROUP_TEXT));
        }
        List<String> topics = request.subscribedTopicNames();
        return Verdict.all(
                topics == null
                        || topics.stream().allMatch(topic -> access.may(DESCRIBE, TOPIC, topic)),
                request,
                heartbeat(TOPIC_DENIED, TOPIC_TEXT));
    }

    private static ShareGroupHeartbeatResponse heartbeat(short error, String text) {
        return new ShareGroupHeartbeatResponse(0, error, text, null, 0, 0, null);
    }

    private static Verdict<ShareGroupDescribeRequest, ShareGroupDescribeResponse> describe(
            Access access, short version, ShareGroupDescribeRequest request) {
        Split<String> groups =
                Split.of(request.groupIds(), group -> access.may(DESCRIBE, GROUP, group));
        List<DescribedGroup> refused =
                groups.denied().stream()
                        .map(group -> undescribed(group, GROUP_DENIED, GROUP_TEXT))
                        .toList();
        return new Verdict.Passed<>(
                new ShareGroupDescribeRequest(
                        groups.allowed(), request.includeAuthorizedOperations()),
                response ->
                        new ShareGroupDescribeResponse(
                                response.throttleTimeMs(),
                                Split.joined(
                                        response.groups().stream()
                                                .map(group -> shown(access, group))
                                                .toList(),
                                        refused)),
                !refused.isEmpty());
    }

    /** Groups that read topics which the asker must not know are not shown. */
    private static DescribedGroup shown(Access access, DescribedGroup group) {
        boolean visible =
                group.members().stream()
                        .flatMap(member -> member.assignment().topicPartitions().stream())
                        .allMatch(topic -> access.sees(DESCRIBE, TOPIC, topic.topicName()));
        return visible ? group : undescribed(group.groupId(), TOPIC_DENIED, TOPIC_TEXT);
    }

    private static DescribedGroup undescribed(String groupId, short error, String text) {
        return new DescribedGroup(error, text, groupId, "", 0, 0, "", List.of(), NOT_ASKED);
    }

    private static Verdict<DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse>
            describeOffsets(
                    Access access, short version, DescribeShareGroupOffsetsRequest request) {
        Split<DescribeShareGroupOffsetsRequestGroup> groups =
                Split.of(request.groups(), group -> access.may(DESCRIBE, GROUP, group.groupId()));
        List<DescribeShareGroupOffsetsResponseGroup> refused =
                groups.denied().stream()
                        .map(group ->
                                new DescribeShareGroupOffsetsResponseGroup(
                                        group.groupId(), List.of(), GROUP_DENIED, GROUP_TEXT))
                        .toList();
        return new Verdict.Passed<>(
                new DescribeShareGroupOffsetsRequest(groups.allowed()),
                response ->
                        new DescribeShareGroupOffsetsResponse(
                                response.throttleTimeMs(),
                                Split.joined(
                                        response.groups().stream()
                                                .map(group -> shown(access, group))
                                                .toList(),
                                        refused)),
                !refused.isEmpty());
    }

    /** Topics that the asker must not know are left out. */
    private static DescribeShareGroupOffsetsResponseGroup shown(
            Access access, DescribeShareGroupOffsetsResponseGroup group) {
        return new DescribeShareGroupOffsetsResponseGroup(
                group.groupId(),
                group.topics().stream()
                        .filter(topic -> access.sees(DESCRIBE, TOPIC, topic.topicName()))
                        .toList(),
                group.errorCode(),
                group.errorMessage());
    }

    private static Verdict<AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse>
            alterOffsets(Access access, short version, AlterShareGroupOffsetsRequest request) {
        if (!access.may(READ, GROUP, request.groupId())) {
            return Verdict.refuse(
                    new AlterShareGroupOffsetsResponse(0, GROUP_DENIED, GROUP_TEXT, List.of()));
        }
        return Split.<AlterShareGroupOffsetsRequestTopic>of(
                        request.topics(), topic -> access.may(READ, TOPIC, topic.topicName()))
                .verdict(
                        request,
                        allowed -> new AlterShareGroupOffsetsRequest(request.groupId(), allowed),
                        topic ->
                                new AlterShareGroupOffsetsResponseTopic(
                                        topic.topicName(),
                                        TopicIds.NONE,
                                        topic.partitions().stream()
                                                .map(partition ->
                                                        new AlterShareGroupOffsetsResponsePartition(
                                                                partition.partitionIndex(),
                                                                TOPIC_DENIED,
                                                                TOPIC_TEXT))
                                                .toList()),
                        refused -> new AlterShareGroupOffsetsResponse(0, NO_ERROR, null, refused),
                        (response, refused) ->
                                new AlterShareGroupOffsetsResponse(
                                        response.throttleTimeMs(),
                                        response.errorCode(),
                                        response.errorMessage(),
                                        Split.joined(response.responses(), refused)));
    }

    private static Verdict<DeleteShareGroupOffsetsRequest, DeleteShareGroupOffsetsResponse>
            deleteOffsets(Access access, short version, DeleteShareGroupOffsetsRequest request) {
        if (!access.may(DELETE, GROUP, request.groupId())) {
            return Verdict.refuse(
                    new DeleteShareGroupOffsetsResponse(0, GROUP_DENIED, GROUP_TEXT, List.of()));
        }
        return Split.<DeleteShareGroupOffsetsRequestTopic>of(
                        request.topics(), topic -> access.may(READ, TOPIC, topic.topicName()))
                .verdict(
                        request,
                        allowed -> new DeleteShareGroupOffsetsRequest(request.groupId(), allowed),
                        topic ->
                                new DeleteShareGroupOffsetsResponseTopic(
                                        topic.topicName(), TopicIds.NONE, TOPIC_DENIED, TOPIC_TEXT),
                        refused -> new DeleteShareGroupOffsetsResponse(0, NO_ERROR, null, refused),
                        (response, refused) ->
                                new DeleteShareGroupOffsetsResponse(
                                        response.throttleTimeMs(),
                                        response.errorCode(),
                                        response.errorMessage(),
                                        Split.joined(response.responses(), refused)));
    }
}
