package io.leat.broker.group;

import io.leat.broker.group.GroupCommand.CommitInTransaction;
import io.leat.broker.group.GroupCommand.EndTransaction;
import io.leat.broker.group.GroupCommand.Position;
import io.leat.broker.group.offset.CommittedOffset;
import io.leat.broker.group.offset.Offsets;
import io.leat.wire.ErrorCode;
import java.util.Optional;
import java.util.OptionalLong;

/** Offsets that are committed with a transaction (KIP-98, KIP-447). */
final class TransactionRules {
    private TransactionRules() {}

    static void commit(Draft draft, CommitInTransaction commit) {
        Optional<ErrorCode> refusal = refusal(draft, commit);
        if (refusal.isPresent()) {
            draft.reply(commit.to(), refusal.get());
            return;
        }
        Offsets.Change change = draft.pending().of(commit.producerId()).change();
        for (Position position : commit.positions()) {
            CommittedOffset offset =
                    new CommittedOffset(
                            position.offset(),
                            position.leaderEpoch(),
                            position.metadata(),
                            draft.nowMillis(),
                            OptionalLong.empty());
            change.put(position.topicId(), position.topic(), position.partition(), offset);
            draft.write(
                    GroupFormat.putPending(
                            draft.groupId(),
                            commit.producerId(),
                            position.topicId(),
                            position.topic(),
                            position.partition(),
                            offset));
        }
        draft.become(draft.pending().with(commit.producerId(), change.done()));
        draft.reply(commit.to(), ErrorCode.NONE);
    }

    /**
     * Old producers name no member, and are let through; who names one must be one, of this
     * generation.
     */
    private static Optional<ErrorCode> refusal(Draft draft, CommitInTransaction commit) {
        if (!draft.present() && commit.epoch() >= 0) {
            return Optional.of(ErrorCode.ILLEGAL_GENERATION);
        }
        return draft.membership().roster().refuseCommit(commit.member(), commit.epoch(), true);
    }

    /** Lets a producer's offsets count, or drops them. Again changes nothing. */
    static void end(Draft draft, EndTransaction end) {
        Offsets pending = draft.pending().of(end.producerId());
        if (!pending.isEmpty()) {
            Offsets.Change change = draft.offsets().change();
            pending.forEach((topicId, topic, partition, offset) -> {
                draft.write(
                        GroupFormat.deletePending(
                                draft.groupId(), end.producerId(), topicId, partition));
                boolean late =
                        draft.offsets()
                                .get(topicId, partition)
                                .filter(other -> other.committedMillis() > offset.committedMillis())
                                .isPresent();
                // The later of two commits counts, whichever transaction ends first.
                if (end.committed() && !late) {
                    change.put(topicId, topic, partition, offset);
                    draft.write(
                            GroupFormat.putOffset(
                                    draft.groupId(), topicId, topic, partition, offset));
                }
            });
            draft.become(draft.pending().with(end.producerId(), Offsets.NONE));
            draft.become(change.done());
        }
        draft.reply(end.to(), ErrorCode.NONE);
    }
}
