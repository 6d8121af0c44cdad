package io.leat.broker.group.streams;

import io.leat.broker.config.GroupKeys;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Epochs, targets, and how a member gets nearer to its own. */
final class ProgressRules {
    private ProgressRules() {}

    /**
     * A member has been heard of: brings group and member as far as they can go now.
     *
     * @param changed whether the member is new or other than before
     * @param owned what the member says that it owns; empty when it does not say
     * @return the member as it is then
     */
    static StreamsMember progress(
            StreamsDraft draft, StreamsMember member, boolean changed, Optional<Tasks> owned) {
        draft.become(draft.membership().with(member));
        lookForTopics(draft, changed);
        assign(draft);
        warmUp(draft);
        StreamsMembership membership = draft.membership();
        Standing standing =
                member.standing()
                        .towards(
                                owned,
                                membership.target().epoch(),
                                membership.target().of(member.id()),
                                wanted -> membership.freeFor(member, wanted));
        StreamsMember moved = member.with(standing);
        draft.become(membership.with(moved));
        limitRevocation(draft, member.standing(), moved);
        return moved;
    }

    /** A new epoch begins when members, the topology, its topics or the settings have changed. */
    private static void lookForTopics(StreamsDraft draft, boolean changed) {
        StreamsMembership membership = draft.membership();
        Topology topology = membership.topology().orElseThrow();
        boolean otherTasks = false;
        if (membership.resolved().version() != draft.topics().version()) {
            ResolvedTopology resolved = TopologyRules.resolve(topology, draft.topics());
            otherTasks = !resolved.tasks().equals(membership.resolved().tasks());
            draft.become(membership.with(topology, resolved));
        }
        boolean otherSettings =
                membership.epoch() == membership.target().epoch()
                        && !membership.target().ideal().isEmpty()
                        && membership.target().standbys() != standbys(draft);
        if (changed || otherTasks || otherSettings) {
            draft.become(draft.membership().inNextEpoch());
        }
    }

    private static int standbys(StreamsDraft draft) {
        return draft.setting(GroupKeys.STREAMS_NUM_STANDBY_REPLICAS);
    }

    private static void assign(StreamsDraft draft) {
        StreamsMembership membership = draft.membership();
        Passing passing = membership.passing();
        int intervalMillis = draft.setting(GroupKeys.STREAMS.assignmentIntervalMs());
        boolean due =
                draft.nowMillis() - passing.assignedMillis() >= intervalMillis
                        && draft.nowMillis() >= passing.delayedUntilMillis();
        if (membership.epoch() == membership.target().epoch() || !due) {
            return;
        }
        SortedMap<String, TaskAssignor.Candidate> candidates = new TreeMap<>();
        int topologyEpoch = membership.topology().orElseThrow().epoch();
        for (StreamsMember member : membership.all()) {
            if (member.topologyEpoch() == topologyEpoch) {
                candidates.put(
                        member.id(),
                        new TaskAssignor.Candidate(
                                member.processId(), membership.target().idealOf(member.id())));
            }
        }
        SortedMap<String, Tasks> ideal =
                TaskAssignor.assign(
                        candidates,
                        membership.resolved().tasks(),
                        stateful(membership),
                        standbys(draft));
        draft.become(
                membership
                        .with(
                                new StreamsTarget(
                                        membership.epoch(),
                                        standbys(draft),
                                        ideal,
                                        warmedUp(draft, ideal, new TreeMap<>())))
                        .with(passing.assignedAt(draft.nowMillis())));
    }

    private static Set<String> stateful(StreamsMembership membership) {
        return membership.topology().orElseThrow().subtopologies().values().stream()
                .filter(Subtopology::isStateful)
                .map(Subtopology::id)
                .collect(Collectors.toSet());
    }

    /** When states have come nearer to where they are wanted, tasks follow, in a new epoch. */
    private static void warmUp(StreamsDraft draft) {
        StreamsMembership membership = draft.membership();
        StreamsTarget target = membership.target();
        if (target.isIdeal() || target.epoch() != membership.epoch()) {
            return;
        }
        SortedMap<String, Tasks> now = warmedUp(draft, target.ideal(), target.members());
        if (!now.equals(target.members())) {
            StreamsMembership next = membership.inNextEpoch();
            draft.become(
                    next.with(
                            new StreamsTarget(
                                    next.epoch(), target.standbys(), target.ideal(), now)));
        }
    }

    private static SortedMap<String, Tasks> warmedUp(
            StreamsDraft draft, SortedMap<String, Tasks> ideal, SortedMap<String, Tasks> now) {
        return new WarmUpRules(
                        draft.membership(),
                        stateful(draft.membership()),
                        draft.setting(GroupKeys.STREAMS_ACCEPTABLE_RECOVERY_LAG),
                        draft.setting(GroupKeys.STREAMS_NUM_WARMUP_REPLICAS))
                .refine(ideal, now);
    }

    private static void limitRevocation(StreamsDraft draft, Standing before, StreamsMember member) {
        boolean was = before.state() == Standing.State.UNREVOKED;
        boolean is = member.standing().state() == Standing.State.UNREVOKED;
        StreamsCommand.RevocationExpired alarm = new StreamsCommand.RevocationExpired(member.id());
        if (is && (!was || before.epoch() != member.standing().epoch())) {
            draft.ring(alarm, member.rebalanceTimeoutMillis());
        } else if (was && !is) {
            draft.silence(alarm);
        }
    }
}
