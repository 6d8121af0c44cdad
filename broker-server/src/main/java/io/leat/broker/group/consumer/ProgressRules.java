package io.leat.broker.group.consumer;

import io.leat.broker.group.assign.Assignor;
import io.leat.broker.group.assign.Assignors;
import io.leat.broker.group.assign.PartitionSet;
import io.leat.broker.group.assign.Target;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Epochs, targets, and how a member gets nearer to its own, whichever protocol it speaks. */
final class ProgressRules {
    private ProgressRules() {}

    /**
     * A member has been heard of: brings group and member as far as they can go now.
     *
     * @param changed whether the member is new or has other wishes
     * @param owned what the member says that it owns; empty when it does not say
     * @return the member as it is then
     */
    static ConsumerMember progress(
            ConsumerDraft draft,
            ConsumerMember member,
            boolean changed,
            Optional<PartitionSet> owned) {
        draft.become(draft.membership().with(member));
        lookForTopics(draft, changed);
        assign(draft);
        ConsumerMembership membership = draft.membership();
        Standing standing =
                member.standing()
                        .towards(
                                owned,
                                membership.target().epoch(),
                                membership.target().of(member.id()),
                                wanted -> membership.freeFor(member.id(), wanted));
        ConsumerMember moved = member.with(standing);
        draft.become(membership.with(moved));
        limitRevocation(draft, member.standing(), moved);
        return moved;
    }

    /** A new epoch begins when members or wishes have changed, or topics have. */
    private static void lookForTopics(ConsumerDraft draft, boolean changed) {
        ConsumerMembership membership = draft.membership();
        if (!changed && membership.topics().version() == draft.topics().version()) {
            return;
        }
        WantedTopics topics =
                WantedTopics.of(membership.all(), draft.topics(), membership.topics());
        boolean newEpoch = changed || !topics.partitions().equals(membership.topics().partitions());
        draft.become(membership.withTopics(topics, newEpoch));
    }

    private static void assign(ConsumerDraft draft) {
        ConsumerMembership membership = draft.membership();
        long agoMillis = draft.nowMillis() - membership.assignedMillis();
        // A clock that was set back must keep nobody waiting until it is there again.
        boolean due = agoMillis < 0 || agoMillis >= draft.assignmentIntervalMillis();
        if (membership.epoch() == membership.target().epoch() || !due) {
            return;
        }
        Assignor assignor = Assignors.named(preferred(draft));
        SortedMap<String, Assignor.Wish> wishes = new TreeMap<>();
        for (ConsumerMember member : membership.all()) {
            wishes.put(
                    member.id(),
                    new Assignor.Wish(
                            member.instanceId(),
                            membership.topics().of(member, draft.topics()),
                            membership.target().of(member.id())));
        }
        Map<String, PartitionSet> assigned =
                assignor.assign(wishes, membership.topics().partitions());
        draft.become(
                membership.withTarget(
                        new Target(membership.epoch(), assigned),
                        assignor.name(),
                        draft.nowMillis()));
    }

    /** The assignor that most members wish for; of those that are level, the broker's first. */
    private static String preferred(ConsumerDraft draft) {
        Map<String, Integer> votes = new HashMap<>();
        for (ConsumerMember member : draft.membership().all()) {
            member.assignor().ifPresent(name -> votes.merge(name, 1, Integer::sum));
        }
        String best = draft.config().consumerAssignors().getFirst();
        for (String name : draft.config().consumerAssignors()) {
            if (votes.getOrDefault(name, 0) > votes.getOrDefault(best, 0)) {
                best = name;
            }
        }
        return best;
    }

    private static void limitRevocation(
            ConsumerDraft draft, Standing before, ConsumerMember member) {
        boolean was = before.state() == Standing.State.UNREVOKED;
        boolean is = member.standing().state() == Standing.State.UNREVOKED;
        ConsumerCommand.RevocationExpired alarm =
                new ConsumerCommand.RevocationExpired(member.id());
        if (is && (!was || before.epoch() != member.standing().epoch())) {
            draft.ring(alarm, member.rebalanceTimeoutMillis());
        } else if (was && !is) {
            draft.silence(alarm);
        }
    }
}
