package io.leat.broker.group.classic;

import io.leat.broker.group.classic.ClassicCommand.Join;
import io.leat.broker.group.classic.ClassicCommand.NewcomerExpired;
import io.leat.broker.group.classic.ClassicCommand.SessionExpired;
import io.leat.broker.group.classic.Phase.CompletingRebalance;
import io.leat.broker.group.classic.Phase.InitialDelay;
import io.leat.broker.group.classic.Phase.PreparingRebalance;
import io.leat.broker.group.classic.Phase.Stable;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Optional;

/** Who may join a group, under which id, and whether that takes a rebalance. */
final class JoinRules {
    /**
     * How long one who has never been in a generation may wait for the first: it has no heartbeats
     * by which to tell that it is still there, and retries if it is.
     */
    private static final long NEWCOMER_MILLIS = 5 * 60_000;

    /** Bound on ids given out to clients that have not come back with them yet. */
    private static final int PENDING_MAX = 10_000;

    private JoinRules() {}

    static void join(ClassicDraft draft, Join join) {
        String memberId = join.member().memberId();
        if (join.timeouts().sessionMillis() < draft.config().sessionTimeoutMillisMin()
                || join.timeouts().sessionMillis() > draft.config().sessionTimeoutMillisMax()) {
            refuse(draft, join, ErrorCode.INVALID_SESSION_TIMEOUT);
        } else if (!draft.present() && !memberId.isEmpty()) {
            refuse(draft, join, ErrorCode.UNKNOWN_MEMBER_ID);
        } else if (!hasRoom(draft, join)) {
            turnAway(draft, join);
        } else if (!draft.membership().accepts(join.protocolType(), join.protocols())) {
            refuse(draft, join, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        } else if (memberId.isEmpty()) {
            joinAnew(draft, join);
        } else {
            joinAgain(draft, join);
        }
    }

    private static void refuse(ClassicDraft draft, Join join, ErrorCode error) {
        draft.reply(join.to(), JoinOutcome.refused(error, join.member().memberId()));
    }

    private static boolean hasRoom(ClassicDraft draft, Join join) {
        Members members = draft.members();
        Optional<Member> self = members.get(join.member().memberId());
        if (self.isEmpty() && join.member().memberId().isEmpty()) {
            // A static member that comes back takes its own place.
            self = join.member().instanceId().flatMap(members::withInstance);
        }
        int max = draft.config().membersMax();
        return switch (draft.membership().phase()) {
            case Phase.Empty empty -> draft.membership().pending().size() < PENDING_MAX;
            // Counts those who have joined: when the limit was lowered, the last ones are out.
            case PreparingRebalance preparing ->
                    self.filter(Member::waitsForJoin).isPresent() || members.waitingForJoin() < max;
            case CompletingRebalance completing -> self.isPresent() || members.size() < max;
            case Stable stable -> self.isPresent() || members.size() < max;
        };
    }

    private static void turnAway(ClassicDraft draft, Join join) {
        String memberId = join.member().memberId();
        draft.members().get(memberId).ifPresent(m -> RebalanceRules.remove(draft, m));
        draft.become(draft.membership().withoutPending(memberId));
        draft.reply(join.to(), JoinOutcome.refused(ErrorCode.GROUP_MAX_SIZE_REACHED, ""));
        RebalanceRules.completeIfAllJoined(draft);
    }

    private static void joinAnew(ClassicDraft draft, Join join) {
        String newId = join.options().newMemberId();
        Optional<Member> predecessor =
                join.member().instanceId().flatMap(draft.members()::withInstance);
        if (predecessor.isPresent()) {
            replace(draft, join, predecessor.get());
        } else if (join.member().instanceId().isEmpty() && join.options().idFirst()) {
            draft.become(draft.membership().withPending(newId));
            draft.ring(new NewcomerExpired(newId), join.timeouts().sessionMillis());
            draft.reply(join.to(), JoinOutcome.refused(ErrorCode.MEMBER_ID_REQUIRED, newId));
        } else {
            add(draft, join, newId);
        }
    }

    private static void add(ClassicDraft draft, Join join, String memberId) {
        ClassicMembership membership = draft.membership();
        if (membership.members().isEmpty()) {
            membership = membership.withProtocolType(join.protocolType());
        }
        if (membership.phase() instanceof PreparingRebalance preparing
                && preparing.initial().isPresent()) {
            long remainingMillis = preparing.initial().get().remainingMillis();
            membership =
                    membership.inPhase(
                            new PreparingRebalance(
                                    Optional.of(new InitialDelay(remainingMillis, true))));
        }
        Member member =
                new Member(
                        memberId,
                        join.member().instanceId(),
                        join.client(),
                        join.timeouts(),
                        join.protocols(),
                        Bytes.EMPTY,
                        new Waiting.ForJoin(join.to()));
        draft.become(membership.withoutPending(memberId).withMember(member));
        draft.ring(new NewcomerExpired(memberId), NEWCOMER_MILLIS);
        RebalanceRules.rebalanceOrComplete(draft);
    }

    private static void joinAgain(ClassicDraft draft, Join join) {
        ClassicMembership membership = draft.membership();
        String memberId = join.member().memberId();
        if (membership.pending().contains(memberId) && join.member().instanceId().isEmpty()) {
            add(draft, join, memberId);
            return;
        }
        Optional<ErrorCode> stranger = Strangers.check(membership, join.member());
        Optional<Member> self = membership.members().get(memberId);
        if (stranger.isPresent() || self.isEmpty()) {
            refuse(draft, join, stranger.orElse(ErrorCode.UNKNOWN_MEMBER_ID));
            return;
        }
        boolean changed = !self.get().protocols().equals(join.protocols());
        switch (membership.phase()) {
            case PreparingRebalance preparing -> update(draft, join, self.get());
            // Unchanged: it may have missed the answer to its first join.
            case CompletingRebalance completing when !changed ->
                    draft.reply(join.to(), RebalanceRules.joined(membership, memberId));
            case CompletingRebalance completing -> update(draft, join, self.get());
            // The leader knows of changes that no subscription shows, such as new partitions.
            case Stable stable when changed || membership.isLeader(memberId) ->
                    update(draft, join, self.get());
            case Stable stable ->
                    draft.reply(join.to(), RebalanceRules.joined(membership, memberId));
            case Phase.Empty empty -> refuse(draft, join, ErrorCode.UNKNOWN_MEMBER_ID);
        }
    }

    private static void update(ClassicDraft draft, Join join, Member self) {
        Member waiting =
                draft.park(self, new Waiting.ForJoin(join.to()))
                        .withSubscription(join.protocols(), join.timeouts());
        draft.become(draft.membership().withMember(waiting));
        RebalanceRules.rebalanceOrComplete(draft);
    }

    /** A static member comes back under a new id, which shuts its predecessor out (KIP-345). */
    private static void replace(ClassicDraft draft, Join join, Member predecessor) {
        String oldLeader = draft.membership().leader().orElse("");
        draft.answer(predecessor, ErrorCode.FENCED_INSTANCE_ID);
        draft.silence(new SessionExpired(predecessor.id()));
        draft.silence(new NewcomerExpired(predecessor.id()));
        RebalanceRules.noteSynced(draft, predecessor.id());
        Member successor =
                new Member(
                        join.options().newMemberId(),
                        predecessor.instanceId(),
                        join.client(),
                        join.timeouts(),
                        join.protocols(),
                        predecessor.assignment(),
                        new Waiting.ForJoin(join.to()));
        ClassicMembership membership = draft.membership();
        draft.become(
                membership.withMembers(
                        membership.members().without(predecessor.id()).with(successor),
                        membership.isLeader(predecessor.id())
                                ? Optional.of(successor.id())
                                : membership.leader()));
        draft.renewSession(successor);
        boolean stable = membership.phase() instanceof Stable;
        if (stable && sameGeneration(draft.membership(), predecessor, successor)) {
            keepAssignment(draft, join, successor, oldLeader);
        } else {
            // While completing, the leader may be assigning to the id that was replaced.
            RebalanceRules.rebalanceOrComplete(draft);
        }
    }

    /** Whether the generation would come out the same with the successor's subscription. */
    private static boolean sameGeneration(
            ClassicMembership membership, Member predecessor, Member successor) {
        if (!membership.members().electProtocol().equals(membership.protocolName())) {
            return false;
        }
        if (!membership.isConsumer()) {
            return true;
        }
        String protocol = membership.protocolName().orElse("");
        return Subscriptions.topics(predecessor.metadata(protocol))
                .equals(Subscriptions.topics(successor.metadata(protocol)));
    }

    private static void keepAssignment(
            ClassicDraft draft, Join join, Member successor, String oldLeader) {
        draft.become(draft.membership().withMember(successor.withWaiting(new Waiting.Nothing())));
        draft.writeMembership();
        ClassicMembership membership = draft.membership();
        boolean leads = membership.isLeader(successor.id());
        boolean canSkip = join.options().canSkipAssignment();
        draft.reply(
                join.to(),
                new JoinOutcome(
                        ErrorCode.NONE,
                        membership.generation(),
                        membership.protocolType(),
                        membership.protocolName(),
                        // One who cannot skip must not take itself for the leader.
                        canSkip ? membership.leader().orElse("") : oldLeader,
                        canSkip && leads,
                        successor.id(),
                        canSkip && leads ? RebalanceRules.roster(membership) : List.of()));
    }
}
