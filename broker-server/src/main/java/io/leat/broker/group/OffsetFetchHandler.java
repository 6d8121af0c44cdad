package io.leat.broker.group;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.group.assign.Topics.TopicInfo;
import io.leat.broker.group.member.Identity;
import io.leat.broker.group.offset.CommittedOffset;
import io.leat.broker.group.offset.Offsets;
import io.leat.broker.group.offset.PendingOffsets;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Looks up committed offsets: read from the published states, on the asker's own thread.
 *
 * <p>Every offset that can be seen is stable. Those who require it are told where an open
 * transaction may bring another one (KIP-447).
 */
final class OffsetFetchHandler implements ApiHandler<OffsetFetchRequest, OffsetFetchResponse> {
    /** From here on many groups are asked for at once. */
    private static final int MANY = 8;

    /** From here on topics are named by id. */
    private static final int TOPIC_IDS = 10;

    private final Groups groups;

    OffsetFetchHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public CompletionStage<OffsetFetchResponse> handle(
            RequestContext context, OffsetFetchRequest request) {
        boolean byId = context.apiVersion() >= TOPIC_IDS;
        return CompletableFuture.completedFuture(
                context.apiVersion() >= MANY
                        ? new OffsetFetchResponse(
                                0,
                                List.of(),
                                ErrorCode.NONE.code(),
                                request.groups().stream()
                                        .map(g -> answer(g, byId, request.requireStable()))
                                        .toList())
                        : forOne(request));
    }

    /** Versions below 8 ask the same of one group, in other words. */
    private OffsetFetchResponse forOne(OffsetFetchRequest request) {
        List<OffsetFetchRequestTopic> asked = request.topics();
        List<OffsetFetchRequestTopics> topics = null;
        if (asked != null) {
            topics = new ArrayList<>(asked.size());
            for (OffsetFetchRequestTopic topic : asked) {
                topics.add(
                        new OffsetFetchRequestTopics(
                                topic.name(), TopicIds.NONE, topic.partitionIndexes()));
            }
        }
        OffsetFetchResponseGroup group =
                answer(
                        new OffsetFetchRequestGroup(request.groupId(), null, -1, topics),
                        false,
                        request.requireStable());
        return new OffsetFetchResponse(
                0,
                group.topics().stream()
                        .map(topic ->
                                new OffsetFetchResponseTopic(
                                        topic.name(),
                                        topic.partitions().stream()
                                                .map(OffsetFetchHandler::older)
                                                .toList()))
                        .toList(),
                group.errorCode(),
                List.of());
    }

    private static OffsetFetchResponsePartition older(OffsetFetchResponsePartitions partition) {
        return new OffsetFetchResponsePartition(
                partition.partitionIndex(),
                partition.committedOffset(),
                partition.committedLeaderEpoch(),
                partition.metadata(),
                partition.errorCode());
    }

    private OffsetFetchResponseGroup answer(
            OffsetFetchRequestGroup request, boolean byId, boolean requireStable) {
        Optional<Group> group = groups.find(request.groupId());
        ErrorCode refusal = refusal(group, request);
        if (refusal != ErrorCode.NONE) {
            return new OffsetFetchResponseGroup(request.groupId(), List.of(), refusal.code());
        }
        Offsets offsets = group.map(Group::offsets).orElse(Offsets.NONE);
        PendingOffsets pending =
                requireStable
                        ? group.map(Group::pending).orElse(PendingOffsets.NONE)
                        : PendingOffsets.NONE;
        List<OffsetFetchRequestTopics> topics = request.topics();
        return new OffsetFetchResponseGroup(
                request.groupId(),
                topics == null
                        ? all(offsets, pending)
                        : topics.stream()
                                .map(topic -> some(offsets, pending, topic, byId))
                                .toList(),
                ErrorCode.NONE.code());
    }

    /** Those who say that they are members must be, in the epoch that they name (KIP-848). */
    private static ErrorCode refusal(Optional<Group> group, OffsetFetchRequestGroup request) {
        String memberId = request.memberId();
        if (memberId == null || request.memberEpoch() < 0 || group.isEmpty()) {
            return ErrorCode.NONE;
        }
        return group.get()
                .membership()
                .roster()
                .refuseFetch(new Identity(memberId, Optional.empty()), request.memberEpoch())
                .orElse(ErrorCode.NONE);
    }

    private List<OffsetFetchResponseTopics> all(Offsets offsets, PendingOffsets pending) {
        Map<UUID, OffsetFetchResponseTopics> topics = new LinkedHashMap<>();
        offsets.forEach((topicId, name, partition, offset) -> {
            if (groups.topics().find(topicId).isPresent()) {
                topics.computeIfAbsent(
                                topicId,
                                id -> new OffsetFetchResponseTopics(name, id, new ArrayList<>()))
                        .partitions()
                        .add(
                                pending.contains(topicId, partition)
                                        ? none(partition, ErrorCode.UNSTABLE_OFFSET_COMMIT)
                                        : found(partition, offset));
            }
        });
        return List.copyOf(topics.values());
    }

    private OffsetFetchResponseTopics some(
            Offsets offsets, PendingOffsets pending, OffsetFetchRequestTopics asked, boolean byId) {
        Optional<TopicInfo> topic =
                byId ? groups.topics().find(asked.topicId()) : groups.topics().find(asked.name());
        ErrorCode missing = topic.isEmpty() && byId ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.NONE;
        return new OffsetFetchResponseTopics(
                asked.name(),
                asked.topicId(),
                asked.partitionIndexes().stream()
                        .map(partition ->
                                topic.filter(t -> pending.contains(t.id(), partition)).isPresent()
                                        ? none(partition, ErrorCode.UNSTABLE_OFFSET_COMMIT)
                                        : topic.flatMap(t -> offsets.get(t.id(), partition))
                                                .map(offset -> found(partition, offset))
                                                .orElseGet(() -> none(partition, missing)))
                        .toList());
    }

    private static OffsetFetchResponsePartitions found(int partition, CommittedOffset offset) {
        return new OffsetFetchResponsePartitions(
                partition,
                offset.offset(),
                offset.leaderEpoch(),
                offset.metadata(),
                ErrorCode.NONE.code());
    }

    private static OffsetFetchResponsePartitions none(int partition, ErrorCode error) {
        return new OffsetFetchResponsePartitions(partition, -1, -1, "", error.code());
    }
}
