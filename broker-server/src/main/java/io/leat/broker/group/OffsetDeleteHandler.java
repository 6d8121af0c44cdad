package io.leat.broker.group;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.GroupCommand.DeleteOffsets;
import io.leat.broker.group.GroupCommand.TopicPartitions;
import io.leat.broker.group.assign.Topics.TopicInfo;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.OffsetDeleteRequest;
import io.leat.wire.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.leat.wire.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.leat.wire.message.OffsetDeleteResponse;
import io.leat.wire.message.OffsetDeleteResponse.OffsetDeleteResponsePartition;
import io.leat.wire.message.OffsetDeleteResponse.OffsetDeleteResponseTopic;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Deletes offsets of topics that nobody in the group is subscribed to (KIP-496). */
final class OffsetDeleteHandler implements ApiHandler<OffsetDeleteRequest, OffsetDeleteResponse> {
    private final Groups groups;

    OffsetDeleteHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public CompletionStage<OffsetDeleteResponse> handle(
            RequestContext context, OffsetDeleteRequest request) {
        if (request.groupId().isEmpty()) {
            return CompletableFuture.completedFuture(failed(ErrorCode.INVALID_GROUP_ID));
        }
        List<TopicPartitions> topics =
                request.topics().stream()
                        .flatMap(topic ->
                                groups
                                        .topics()
                                        .find(topic.name())
                                        .map(info -> partitions(info, topic))
                                        .stream())
                        .toList();
        return groups.ask(
                        request.groupId(),
                        (ReplyTo<DeleteOffsetsOutcome> to) -> new DeleteOffsets(topics, to),
                        error -> new DeleteOffsetsOutcome(error, Set.of()))
                .thenApply(outcome -> response(request, outcome));
    }

    private static TopicPartitions partitions(TopicInfo info, OffsetDeleteRequestTopic topic) {
        return new TopicPartitions(
                info.id(),
                info.name(),
                topic.partitions().stream()
                        .map(OffsetDeleteRequestPartition::partitionIndex)
                        .filter(info::has)
                        .toList());
    }

    private OffsetDeleteResponse response(
            OffsetDeleteRequest request, DeleteOffsetsOutcome outcome) {
        if (outcome.error() != ErrorCode.NONE) {
            return failed(outcome.error());
        }
        List<OffsetDeleteResponseTopic> topics =
                request.topics().stream()
                        .map(topic -> response(topic, outcome.subscribed()))
                        .toList();
        return new OffsetDeleteResponse(ErrorCode.NONE.code(), 0, topics);
    }

    private OffsetDeleteResponseTopic response(
            OffsetDeleteRequestTopic topic, Set<UUID> subscribed) {
        Optional<TopicInfo> info = groups.topics().find(topic.name());
        return new OffsetDeleteResponseTopic(
                topic.name(),
                topic.partitions().stream()
                        .map(OffsetDeleteRequestPartition::partitionIndex)
                        .map(partition ->
                                new OffsetDeleteResponsePartition(
                                        partition, error(info, partition, subscribed).code()))
                        .toList());
    }

    private static ErrorCode error(Optional<TopicInfo> info, int partition, Set<UUID> subscribed) {
        if (info.isEmpty() || !info.get().has(partition)) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        return subscribed.contains(info.get().id())
                ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC
                : ErrorCode.NONE;
    }

    private static OffsetDeleteResponse failed(ErrorCode error) {
        return new OffsetDeleteResponse(error.code(), 0, List.of());
    }
}
