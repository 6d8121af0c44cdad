package io.leat.broker.group;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.GroupCommand.CommitOffsets;
import io.leat.broker.group.GroupCommand.Position;
import io.leat.broker.group.assign.Topics.TopicInfo;
import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.OffsetCommitRequest;
import io.leat.wire.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.leat.wire.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.leat.wire.message.OffsetCommitResponse;
import io.leat.wire.message.OffsetCommitResponse.OffsetCommitResponsePartition;
import io.leat.wire.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Stores offsets. The reply waits until they are on disk. */
final class OffsetCommitHandler implements ApiHandler<OffsetCommitRequest, OffsetCommitResponse> {
    /** From here on a group that is not there has an error of its own. */
    private static final int GROUP_NOT_FOUND = 9;

    /** From here on topics are named by id. */
    private static final int TOPIC_IDS = 10;

    private final Groups groups;

    OffsetCommitHandler(Groups groups) {
        this.groups = groups;
    }

    @Override
    public CompletionStage<OffsetCommitResponse> handle(
            RequestContext context, OffsetCommitRequest request) {
        short version = context.apiVersion();
        List<Position> positions = new ArrayList<>();
        // What is wrong with a partition before its group is asked, in the order of the request.
        List<ErrorCode> flaws = new ArrayList<>();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            Optional<TopicInfo> info = find(topic, version);
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
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
        return groups.ask(
                        request.groupId(),
                        (ReplyTo<ErrorCode> to) -> command(request, version, positions, to),
                        error -> error)
                .thenApply(error -> response(request, flaws, known(error, version)));
    }

    /** Older clients do not know that a member's epoch can be stale. */
    private static ErrorCode known(ErrorCode error, short version) {
        return error == ErrorCode.STALE_MEMBER_EPOCH && version < GROUP_NOT_FOUND
                ? ErrorCode.UNSUPPORTED_VERSION
                : error;
    }

    private Optional<TopicInfo> find(OffsetCommitRequestTopic topic, short version) {
        return version >= TOPIC_IDS
                ? groups.topics().find(topic.topicId())
                : groups.topics().find(topic.name());
    }

    private ErrorCode flaw(
            Optional<TopicInfo> topic, OffsetCommitRequestPartition partition, short version) {
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

    private static Position position(TopicInfo topic, OffsetCommitRequestPartition partition) {
        return new Position(
                topic.id(),
                topic.name(),
                partition.partitionIndex(),
                partition.committedOffset(),
                partition.committedLeaderEpoch(),
                metadata(partition));
    }

    private static String metadata(OffsetCommitRequestPartition partition) {
        String metadata = partition.committedMetadata();
        return metadata == null ? "" : metadata;
    }

    private static CommitOffsets command(
            OffsetCommitRequest request,
            short version,
            List<Position> positions,
            ReplyTo<ErrorCode> to) {
        return new CommitOffsets(
                new Identity(request.memberId(), Optional.ofNullable(request.groupInstanceId())),
                request.generationIdOrMemberEpoch(),
                request.retentionTimeMs() < 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(request.retentionTimeMs()),
                positions,
                version >= GROUP_NOT_FOUND
                        ? ErrorCode.GROUP_ID_NOT_FOUND
                        : ErrorCode.ILLEGAL_GENERATION,
                to);
    }

    private static OffsetCommitResponse response(
            OffsetCommitRequest request, List<ErrorCode> flaws, ErrorCode error) {
        int next = 0;
        List<OffsetCommitResponseTopic> topics = new ArrayList<>(request.topics().size());
        for (OffsetCommitRequestTopic topic : request.topics()) {
            List<OffsetCommitResponsePartition> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                ErrorCode flaw = flaws.get(next++);
                partitions.add(
                        new OffsetCommitResponsePartition(
                                partition.partitionIndex(),
                                (flaw == ErrorCode.NONE ? error : flaw).code()));
            }
            topics.add(new OffsetCommitResponseTopic(topic.name(), topic.topicId(), partitions));
        }
        return new OffsetCommitResponse(0, topics);
    }
}
