package io.leat.broker.group.streams;

import io.leat.broker.config.GroupKeys;
import io.leat.broker.group.streams.WarmUpRules.Patience;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Epochs, targets, and how a member gets nearer to its own. */
final class ProgressRules {
    /**
     * For how many of the intervals in which members tell how far their states are they are waited
     * for: they keep to their own times, and heartbeats are late.
     */
    private static final long PATIENCE_INTERVALS = 2;

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
        int intervalMillis = draft.setting(GroupKeys.STREAMS.assignmentIntervalMs());
        if (membership.epoch() == membership.target().epoch()
                || assignedWithin(draft, intervalMillis)
                || isDelayed(draft)) {
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
        // What warms up is not given up because a start has come in between.
        Patience patience = new Patience(!membership.target().isIdeal() && mayYetTell(draft), true);
        draft.become(
                membership
                        .with(
                                new StreamsTarget(
                                        membership.epoch(),
                                        standbys(draft),
                                        ideal,
                                        warmedUp(draft, patience, ideal, new TreeMap<>())))
                        .with(membership.passing().assignedAt(draft.nowMillis())));
    }

    /** Whether the target is that young. It is not when the clock has been set back since. */
    private static boolean assignedWithin(StreamsDraft draft, long millis) {
        long agoMillis = draft.nowMillis() - draft.membership().passing().assignedMillis();
        return agoMillis >= 0 && agoMillis < millis;
    }

    /** Whether the group waits for more members, which is never for longer than it is set to. */
    private static boolean isDelayed(StreamsDraft draft) {
        int delayMillis = draft.setting(GroupKeys.STREAMS_INITIAL_REBALANCE_DELAY_MS);
        long leftMillis = draft.membership().passing().delayedUntilMillis() - draft.nowMillis();
        return leftMillis > 0 && leftMillis <= delayMillis;
    }

    /** Whether members may not have had the time to tell how far their states are. */
    private static boolean mayYetTell(StreamsDraft draft) {
        int intervalMillis = draft.setting(GroupKeys.STREAMS_TASK_OFFSET_INTERVAL_MS);
        return assignedWithin(draft, PATIENCE_INTERVALS * intervalMillis);
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
        boolean mayYetTell = mayYetTell(draft);
        Patience patience = new Patience(mayYetTell, mayYetTell);
        SortedMap<String, Tasks> now = warmedUp(draft, patience, target.ideal(), target.members());
        if (!now.equals(target.members())) {
            StreamsMembership next = membership.inNextEpoch();
            draft.become(
                    next.with(
                            new StreamsTarget(
                                    next.epoch(), target.standbys(), target.ideal(), now)));
        }
    }

    private static SortedMap<String, Tasks> warmedUp(
            StreamsDraft draft,
            Patience patience,
            SortedMap<String, Tasks> ideal,
            SortedMap<String, Tasks> now) {
        return new WarmUpRules(
                        draft.membership(),
                        stateful(draft.membership()),
                        draft.setting(GroupKeys.STREAMS_ACCEPTABLE_RECOVERY_LAG),
                        draft.setting(GroupKeys.STREAMS_NUM_WARMUP_REPLICAS),
                        patience)
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
