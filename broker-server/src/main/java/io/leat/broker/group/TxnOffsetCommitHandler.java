package io.leat.broker.group;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.GroupCommand.CommitInTransaction;
import io.leat.broker.group.GroupCommand.Position;
import io.leat.broker.group.assign.Topics.TopicInfo;
import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.TxnOffsetCommitRequest;
import io.leat.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.leat.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.leat.wire.message.TxnOffsetCommitResponse;
import io.leat.wire.message.TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition;
import io.leat.wire.message.TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Stores offsets that count once their transaction is committed. */
final class TxnOffsetCommitHandler
        implements ApiHandler<TxnOffsetCommitRequest, TxnOffsetCommitResponse> {
    /** From here on the request itself joins the group to the transaction (KIP-890). */
    private static final int IMPLICIT_JOIN = 5;

    /** From here on topics are named by id. */
    private static final int TOPIC_IDS = 6;

    private final Groups groups;
    private final GroupInTransaction transactions;

    TxnOffsetCommitHandler(Groups groups, GroupInTransaction transactions) {
        this.groups = groups;
        this.transactions = transactions;
    }

    @Override
    public CompletionStage<TxnOffsetCommitResponse> handle(
            RequestContext context, TxnOffsetCommitRequest request) {
        short version = context.apiVersion();
        List<Position> positions = new ArrayList<>();
        // What is wrong with a partition before its group is asked, in the order of the request.
        List<ErrorCode> flaws = new ArrayList<>();
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            Optional<TopicInfo> info =
                    version >= TOPIC_IDS
                            ? groups.topics().find(topic.topicId())
                            : groups.topics().find(topic.name());
            for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
                ErrorCode flaw = flaw(info, partition, version);
                flaws.add(flaw);
                if (flaw == ErrorCode.NONE) {
                    positions.add(position(info.orElseThrow(), partition));
                }
            }
        }
        if (positions.isEmpty()) {
            return CompletableFuture.completedFuture(response(request, flaws, ErrorCode.NONE));
        }
        return commit(request, version, positions)
                .thenApply(error -> response(request, flaws, error));
    }

    private CompletionStage<ErrorCode> commit(
            TxnOffsetCommitRequest request, short version, List<Position> positions) {
        if (request.groupId().isEmpty()) {
            return CompletableFuture.completedFuture(ErrorCode.INVALID_GROUP_ID);
        }
        GroupInTransaction.Asker asker =
                new GroupInTransaction.Asker(
                        request.transactionalId(), request.producerId(), request.producerEpoch());
        return transactions.within(
                asker,
                request.groupId(),
                version >= IMPLICIT_JOIN,
                () ->
                        groups.ask(
                                request.groupId(),
                                (ReplyTo<ErrorCode> to) -> command(request, positions, to),
                                failure -> failure));
    }

    private ErrorCode flaw(
            Optional<TopicInfo> topic, TxnOffsetCommitRequestPartition partition, short version) {
        if (topic.isEmpty() && version >= TOPIC_IDS) {
            return ErrorCode.UNKNOWN_TOPIC_ID;
        }
        if (topic.isEmpty() || !topic.get().has(partition.partitionIndex())) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        return metadata(partition).length() > groups.config().offsetMetadataMax()
                ? ErrorCode.OFFSET_METADATA_TOO_LARGE
                : ErrorCode.NONE;
    }

    private static Position position(TopicInfo topic, TxnOffsetCommitRequestPartition partition) {
        return new Position(
                topic.id(),
                topic.name(),
                partition.partitionIndex(),
                partition.committedOffset(),
                partition.committedLeaderEpoch(),
                metadata(partition));
    }

    private static String metadata(TxnOffsetCommitRequestPartition partition) {
        String metadata = partition.committedMetadata();
        return metadata == null ? "" : metadata;
    }

    private static CommitInTransaction command(
            TxnOffsetCommitRequest request, List<Position> positions, ReplyTo<ErrorCode> to) {
        return new CommitInTransaction(
                request.producerId(),
                new Identity(request.memberId(), Optional.ofNullable(request.groupInstanceId())),
                request.generationIdOrMemberEpoch(),
                positions,
                to);
    }

    private static TxnOffsetCommitResponse response(
            TxnOffsetCommitRequest request, List<ErrorCode> flaws, ErrorCode error) {
        int next = 0;
        List<TxnOffsetCommitResponseTopic> topics = new ArrayList<>(request.topics().size());
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            List<TxnOffsetCommitResponsePartition> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
                ErrorCode flaw = flaws.get(next++);
                partitions.add(
                        new TxnOffsetCommitResponsePartition(
                                partition.partitionIndex(),
                                (flaw == ErrorCode.NONE ? error : flaw).code()));
            }
            topics.add(new TxnOffsetCommitResponseTopic(topic.name(), topic.topicId(), partitions));
        }
        return new TxnOffsetCommitResponse(0, topics);
    }
}
