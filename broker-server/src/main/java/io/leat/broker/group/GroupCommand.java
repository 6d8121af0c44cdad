package io.leat.broker.group;

import io.leat.broker.coordinator.ReplyTo;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** What may happen to a group. */
sealed interface GroupCommand {
    /** A member joins, or joins again. */
    record Join(
            Identity member,
            Member.Client client,
            Member.Timeouts timeouts,
            String protocolType,
            List<Protocol> protocols,
            JoinOptions options,
            ReplyTo<JoinOutcome> to)
            implements GroupCommand {}

    /** A member asks for its assignment; the leader brings everyone's. */
    record Sync(
            Identity member,
            int generation,
            Optional<String> protocolType,
            Optional<String> protocolName,
            Map<String, Bytes> assignments,
            ReplyTo<SyncOutcome> to)
            implements GroupCommand {}

    record Heartbeat(Identity member, int generation, ReplyTo<ErrorCode> to)
            implements GroupCommand {}

    /** Members leave, or an administrator removes them: static ones by instance id alone. */
    record Leave(List<Identity> members, ReplyTo<LeaveOutcome> to) implements GroupCommand {}

    /**
     * Commits offsets.
     *
     * @param generation -1 from those who are not members
     * @param retentionMillis how long to keep them, where the client says (OffsetCommit 2 to 4)
     * @param unknownGroup the error when a generation is named of a group that is not there
     */
    record CommitOffsets(
            Identity member,
            int generation,
            OptionalLong retentionMillis,
            List<Position> positions,
            ErrorCode unknownGroup,
            ReplyTo<ErrorCode> to)
            implements GroupCommand {}

    /**
     * Stores offsets that count once the producer's transaction is committed.
     *
     * @param generation -1 from producers that do not say for which member they act
     */
    record CommitInTransaction(
            long producerId,
            Identity member,
            int generation,
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

    /** Alarm: a member has not been heard of for its session timeout. */
    record SessionExpired(String memberId) implements GroupCommand {}

    /** Alarm: one who is not a member yet has waited, or been waited for, too long. */
    record NewcomerExpired(String memberId) implements GroupCommand {}

    /** Alarm: the time to join is over. */
    record JoinPhaseEnds() implements GroupCommand {}

    /** Alarm: the time to sync is over. */
    record SyncPhaseEnds() implements GroupCommand {}

    /** Alarm: look for offsets that have expired. */
    record RetentionCheck() implements GroupCommand {}

    /**
     * Who asks.
     *
     * @param memberId empty when the asker has none yet
     */
    record Identity(String memberId, Optional<String> instanceId) {}

    /**
     * What a join's version of the protocol asks for.
     *
     * @param newMemberId the id to give if a new one is due
     * @param idFirst whether a new dynamic member gets its id first and joins with it (KIP-394)
     * @param canSkipAssignment whether a returning leader can be told to leave the assignment alone
     *     (KIP-814)
     */
    record JoinOptions(String newMemberId, boolean idFirst, boolean canSkipAssignment) {}

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
