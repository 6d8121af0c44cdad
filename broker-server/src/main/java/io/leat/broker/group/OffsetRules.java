package io.leat.broker.group;

import io.leat.broker.group.GroupCommand.CommitOffsets;
import io.leat.broker.group.GroupCommand.DeleteGroup;
import io.leat.broker.group.GroupCommand.DeleteOffsets;
import io.leat.broker.group.GroupCommand.ForgetTopics;
import io.leat.broker.group.GroupCommand.Position;
import io.leat.broker.group.GroupCommand.RetentionCheck;
import io.leat.broker.group.GroupCommand.TopicPartitions;
import io.leat.broker.group.classic.ClassicRules;
import io.leat.broker.group.member.Retention;
import io.leat.broker.group.member.Roster;
import io.leat.broker.group.offset.CommittedOffset;
import io.leat.broker.group.offset.Offsets;
import io.leat.wire.ErrorCode;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** Who may commit, and when offsets go. */
final class OffsetRules {
    private OffsetRules() {}

    static void commit(Draft draft, CommitOffsets commit) {
        Optional<ErrorCode> refusal = refusal(draft, commit);
        if (refusal.isPresent()) {
            draft.reply(commit.to(), refusal.get());
            return;
        }
        OptionalLong expiresMillis =
                commit.retentionMillis().isPresent()
                        ? OptionalLong.of(draft.nowMillis() + commit.retentionMillis().getAsLong())
                        : OptionalLong.empty();
        Offsets.Change change = draft.offsets().change();
        for (Position position : commit.positions()) {
            CommittedOffset offset =
                    new CommittedOffset(
                            position.offset(),
                            position.leaderEpoch(),
                            position.metadata(),
                            draft.nowMillis(),
                            expiresMillis);
            UUID topicId = position.topicId();
            change.put(topicId, position.topic(), position.partition(), offset);
            supersede(draft, topicId, position.partition());
            draft.write(
                    GroupFormat.putOffset(
                            draft.groupId(),
                            topicId,
                            position.topic(),
                            position.partition(),
                            offset));
        }
        draft.become(change.done());
        draft.reply(commit.to(), ErrorCode.NONE);
        keepAlive(draft, commit);
    }

    /** The later of two commits counts, whenever the transaction of the earlier one ends. */
    private static void supersede(Draft draft, UUID topicId, int partition) {
        if (draft.pending().contains(topicId, partition)) {
            draft.pending()
                    .forEach((producerId, offsets) ->
                            dropPending(draft, producerId, offsets, topicId, partition));
        }
    }

    private static void dropPending(
            Draft draft, long producerId, Offsets offsets, UUID topicId, int partition) {
        if (offsets.get(topicId, partition).isPresent()) {
            Offsets rest = offsets.change().remove(topicId, partition).done();
            draft.become(draft.pending().with(producerId, rest));
            draft.write(GroupFormat.deletePending(draft.groupId(), producerId, topicId, partition));
        }
    }

    /** A commit of a classic member is as good as a heartbeat. */
    private static void keepAlive(Draft draft, CommitOffsets commit) {
        switch (draft.membership()) {
            case Membership.Classic it ->
                    draft.classic(
                            it.classic(),
                            classic -> ClassicRules.committed(classic, commit.member().memberId()));
            case Membership.Consumer it -> {} // only heartbeats count there
            case Membership.Streams it -> {} // and there
        }
    }

    private static Optional<ErrorCode> refusal(Draft draft, CommitOffsets commit) {
        if (!draft.present() && commit.epoch() >= 0) {
            return Optional.of(commit.unknownGroup());
        }
        return draft.membership().roster().refuseCommit(commit.member(), commit.epoch(), false);
    }

    static void delete(Draft draft, DeleteOffsets delete) {
        if (!draft.present()) {
            draft.reply(
                    delete.to(), new DeleteOffsetsOutcome(ErrorCode.GROUP_ID_NOT_FOUND, Set.of()));
            return;
        }
        Roster roster = draft.membership().roster();
        if (!roster.isEmpty() && !roster.knowsSubscriptions()) {
            draft.reply(delete.to(), new DeleteOffsetsOutcome(ErrorCode.NON_EMPTY_GROUP, Set.of()));
            return;
        }
        Set<UUID> subscribed = new HashSet<>();
        Offsets.Change change = draft.offsets().change();
        for (TopicPartitions topic : delete.topics()) {
            if (roster.mayRead(topic.topic())) {
                subscribed.add(topic.topicId());
                continue;
            }
            for (int partition : topic.partitions()) {
                remove(draft, change, topic.topicId(), partition);
            }
        }
        draft.become(change.done());
        draft.reply(delete.to(), new DeleteOffsetsOutcome(ErrorCode.NONE, subscribed));
    }

    private static void remove(Draft draft, Offsets.Change change, UUID topicId, int partition) {
        change.remove(topicId, partition);
        draft.write(GroupFormat.deleteOffset(draft.groupId(), topicId, partition));
    }

    static void deleteGroup(Draft draft, DeleteGroup delete) {
        ErrorCode error;
        if (!draft.present()) {
            error = ErrorCode.GROUP_ID_NOT_FOUND;
        } else if (!draft.membership().isEmpty()) {
            error = ErrorCode.NON_EMPTY_GROUP;
        } else {
            draft.removeGroup();
            error = ErrorCode.NONE;
        }
        draft.reply(delete.to(), error);
    }

    static void forgetTopics(Draft draft, ForgetTopics forget) {
        if (draft.present()) {
            Offsets.Change change = draft.offsets().change();
            draft.offsets()
                    .forEach((topicId, topic, partition, offset) -> {
                        if (forget.topicIds().contains(topicId)) {
                            remove(draft, change, topicId, partition);
                        }
                    });
            draft.become(change.done());
            draft.pending()
                    .forEach((producerId, offsets) ->
                            forgetPending(draft, producerId, offsets, forget.topicIds()));
        }
        draft.reply(forget.to(), ErrorCode.NONE);
    }

    private static void forgetPending(
            Draft draft, long producerId, Offsets offsets, Set<UUID> topicIds) {
        Offsets.Change change = offsets.change();
        offsets.forEach((topicId, topic, partition, offset) -> {
            if (topicIds.contains(topicId)) {
                change.remove(topicId, partition);
                draft.write(
                        GroupFormat.deletePending(draft.groupId(), producerId, topicId, partition));
            }
        });
        draft.become(draft.pending().with(producerId, change.done()));
    }

    /**
     * Lets offsets expire (KIP-211): of a group without members, when it has been empty for the
     * retention time; of one that never had any, or of topics that its members are not subscribed
     * to, when they were committed that long ago. An empty group without offsets goes too.
     */
    static void checkRetention(Draft draft) {
        if (!draft.present()) {
            return;
        }
        switch (draft.membership().roster().retention()) {
            case Retention.SinceEmpty empty ->
                    expire(draft, topic -> false, offset -> empty.sinceMillis());
            case Retention.SinceCommit commit ->
                    expire(draft, commit.inUse(), CommittedOffset::committedMillis);
            case Retention.Not not -> {}
        }
        if (draft.membership().roster().isForgettable()
                && draft.offsets().isEmpty()
                && draft.pending().isEmpty()) {
            draft.removeGroup();
        } else {
            draft.ring(new RetentionCheck(), draft.config().offsetsRetentionCheckMillis());
        }
    }

    private static void expire(
            Draft draft, Predicate<String> inUse, ToLongFunction<CommittedOffset> begin) {
        Offsets.Change change = draft.offsets().change();
        long retentionMillis = draft.config().offsetsRetentionMillis();
        draft.offsets()
                .forEach((topicId, topic, partition, offset) -> {
                    long endMillis =
                            offset.expiresMillis()
                                    .orElse(begin.applyAsLong(offset) + retentionMillis);
                    if (draft.nowMillis() >= endMillis && !inUse.test(topic)) {
                        remove(draft, change, topicId, partition);
                    }
                });
        draft.become(change.done());
    }
}
