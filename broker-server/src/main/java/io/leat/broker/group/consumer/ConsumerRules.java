package io.leat.broker.group.consumer;

import io.leat.broker.group.classic.ClassicCommand;
import java.util.Optional;
import java.util.function.Predicate;

/** What happens to the members of a consumer group, by either protocol. */
public final class ConsumerRules {
    private ConsumerRules() {}

    public static void decide(ConsumerDraft draft, ConsumerCommand command) {
        switch (command) {
            case ConsumerCommand.Heartbeat heartbeat -> HeartbeatRules.heartbeat(draft, heartbeat);
            case ConsumerCommand.SessionExpired expired ->
                    expire(draft, expired.memberId(), member -> true);
            case ConsumerCommand.RevocationExpired expired ->
                    expire(
                            draft,
                            expired.memberId(),
                            member -> member.standing().state() == Standing.State.UNREVOKED);
            case ConsumerCommand.ClassicStepExpired expired ->
                    expire(
                            draft,
                            expired.memberId(),
                            member ->
                                    member.classic()
                                            .filter(side -> side.step() != ClassicSide.Step.NONE)
                                            .isPresent());
        }
    }

    /** A member of the classic protocol in a consumer group asks for something. */
    public static void decide(ConsumerDraft draft, ClassicCommand command) {
        switch (command) {
            case ClassicCommand.Join join -> ClassicJoinRules.join(draft, join);
            case ClassicCommand.Sync sync -> ClassicMemberRules.sync(draft, sync);
            case ClassicCommand.Heartbeat heartbeat ->
                    ClassicMemberRules.heartbeat(draft, heartbeat);
            case ClassicCommand.Leave leave -> ClassicMemberRules.leave(draft, leave);
            // Alarms of the time before the group became a consumer group.
            case ClassicCommand.SessionExpired expired -> {}
            case ClassicCommand.NewcomerExpired expired -> {}
            case ClassicCommand.JoinPhaseEnds ends -> {}
            case ClassicCommand.SyncPhaseEnds ends -> {}
        }
    }

    /**
     * After a start, or after the group has become a consumer group, members go on where they were:
     * each gets a full session to be heard of.
     */
    public static void resume(ConsumerDraft draft) {
        for (ConsumerMember member : draft.membership().all()) {
            draft.renewSession(member);
            if (member.standing().state() == Standing.State.UNREVOKED) {
                draft.ring(
                        new ConsumerCommand.RevocationExpired(member.id()),
                        member.rebalanceTimeoutMillis());
            }
        }
    }

    /** The group is to be of another protocol: nothing is waited for any more. */
    public static void dismiss(ConsumerDraft draft) {
        draft.membership().all().forEach(member -> draft.silence(member.id()));
    }

    private static void expire(
            ConsumerDraft draft, String memberId, Predicate<ConsumerMember> condition) {
        Optional<ConsumerMember> member = draft.membership().get(memberId);
        member.filter(condition).ifPresent(gone -> remove(draft, gone));
    }

    /** Takes a member out, which makes a new epoch. The others hear of it in their heartbeats. */
    static void remove(ConsumerDraft draft, ConsumerMember member) {
        draft.silence(member.id());
        ConsumerMembership rest = draft.membership().without(member.id(), draft.nowMillis());
        draft.become(
                rest.withTopics(WantedTopics.of(rest.all(), draft.topics(), rest.topics()), false));
    }
}
