package io.leat.broker.group;

import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.classic.ClassicCommand;
import io.leat.broker.group.consumer.ConsumerCommand;
import io.leat.broker.group.member.Identity;
import io.leat.broker.group.streams.StreamsCommand;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** What may happen to a group. */
sealed interface GroupCommand {
    /** Something happens to the members, by the classic protocol. */
    record Classic(ClassicCommand command) implements GroupCommand {}

    /** Something happens to the members, by the consumer protocol. */
    record Consumer(ConsumerCommand command) implements GroupCommand {}

    /** Something happens to the members, by the streams protocol. */
    record Streams(StreamsCommand command) implements GroupCommand {}

    /**
     * Commits offsets.
     *
     * @param epoch the member's generation or epoch, -1 from those who are not members
     * @param retentionMillis how long to keep them, where the client says (OffsetCommit 2 to 4)
     * @param unknownGroup the error when a generation is named of a group that is not there
     */
    record CommitOffsets(
            Identity member,
            int epoch,
            OptionalLong retentionMillis,
            List<Position> positions,
            ErrorCode unknownGroup,
            ReplyTo<ErrorCode> to)
            implements GroupCommand {}

    /**
     * Stores offsets that count once the producer's transaction is committed.
     *
     * @param epoch -1 from producers that do not say for which member they act
     */
    record CommitInTransaction(
            long producerId,
            Identity member,
            int epoch,
            List<Position> positions,
            ReplyTo<ErrorCode> to)
            implements GroupCommand {}

    /** A producer's transaction has ended. */
    record EndTransaction(long producerId, boolean committed, ReplyTo<ErrorCode> to)
            implements GroupCommand {}

    record DeleteOffsets(List<TopicPartitions> topics, ReplyTo<DeleteOffsetsOutcome> to)
            implements GroupCommand {}

    record DeleteGroup(ReplyTo<ErrorCode> to) implements GroupCommand {}

    /** Topics are gone, and their offsets with them. */
    record ForgetTopics(Set<UUID> topicIds, ReplyTo<ErrorCode> to) implements GroupCommand {}

    /** Alarm: look for offsets that have expired. */
    record RetentionCheck() implements GroupCommand {}

    /** An offset to commit. */
    record Position(
            UUID topicId,
            String topic,
            int partition,
            long offset,
            int leaderEpoch,
            String metadata) {}

    /** Partitions of a topic. */
    record TopicPartitions(UUID topicId, String topic, List<Integer> partitions) {}
}
