package io.leat.broker.group.classic;

import io.leat.broker.group.classic.ClassicCommand.JoinPhaseEnds;
import io.leat.broker.group.classic.ClassicCommand.NewcomerExpired;
import io.leat.broker.group.classic.ClassicCommand.SessionExpired;
import io.leat.broker.group.classic.ClassicCommand.SyncPhaseEnds;
import io.leat.broker.group.classic.Phase.CompletingRebalance;
import io.leat.broker.group.classic.Phase.InitialDelay;
import io.leat.broker.group.classic.Phase.PreparingRebalance;
import io.leat.broker.group.classic.Phase.Stable;
import io.leat.wire.ErrorCode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a group gets from one generation to the next. */
final class RebalanceRules {
    private RebalanceRules() {}

    /** After a change of members: begins a rebalance, or ends the one under way if it can. */
    static void rebalanceOrComplete(ClassicDraft draft) {
        if (draft.membership().phase() instanceof PreparingRebalance) {
            completeIfAllJoined(draft);
        } else {
            rebalance(draft);
        }
    }

    /** Asks all members to join the next generation. Not while that is under way. */
    static void rebalance(ClassicDraft draft) {
        ClassicMembership membership = draft.membership();
        if (membership.phase() instanceof CompletingRebalance) {
            draft.become(membership.withMembers(withdrawn(draft), membership.leader()));
        }
        draft.silence(new SyncPhaseEnds());
        if (membership.isEmpty()) {
            int delayMillis = draft.config().initialRebalanceDelayMillis();
            long remainingMillis =
                    Math.max(draft.members().rebalanceTimeoutMillis() - (long) delayMillis, 0);
            draft.enter(
                    new PreparingRebalance(Optional.of(new InitialDelay(remainingMillis, false))));
            draft.ring(new JoinPhaseEnds(), delayMillis);
            return;
        }
        draft.enter(new PreparingRebalance(Optional.empty()));
        if (draft.membership().allJoined()) {
            complete(draft);
        } else {
            draft.ring(new JoinPhaseEnds(), draft.members().rebalanceTimeoutMillis());
        }
    }

    /** Takes the generation's assignments back before anyone has got one. */
    private static Members withdrawn(ClassicDraft draft) {
        return draft.members()
                .map(member -> {
                    if (member.waiting() instanceof Waiting.ForSync) {
                        // It had no session to keep while it waited.
                        draft.renewSession(member);
                        member = draft.answer(member, ErrorCode.REBALANCE_IN_PROGRESS);
                    }
                    return member.withAssignment(Bytes.EMPTY);
                });
    }

    /** Ends the wait for members when there is no one left to wait for. */
    static void completeIfAllJoined(ClassicDraft draft) {
        if (draft.membership().phase() instanceof PreparingRebalance preparing
                && preparing.initial().isEmpty()
                && draft.membership().allJoined()) {
            complete(draft);
        }
    }

    static void joinPhaseEnds(ClassicDraft draft) {
        if (!(draft.membership().phase() instanceof PreparingRebalance preparing)) {
            return;
        }
        Optional<InitialDelay> initial = preparing.initial();
        if (initial.isPresent()
                && initial.get().memberAdded()
                && initial.get().remainingMillis() > 0) {
            long remainingMillis = initial.get().remainingMillis();
            long delayMillis =
                    Math.min(draft.config().initialRebalanceDelayMillis(), remainingMillis);
            InitialDelay next = new InitialDelay(remainingMillis - delayMillis, false);
            draft.become(draft.membership().inPhase(new PreparingRebalance(Optional.of(next))));
            draft.ring(new JoinPhaseEnds(), delayMillis);
        } else {
            complete(draft);
        }
    }

    /** Goes on to the next generation with those who have joined. */
    private static void complete(ClassicDraft draft) {
        draft.silence(new JoinPhaseEnds());
        dropLateMembers(draft);
        if (!electLeader(draft)) {
            // Only static members are left and none of them has joined: wait until one does, or
            // until their sessions end.
            draft.become(draft.membership().inPhase(new PreparingRebalance(Optional.empty())));
            draft.ring(new JoinPhaseEnds(), draft.members().rebalanceTimeoutMillis());
            return;
        }
        draft.become(draft.membership().nextGeneration(draft.nowMillis()));
        draft.writeMembership();
        if (!draft.membership().isEmpty()) {
            announceGeneration(draft);
            draft.ring(new SyncPhaseEnds(), draft.members().rebalanceTimeoutMillis());
        }
    }

    /** Dynamic members that did not join in time are out; static ones keep their place. */
    private static void dropLateMembers(ClassicDraft draft) {
        List<Member> late =
                draft.members().all().stream()
                        .filter(member -> !member.waitsForJoin() && !member.isStatic())
                        .toList();
        late.forEach(member -> remove(draft, member));
    }

    /** Makes sure that the leader is one who has joined; false when nobody has, of some. */
    private static boolean electLeader(ClassicDraft draft) {
        ClassicMembership membership = draft.membership();
        if (membership.leader().isEmpty()
                || membership
                        .members()
                        .get(membership.leader().get())
                        .filter(Member::waitsForJoin)
                        .isPresent()) {
            return true;
        }
        Optional<Member> joined =
                membership.members().all().stream().filter(Member::waitsForJoin).findFirst();
        joined.ifPresent(member ->
                draft.become(
                        membership.withMembers(membership.members(), Optional.of(member.id()))));
        return joined.isPresent();
    }

    private static void announceGeneration(ClassicDraft draft) {
        ClassicMembership membership = draft.membership();
        Members informed =
                membership
                        .members()
                        .map(member -> {
                            if (member.waiting() instanceof Waiting.ForJoin join) {
                                draft.reply(join.to(), joined(membership, member.id()));
                            }
                            draft.silence(new NewcomerExpired(member.id()));
                            draft.renewSession(member);
                            return member.withWaiting(new Waiting.Nothing());
                        });
        draft.become(membership.withMembers(informed, membership.leader()));
    }

    /** What a member is told about the current generation. */
    static JoinOutcome joined(ClassicMembership membership, String memberId) {
        return new JoinOutcome(
                ErrorCode.NONE,
                membership.generation(),
                membership.protocolType(),
                membership.protocolName(),
                membership.leader().orElse(""),
                false,
                memberId,
                membership.isLeader(memberId) ? roster(membership) : List.of());
    }

    /** The members with their subscriptions, for the leader. */
    static List<JoinOutcome.Joined> roster(ClassicMembership membership) {
        String protocol = membership.protocolName().orElse("");
        return membership.members().all().stream()
                .map(member ->
                        new JoinOutcome.Joined(
                                member.id(), member.instanceId(), member.metadata(protocol)))
                .toList();
    }

    static void syncPhaseEnds(ClassicDraft draft) {
        Set<String> unsynced = unsynced(draft.membership().phase());
        if (unsynced.isEmpty()) {
            return;
        }
        unsynced.forEach(id -> draft.members().get(id).ifPresent(m -> remove(draft, m)));
        rebalance(draft);
    }

    private static Set<String> unsynced(Phase phase) {
        return switch (phase) {
            case CompletingRebalance completing -> completing.unsynced();
            case Stable stable -> stable.unsynced();
            case Phase.Empty empty -> Set.of();
            case PreparingRebalance preparing -> Set.of();
        };
    }

    /** Notes that a member has asked for its assignment, or will not any more. */
    static void noteSynced(ClassicDraft draft, String memberId) {
        Phase phase = draft.membership().phase();
        if (!unsynced(phase).contains(memberId)) {
            return;
        }
        Set<String> rest = new LinkedHashSet<>(unsynced(phase));
        rest.remove(memberId);
        Phase next = phase instanceof Stable ? new Stable(rest) : new CompletingRebalance(rest);
        draft.become(draft.membership().inPhase(next));
        if (rest.isEmpty()) {
            draft.silence(new SyncPhaseEnds());
        }
    }

    /** Takes a member out. What that means for the others is up to the caller. */
    static void remove(ClassicDraft draft, Member member) {
        draft.answer(member, ErrorCode.UNKNOWN_MEMBER_ID);
        draft.silence(new SessionExpired(member.id()));
        draft.silence(new NewcomerExpired(member.id()));
        noteSynced(draft, member.id());
        ClassicMembership membership = draft.membership();
        Members rest = membership.members().without(member.id());
        Optional<String> leader =
                membership.isLeader(member.id())
                        ? rest.ids().stream().findFirst()
                        : membership.leader();
        draft.become(membership.withMembers(rest, leader));
    }
}
