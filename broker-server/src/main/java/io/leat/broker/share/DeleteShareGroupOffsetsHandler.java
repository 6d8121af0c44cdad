package io.leat.broker.share;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.Partitions;
import io.leat.broker.api.RequestContext;
import io.leat.broker.group.share.ShareGroupMembers;
import io.leat.broker.topic.Topic;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.DeleteShareGroupOffsetsRequest;
import io.leat.wire.message.DeleteShareGroupOffsetsResponse;
import io.leat.wire.message.DeleteShareGroupOffsetsResponse.DeleteShareGroupOffsetsResponseTopic;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets a share group that has no members forget topics: it begins anew if it reads them again. */
final class DeleteShareGroupOffsetsHandler
        implements ApiHandler<DeleteShareGroupOffsetsRequest, DeleteShareGroupOffsetsResponse> {
    private final ShareGroups groups;
    private final ShareGroupMembers members;

    DeleteShareGroupOffsetsHandler(ShareGroups groups, ShareGroupMembers members) {
        this.groups = groups;
        this.members = members;
    }

    @Override
    public CompletionStage<DeleteShareGroupOffsetsResponse> handle(
            RequestContext context, DeleteShareGroupOffsetsRequest request) {
        Optional<ErrorCode> refusal = groups.refusal(request.groupId(), members);
        if (refusal.isPresent()) {
            return CompletableFuture.completedFuture(
                    new DeleteShareGroupOffsetsResponse(
                            0, refusal.get().code(), refusal.get().message(), List.of()));
        }
        return Partitions.all(
                        request.topics(), topic -> delete(request.groupId(), topic.topicName()))
                .thenApply(topics ->
                        new DeleteShareGroupOffsetsResponse(
                                0, ErrorCode.NONE.code(), null, topics));
    }

    private CompletableFuture<DeleteShareGroupOffsetsResponseTopic> delete(
            String groupId, String name) {
        Optional<Topic> topic = groups.topics().find(name);
        if (topic.isEmpty()) {
            return CompletableFuture.completedFuture(
                    answer(name, topic, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        }
        List<SharePartitionId> ids =
                groups.partitionsOf(groupId).stream()
                        .filter(id -> id.topicId().equals(topic.get().id()))
                        .toList();
        return groups.remove(ids)
                .thenApply(errors ->
                        answer(
                                name,
                                topic,
                                errors.stream()
                                        .filter(error -> error != ErrorCode.NONE)
                                        .findFirst()
                                        .orElse(ErrorCode.NONE)))
                .toCompletableFuture();
    }

    private static DeleteShareGroupOffsetsResponseTopic answer(
            String name, Optional<Topic> topic, ErrorCode error) {
        return new DeleteShareGroupOffsetsResponseTopic(
                name,
                topic.map(Topic::id).orElse(TopicIds.NONE),
                error.code(),
                error == ErrorCode.NONE ? null : error.message());
    }
}
