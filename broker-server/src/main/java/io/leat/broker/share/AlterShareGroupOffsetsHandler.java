package io.leat.broker.share;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.Partitions;
import io.leat.broker.api.RequestContext;
import io.leat.broker.group.share.ShareGroupMembers;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.AlterShareGroupOffsetsRequest;
import io.leat.wire.message.AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestPartition;
import io.leat.wire.message.AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestTopic;
import io.leat.wire.message.AlterShareGroupOffsetsResponse;
import io.leat.wire.message.AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponsePartition;
import io.leat.wire.message.AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponseTopic;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Lets a share group that has no members go on from other offsets. Records that were under way are
 * forgotten, those on the way to a dead-letter topic too.
 */
final class AlterShareGroupOffsetsHandler
        implements ApiHandler<AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse> {
    private final ShareGroups groups;
    private final ShareGroupMembers members;

    AlterShareGroupOffsetsHandler(ShareGroups groups, ShareGroupMembers members) {
        this.groups = groups;
        this.members = members;
    }

    @Override
    public CompletionStage<AlterShareGroupOffsetsResponse> handle(
            RequestContext context, AlterShareGroupOffsetsRequest request) {
        return members.establish(request.groupId())
                .thenCompose(error ->
                        error == ErrorCode.NONE
                                ? alter(request)
                                : CompletableFuture.completedFuture(
                                        refused(request.groupId(), error)));
    }

    private CompletionStage<AlterShareGroupOffsetsResponse> alter(
            AlterShareGroupOffsetsRequest request) {
        return Partitions.all(request.topics(), topic -> alter(request.groupId(), topic))
                .thenApply(topics ->
                        new AlterShareGroupOffsetsResponse(0, ErrorCode.NONE.code(), null, topics));
    }

    private static AlterShareGroupOffsetsResponse refused(String groupId, ErrorCode error) {
        String message =
                error == ErrorCode.GROUP_ID_NOT_FOUND
                        ? "Group '" + groupId + "' is not a share group"
                        : error.message();
        return new AlterShareGroupOffsetsResponse(0, error.code(), message, List.of());
    }

    private CompletableFuture<AlterShareGroupOffsetsResponseTopic> alter(
            String groupId, AlterShareGroupOffsetsRequestTopic asked) {
        Optional<Topic> topic = groups.topics().find(asked.topicName());
        return Partitions.all(asked.partitions(), partition -> alter(groupId, topic, partition))
                .thenApply(partitions ->
                        new AlterShareGroupOffsetsResponseTopic(
                                asked.topicName(),
                                topic.map(Topic::id).orElse(TopicIds.NONE),
                                partitions));
    }

    private CompletableFuture<AlterShareGroupOffsetsResponsePartition> alter(
            String groupId, Optional<Topic> topic, AlterShareGroupOffsetsRequestPartition asked) {
        int number = asked.partitionIndex();
        Optional<Partition> partition = topic.flatMap(found -> found.partition(number));
        if (topic.isEmpty() || partition.isEmpty()) {
            return CompletableFuture.completedFuture(
                    answer(number, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        }
        if (asked.startOffset() < 0) {
            return CompletableFuture.completedFuture(answer(number, ErrorCode.INVALID_REQUEST));
        }
        long start = Math.min(asked.startOffset(), partition.get().highWatermark());
        return groups.reset(new SharePartitionId(groupId, topic.get().id(), number), start)
                .thenApply(error -> answer(number, error))
                .toCompletableFuture();
    }

    private static AlterShareGroupOffsetsResponsePartition answer(int partition, ErrorCode error) {
        return new AlterShareGroupOffsetsResponsePartition(
                partition, error.code(), error == ErrorCode.NONE ? null : error.message());
    }
}
