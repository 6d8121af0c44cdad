package io.leat.broker.group.classic;

import io.leat.broker.group.classic.ClassicCommand.Heartbeat;
import io.leat.broker.group.classic.ClassicCommand.Leave;
import io.leat.broker.group.classic.ClassicCommand.NewcomerExpired;
import io.leat.broker.group.classic.ClassicCommand.Sync;
import io.leat.broker.group.classic.Phase.CompletingRebalance;
import io.leat.broker.group.classic.Phase.PreparingRebalance;
import io.leat.broker.group.classic.Phase.Stable;
import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What members do between joining and being gone: sync, heartbeat, leave, fall silent. */
final class MemberRules {
    private MemberRules() {}

    static void sync(ClassicDraft draft, Sync sync) {
        ClassicMembership membership = draft.membership();
        Optional<ErrorCode> refusal = refusal(membership, sync);
        Optional<Member> self = membership.members().get(sync.member().memberId());
        if (refusal.isPresent() || self.isEmpty()) {
            ErrorCode error = refusal.orElse(ErrorCode.UNKNOWN_MEMBER_ID);
            draft.reply(sync.to(), SyncOutcome.refused(error));
            return;
        }
        switch (membership.phase()) {
            case CompletingRebalance completing -> {
                Member waiting = draft.park(self.get(), new Waiting.ForSync(sync.to()));
                draft.become(membership.withMember(waiting));
                RebalanceRules.noteSynced(draft, waiting.id());
                if (membership.isLeader(waiting.id())) {
                    assign(draft, sync);
                }
            }
            case Stable stable -> {
                RebalanceRules.noteSynced(draft, self.get().id());
                draft.reply(sync.to(), assigned(membership, self.get()));
            }
            case PreparingRebalance preparing ->
                    draft.reply(sync.to(), SyncOutcome.refused(ErrorCode.REBALANCE_IN_PROGRESS));
            case Phase.Empty empty ->
                    draft.reply(sync.to(), SyncOutcome.refused(ErrorCode.UNKNOWN_MEMBER_ID));
        }
    }

    private static Optional<ErrorCode> refusal(ClassicMembership membership, Sync sync) {
        Optional<ErrorCode> stranger = Strangers.check(membership, sync.member());
        if (stranger.isPresent()) {
            return stranger;
        }
        if (sync.generation() != membership.generation()) {
            return Optional.of(ErrorCode.ILLEGAL_GENERATION);
        }
        boolean consistent =
                (sync.protocolType().isEmpty()
                                || sync.protocolType().equals(membership.protocolType()))
                        && (sync.protocolName().isEmpty()
                                || sync.protocolName().equals(membership.protocolName()));
        return consistent ? Optional.empty() : Optional.of(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }

    /** The leader has spoken: everyone gets what it gave them, perhaps nothing. */
    private static void assign(ClassicDraft draft, Sync sync) {
        ClassicMembership membership = draft.membership();
        Members assigned =
                membership
                        .members()
                        .map(member -> {
                            Bytes assignment =
                                    sync.assignments().getOrDefault(member.id(), Bytes.EMPTY);
                            Member owner = member.withAssignment(assignment);
                            if (member.waiting() instanceof Waiting.ForSync waiting) {
                                draft.reply(waiting.to(), assigned(membership, owner));
                                draft.renewSession(member);
                            }
                            return owner.withWaiting(new Waiting.Nothing());
                        });
        CompletingRebalance completing = (CompletingRebalance) membership.phase();
        draft.become(membership.withMembers(assigned, membership.leader()));
        draft.enter(new Stable(completing.unsynced()));
        draft.writeMembership();
    }

    private static SyncOutcome assigned(ClassicMembership membership, Member member) {
        return new SyncOutcome(
                ErrorCode.NONE,
                membership.protocolType(),
                membership.protocolName(),
                member.assignment());
    }

    static void heartbeat(ClassicDraft draft, Heartbeat heartbeat) {
        ClassicMembership membership = draft.membership();
        Optional<ErrorCode> stranger = Strangers.check(membership, heartbeat.member());
        ErrorCode error;
        if (stranger.isPresent()) {
            error = stranger.get();
        } else if (heartbeat.generation() != membership.generation()) {
            error = ErrorCode.ILLEGAL_GENERATION;
        } else {
            membership.members().get(heartbeat.member().memberId()).ifPresent(draft::renewSession);
            error =
                    membership.phase() instanceof PreparingRebalance
                            ? ErrorCode.REBALANCE_IN_PROGRESS
                            : ErrorCode.NONE;
        }
        draft.reply(heartbeat.to(), error);
    }

    static void leave(ClassicDraft draft, Leave leave) {
        List<ErrorCode> errors = new ArrayList<>(leave.members().size());
        int before = draft.members().size();
        for (Identity identity : leave.members()) {
            errors.add(leave(draft, identity));
        }
        draft.reply(leave.to(), new LeaveOutcome(ErrorCode.NONE, errors));
        if (draft.members().size() < before) {
            rebalanceWithoutThem(draft);
        } else if (errors.contains(ErrorCode.NONE)) {
            // Only some that had not joined yet: nobody else has anything to do.
            RebalanceRules.completeIfAllJoined(draft);
        }
    }

    private static ErrorCode leave(ClassicDraft draft, Identity identity) {
        ClassicMembership membership = draft.membership();
        if (membership.pending().contains(identity.memberId())) {
            draft.become(membership.withoutPending(identity.memberId()));
            draft.silence(new NewcomerExpired(identity.memberId()));
            return ErrorCode.NONE;
        }
        Optional<Member> member;
        if (identity.memberId().isEmpty()) {
            // An administrator removes a static member without knowing its id.
            member = identity.instanceId().flatMap(membership.members()::withInstance);
        } else {
            Optional<ErrorCode> stranger = Strangers.check(membership, identity);
            if (stranger.isPresent()) {
                return stranger.get();
            }
            member = membership.members().get(identity.memberId());
        }
        member.ifPresent(gone -> RebalanceRules.remove(draft, gone));
        return member.isPresent() ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
    }

    static void sessionExpired(ClassicDraft draft, String memberId) {
        draft.members()
                .get(memberId)
                // One that waits cannot send heartbeats; its session goes on with the answer.
                .filter(member -> member.waiting() instanceof Waiting.Nothing)
                .ifPresent(member -> {
                    RebalanceRules.remove(draft, member);
                    rebalanceWithoutThem(draft);
                });
    }

    static void newcomerExpired(ClassicDraft draft, String memberId) {
        if (draft.membership().pending().contains(memberId)) {
            draft.become(draft.membership().withoutPending(memberId));
            RebalanceRules.completeIfAllJoined(draft);
            return;
        }
        draft.members()
                .get(memberId)
                .ifPresent(member -> {
                    RebalanceRules.remove(draft, member);
                    rebalanceWithoutThem(draft);
                });
    }

    private static void rebalanceWithoutThem(ClassicDraft draft) {
        if (!draft.membership().isEmpty()) {
            RebalanceRules.rebalanceOrComplete(draft);
        }
    }
}
