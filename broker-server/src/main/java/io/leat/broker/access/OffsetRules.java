package io.leat.broker.access;

import static io.leat.broker.access.Operation.DELETE;
import static io.leat.broker.access.Operation.DESCRIBE;
import static io.leat.broker.access.Operation.READ;
import static io.leat.broker.access.ResourceType.GROUP;
import static io.leat.broker.access.ResourceType.TOPIC;

import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.OffsetCommitRequest;
import io.leat.wire.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.leat.wire.message.OffsetCommitResponse;
import io.leat.wire.message.OffsetCommitResponse.OffsetCommitResponsePartition;
import io.leat.wire.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import io.leat.wire.message.OffsetDeleteRequest;
import io.leat.wire.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.leat.wire.message.OffsetDeleteResponse;
import io.leat.wire.message.OffsetDeleteResponse.OffsetDeleteResponsePartition;
import io.leat.wire.message.OffsetDeleteResponse.OffsetDeleteResponseTopic;
import io.leat.wire.message.OffsetFetchRequest;
import io.leat.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.leat.wire.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.leat.wire.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.leat.wire.message.OffsetFetchResponse;
import io.leat.wire.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.leat.wire.message.OffsetFetchResponse.OffsetFetchResponsePartition;
import io.leat.wire.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.leat.wire.message.OffsetFetchResponse.OffsetFetchResponseTopic;
import io.leat.wire.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The APIs of groups' offsets: they need the group and each topic. */
final class OffsetRules {
    /** The first versions that name topics by id. */
    private static final int COMMIT_IDS_SINCE = 10;

    private static final int FETCH_IDS_SINCE = 10;

    /** The first version of OffsetFetch that takes many groups. */
    private static final int FETCH_MANY_SINCE = 8;

    private static final short NO_ERROR = ErrorCode.NONE.code();
    private static final short GROUP_DENIED = GROUP.refusal().code();
    private static final short TOPIC_DENIED = TOPIC.refusal().code();

    private final TopicNames topics;

    OffsetRules(TopicNames topics) {
        this.topics = topics;
    }

    void addTo(AccessRules rules) {
        rules.add(
                        ApiKey.OFFSET_COMMIT,
                        OffsetCommitRequest.class,
                        OffsetCommitResponse.class,
                        this::commit)
                .add(
                        ApiKey.OFFSET_FETCH,
                        OffsetFetchRequest.class,
                        OffsetFetchResponse.class,
                        this::fetch)
                .add(
                        ApiKey.OFFSET_DELETE,
                        OffsetDeleteRequest.class,
                        OffsetDeleteResponse.class,
                        OffsetRules::delete);
    }

    private boolean may(
            Access access, Operation operation, boolean byId, String name, UUID topicId) {
        return byId
                ? topics.nameOf(topicId)
                        .map(known -> access.may(operation, TOPIC, known))
                        .orElse(true)
                : access.may(operation, TOPIC, name);
    }

    private Verdict<OffsetCommitRequest, OffsetCommitResponse> commit(
            Access access, short version, OffsetCommitRequest request) {
        if (!access.may(READ, GROUP, request.groupId())) {
            return Verdict.refuse(
                    new OffsetCommitResponse(
                            0,
                            request.topics().stream()
                                    .map(topic -> uncommitted(topic, GROUP_DENIED))
                                    .toList()));
        }
        boolean byId = version >= COMMIT_IDS_SINCE;
        return Split.<OffsetCommitRequestTopic>of(
                        request.topics(),
                        topic -> may(access, READ, byId, topic.name(), topic.topicId()))
                .verdict(
                        request,
                        allowed ->
                                new OffsetCommitRequest(
                                        request.groupId(),
                                        request.generationIdOrMemberEpoch(),
                                        request.memberId(),
                                        request.groupInstanceId(),
                                        request.retentionTimeMs(),
                                        allowed),
                        topic -> uncommitted(topic, TOPIC_DENIED),
                        refused -> new OffsetCommitResponse(0, refused),
                        (response, refused) ->
                                new OffsetCommitResponse(
                                        response.throttleTimeMs(),
                                        Split.joined(response.topics(), refused)));
    }

    private static OffsetCommitResponseTopic uncommitted(
            OffsetCommitRequestTopic topic, short error) {
        return new OffsetCommitResponseTopic(
                topic.name(),
                topic.topicId(),
                topic.partitions().stream()
                        .map(partition ->
                                new OffsetCommitResponsePartition(
                                        partition.partitionIndex(), error))
                        .toList());
    }

    private static Verdict<OffsetDeleteRequest, OffsetDeleteResponse> delete(
            Access access, short version, OffsetDeleteRequest request) {
        if (!access.may(DELETE, GROUP, request.groupId())) {
            return Verdict.refuse(new OffsetDeleteResponse(GROUP_DENIED, 0, List.of()));
        }
        return Split.<OffsetDeleteRequestTopic>of(
                        request.topics(), topic -> access.may(READ, TOPIC, topic.name()))
                .verdict(
                        request,
                        allowed -> new OffsetDeleteRequest(request.groupId(), allowed),
                        topic ->
                                new OffsetDeleteResponseTopic(
                                        topic.name(),
                                        topic.partitions().stream()
                                                .map(partition ->
                                                        new OffsetDeleteResponsePartition(
                                                                partition.partitionIndex(),
                                                                TOPIC_DENIED))
                                                .toList()),
                        refused -> new OffsetDeleteResponse(NO_ERROR, 0, refused),
                        (response, refused) ->
                                new OffsetDeleteResponse(
                                        response.errorCode(),
                                        response.throttleTimeMs(),
                                        Split.joined(response.topics(), refused)));
    }

    private Verdict<OffsetFetchRequest, OffsetFetchResponse> fetch(
            Access access, short version, OffsetFetchRequest request) {
        return version >= FETCH_MANY_SINCE
                ? fetchMany(access, version >= FETCH_IDS_SINCE, request)
                : fetchOne(access, version, request);
    }

    private static Verdict<OffsetFetchRequest, OffsetFetchResponse> fetchOne(
            Access access, short version, OffsetFetchRequest request) {
        List<OffsetFetchRequestTopic> asked = request.topics();
        if (!access.may(DESCRIBE, GROUP, request.groupId())) {
            // Before version 2 there is no place for an error but the partitions.
            List<OffsetFetchResponseTopic> told =
                    version >= 2 || asked == null
                            ? List.of()
                            : asked.stream().map(topic -> unread(topic, GROUP_DENIED)).toList();
            return Verdict.refuse(new OffsetFetchResponse(0, told, GROUP_DENIED, List.of()));
        }
        if (asked == null) {
            return Verdict.pass(
                    request,
                    response ->
                            new OffsetFetchResponse(
                                    response.throttleTimeMs(),
                                    response.topics().stream()
                                            .filter(topic ->
                                                    access.sees(DESCRIBE, TOPIC, topic.name()))
                                            .toList(),
                                    response.errorCode(),
                                    response.groups()));
        }
        return Split.<OffsetFetchRequestTopic>of(
                        asked, topic -> access.may(DESCRIBE, TOPIC, topic.name()))
                .verdict(
                        request,
                        allowed ->
                                new OffsetFetchRequest(
                                        request.groupId(),
                                        allowed,
                                        request.groups(),
                                        request.requireStable()),
                        topic -> unread(topic, TOPIC_DENIED),
                        refused -> new OffsetFetchResponse(0, refused, NO_ERROR, List.of()),
                        (response, refused) ->
                                new OffsetFetchResponse(
                                        response.throttleTimeMs(),
                                        Split.joined(response.topics(), refused),
                                        response.errorCode(),
                                        response.groups()));
    }

    private static OffsetFetchResponseTopic unread(OffsetFetchRequestTopic topic, short error) {
        return new OffsetFetchResponseTopic(
                topic.name(),
                topic.partitionIndexes().stream()
                        .map(partition ->
                                new OffsetFetchResponsePartition(partition, -1, -1, "", error))
                        .toList());
    }

    private Verdict<OffsetFetchRequest, OffsetFetchResponse> fetchMany(
            Access access, boolean byId, OffsetFetchRequest request) {
        List<OffsetFetchRequestGroup> passed = new ArrayList<>();
        List<OffsetFetchResponseGroup> refused = new ArrayList<>();
        Map<String, List<OffsetFetchResponseTopics>> refusedTopics = new HashMap<>();
        for (OffsetFetchRequestGroup group : request.groups()) {
            if (!access.may(DESCRIBE, GROUP, group.groupId())) {
                refused.add(new OffsetFetchResponseGroup(group.groupId(), List.of(), GROUP_DENIED));
                continue;
            }
            List<OffsetFetchRequestTopics> asked = group.topics();
            if (asked == null) {
                passed.add(group);
                continue;
            }
            Split<OffsetFetchRequestTopics> split =
                    Split.of(
                            asked,
                            topic -> may(access, DESCRIBE, byId, topic.name(), topic.topicId()));
            passed.add(
                    split.denied().isEmpty()
                            ? group
                            : new OffsetFetchRequestGroup(
                                    group.groupId(),
                                    group.memberId(),
                                    group.memberEpoch(),
                                    split.allowed()));
            if (!split.denied().isEmpty()) {
                refusedTopics.put(
                        group.groupId(), split.denied().stream().map(OffsetRules::unread).toList());
            }
        }
        List<String> wholly =
                request.groups().stream()
                        .filter(group -> group.topics() == null)
                        .map(OffsetFetchRequestGroup::groupId)
                        .toList();
        if (refused.isEmpty() && refusedTopics.isEmpty() && wholly.isEmpty()) {
            return Verdict.pass(request);
        }
        return new Verdict.Passed<>(
                new OffsetFetchRequest(
                        request.groupId(), request.topics(), passed, request.requireStable()),
                response ->
                        new OffsetFetchResponse(
                                response.throttleTimeMs(),
                                response.topics(),
                                response.errorCode(),
                                Split.joined(
                                        response.groups().stream()
                                                .map(group ->
                                                        shown(
                                                                access,
                                                                byId,
                                                                wholly.contains(group.groupId()),
                                                                group,
                                                                refusedTopics.get(group.groupId())))
                                                .toList(),
                                        refused)),
                !refused.isEmpty() || !refusedTopics.isEmpty());
    }

    /** A group's answer without what the client may not see, which it asked for or not. */
    private OffsetFetchResponseGroup shown(
            Access access,
            boolean byId,
            boolean wholly,
            OffsetFetchResponseGroup group,
            @Nullable List<OffsetFetchResponseTopics> refused) {
        if (!wholly) {
            return refused == null || group.errorCode() != NO_ERROR
                    ? group
                    : new OffsetFetchResponseGroup(
                            group.groupId(),
                            Split.joined(group.topics(), refused),
                            group.errorCode());
        }
        return new OffsetFetchResponseGroup(
                group.groupId(),
                group.topics().stream()
                        .filter(topic -> {
                            String name =
                                    byId ? topics.nameOf(topic.topicId()).orElse("") : topic.name();
                            return access.sees(DESCRIBE, TOPIC, name);
                        })
                        .toList(),
                group.errorCode());
    }

    private static OffsetFetchResponseTopics unread(OffsetFetchRequestTopics topic) {
        return new OffsetFetchResponseTopics(
                topic.name(),
                topic.topicId(),
                topic.partitionIndexes().stream()
                        .map(partition ->
                                new OffsetFetchResponsePartitions(
                                        partition, -1, -1, "", TOPIC_DENIED))
                        .toList());
    }
}
