package io.leat.broker.group.classic;

import io.leat.broker.group.classic.ClassicCommand.SyncPhaseEnds;
import io.leat.broker.group.classic.Phase.PreparingRebalance;
import io.leat.broker.group.classic.Phase.Stable;
import io.leat.wire.ErrorCode;

/**
 * The rules of classic groups, as Kafka's clients expect them.
 *
 * <p>Where they differ from Apache Kafka's, they promise more: a generation is durable before any
 * member hears of it, so a crash in the middle of a rebalance does not undo it; and a static member
 * that comes back with other topics causes a rebalance.
 */
public final class ClassicRules {
    private ClassicRules() {}

    public static void decide(ClassicDraft draft, ClassicCommand command) {
        switch (command) {
            case ClassicCommand.Join join -> JoinRules.join(draft, join);
            case ClassicCommand.Sync sync -> MemberRules.sync(draft, sync);
            case ClassicCommand.Heartbeat heartbeat -> MemberRules.heartbeat(draft, heartbeat);
            case ClassicCommand.Leave leave -> MemberRules.leave(draft, leave);
            case ClassicCommand.SessionExpired expired ->
                    MemberRules.sessionExpired(draft, expired.memberId());
            case ClassicCommand.NewcomerExpired expired ->
                    MemberRules.newcomerExpired(draft, expired.memberId());
            case ClassicCommand.JoinPhaseEnds ends -> RebalanceRules.joinPhaseEnds(draft);
            case SyncPhaseEnds ends -> RebalanceRules.syncPhaseEnds(draft);
        }
    }

    /** After a start members go on where they were: each gets a full session to be heard of. */
    public static void resume(ClassicDraft draft) {
        draft.members().all().forEach(draft::renewSession);
        if (draft.membership().phase() instanceof Phase.CompletingRebalance) {
            draft.ring(new SyncPhaseEnds(), draft.members().rebalanceTimeoutMillis());
        }
        if (draft.members().size() > draft.config().membersMax()) {
            RebalanceRules.rebalance(draft); // the limit was lowered
        }
    }

    /**
     * The group is to be of another protocol: who waits is told to try again, and nothing is waited
     * for any more.
     */
    public static void dismiss(ClassicDraft draft) {
        draft.silence(new ClassicCommand.JoinPhaseEnds());
        draft.silence(new SyncPhaseEnds());
        for (Member member : draft.members().all()) {
            draft.answer(member, ErrorCode.REBALANCE_IN_PROGRESS);
            draft.silence(new ClassicCommand.SessionExpired(member.id()));
            draft.silence(new ClassicCommand.NewcomerExpired(member.id()));
        }
        draft.membership()
                .pending()
                .forEach(id -> draft.silence(new ClassicCommand.NewcomerExpired(id)));
    }

    /** The group was of another protocol: its members join the next generation. */
    public static void takeOver(ClassicDraft draft) {
        draft.writeMembership();
        if (!draft.membership().isEmpty()) {
            draft.members().all().forEach(draft::renewSession);
            RebalanceRules.rebalance(draft);
        }
    }

    /** A member has committed offsets, which is as good as a heartbeat. */
    public static void committed(ClassicDraft draft, String memberId) {
        Phase phase = draft.membership().phase();
        if (phase instanceof Stable || phase instanceof PreparingRebalance) {
            draft.members().get(memberId).ifPresent(draft::renewSession);
        }
    }
}
