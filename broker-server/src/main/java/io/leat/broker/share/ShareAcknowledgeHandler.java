package io.leat.broker.share;

import io.leat.broker.access.Access;
import io.leat.broker.access.Operation;
import io.leat.broker.access.ResourceType;
import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.Partitions;
import io.leat.broker.api.RequestContext;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ShareAcknowledgeRequest;
import io.leat.wire.message.ShareAcknowledgeRequest.AcknowledgePartition;
import io.leat.wire.message.ShareAcknowledgeRequest.AcknowledgeTopic;
import io.leat.wire.message.ShareAcknowledgeResponse;
import io.leat.wire.message.ShareAcknowledgeResponse.LeaderIdAndEpoch;
import io.leat.wire.message.ShareAcknowledgeResponse.PartitionData;
import io.leat.wire.message.ShareAcknowledgeResponse.ShareAcknowledgeTopicResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Takes acknowledgements of members of share groups. */
final class ShareAcknowledgeHandler
        implements ApiHandler<ShareAcknowledgeRequest, ShareAcknowledgeResponse> {
    private final ShareGroups groups;

    ShareAcknowledgeHandler(ShareGroups groups) {
        this.groups = groups;
    }

    @Override
    public CompletionStage<ShareAcknowledgeResponse> handle(
            RequestContext context, ShareAcknowledgeRequest request) {
        String groupId = request.groupId();
        String memberId = request.memberId();
        if (groupId == null || groupId.isBlank() || memberId == null || memberId.isBlank()) {
            return refused(ErrorCode.INVALID_REQUEST);
        }
        if (request.shareSessionEpoch() == ShareSessions.OPENING_EPOCH) {
            return refused(ErrorCode.INVALID_SHARE_SESSION_EPOCH);
        }
        ShareSession.Key member = new ShareSession.Key(groupId, memberId);
        ShareSessions.Entry entry =
                groups.sessions().enter(member, request.shareSessionEpoch(), context.connection());
        if (entry instanceof ShareSessions.Entry.Refused(ErrorCode error)) {
            return refused(error);
        }
        CompletableFuture<List<ShareAcknowledgeTopicResponse>> topics =
                Partitions.all(
                        request.topics(),
                        topic ->
                                acknowledge(
                                        context.connection().access(),
                                        member,
                                        topic,
                                        request.isRenewAck()));
        if (request.shareSessionEpoch() == ShareSessions.FINAL_EPOCH) {
            groups.sessions().end(member);
        }
        int lockMillis = groups.settings(groupId).lockMillis();
        return topics.thenApply(answers ->
                new ShareAcknowledgeResponse(
                        0, ErrorCode.NONE.code(), null, lockMillis, answers, List.of()));
    }

    private CompletableFuture<ShareAcknowledgeTopicResponse> acknowledge(
            Access access, ShareSession.Key member, AcknowledgeTopic topic, boolean renews) {
        return Partitions.all(
                        topic.partitions(),
                        partition -> acknowledge(access, member, topic, partition, renews))
                .thenApply(answers -> new ShareAcknowledgeTopicResponse(topic.topicId(), answers));
    }

    private CompletableFuture<PartitionData> acknowledge(
            Access access,
            ShareSession.Key member,
            AcknowledgeTopic topic,
            AcknowledgePartition partition,
            boolean renews) {
        SharePartitionId id =
                new SharePartitionId(member.groupId(), topic.topicId(), partition.partitionIndex());
        AcknowledgementBatches reading = new AcknowledgementBatches(renews);
        partition
                .acknowledgementBatches()
                .forEach(batch ->
                        reading.add(
                                batch.firstOffset(), batch.lastOffset(), batch.acknowledgeTypes()));
        Optional<List<Acknowledgement>> read = reading.read();
        Optional<ErrorCode> refusal =
                refusal(access, groups.topics().find(topic.topicId()), groups.partition(id));
        if (refusal.isPresent()) {
            return answered(partition, refusal.get());
        }
        if (read.isEmpty()) {
            return answered(partition, ErrorCode.INVALID_REQUEST);
        }
        return groups.serve(id, member.memberId(), read.get(), Offer.NOTHING)
                .thenApply(served -> data(partition, served.acknowledged()))
                .toCompletableFuture();
    }

    /** Why a member has nothing to do with a partition, if that is so. */
    static Optional<ErrorCode> refusal(
            Access access, Optional<Topic> topic, Optional<Partition> partition) {
        if (topic.isEmpty()) {
            return Optional.of(ErrorCode.UNKNOWN_TOPIC_ID);
        }
        if (!access.may(Operation.READ, ResourceType.TOPIC, topic.get().name())) {
            return Optional.of(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        }
        return partition.isEmpty()
                ? Optional.of(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
                : Optional.empty();
    }

    private static CompletableFuture<PartitionData> answered(
            AcknowledgePartition partition, ErrorCode error) {
        return CompletableFuture.completedFuture(data(partition, error));
    }

    private static PartitionData data(AcknowledgePartition partition, ErrorCode error) {
        return new PartitionData(
                partition.partitionIndex(), error.code(), message(error), LeaderIdAndEpoch.UNKNOWN);
    }

    private static @Nullable String message(ErrorCode error) {
        return error == ErrorCode.NONE ? null : error.message();
    }

    private static CompletionStage<ShareAcknowledgeResponse> refused(ErrorCode error) {
        return CompletableFuture.completedFuture(
                new ShareAcknowledgeResponse(
                        0, error.code(), error.message(), 0, List.of(), List.of()));
    }
}
