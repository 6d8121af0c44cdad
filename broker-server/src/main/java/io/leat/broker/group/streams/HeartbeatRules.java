package io.leat.broker.group.streams;

import io.leat.broker.config.GroupKeys;
import io.leat.broker.group.streams.HeartbeatOutcome.EndpointPartitions;
import io.leat.broker.group.streams.StreamsCommand.Heartbeat;
import io.leat.broker.group.streams.StreamsCommand.Profile;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Members join, are heard of, and leave. */
final class HeartbeatRules {
    private HeartbeatRules() {}

    static void heartbeat(StreamsDraft draft, Heartbeat heartbeat) {
        StreamsMembership before = draft.membership();
        try {
            if (heartbeat.epoch() == 0) {
                join(draft, heartbeat);
            } else if (heartbeat.epoch() > 0) {
                goOn(draft, heartbeat);
            } else {
                leave(draft, heartbeat);
            }
        } catch (Refusal refusal) {
            draft.become(before);
            draft.reply(
                    heartbeat.to(),
                    HeartbeatOutcome.refused(
                            refusal.error(), String.valueOf(refusal.getMessage())));
        }
    }

    private static void join(StreamsDraft draft, Heartbeat heartbeat) {
        String memberId = heartbeat.member().memberId();
        Optional<StreamsMember> before = predecessor(draft, heartbeat);
        if (before.isEmpty() && draft.membership().size() >= draft.config().streamsMembersMax()) {
            throw new Refusal(
                    ErrorCode.GROUP_MAX_SIZE_REACHED,
                    "The group has %d members, which is all it may have"
                            .formatted(draft.membership().size()));
        }
        Topology topology = heartbeat.topology().orElseThrow();
        boolean otherTopology = take(draft, topology, before);
        waitForMore(draft);
        before.filter(member -> !member.id().equals(memberId))
                .ifPresent(member -> {
                    draft.silence(member.id());
                    draft.become(
                            draft.membership().replaced(member.id(), member.replacedBy(memberId)));
                });
        StreamsMember member = described(before, heartbeat, topology.epoch());
        boolean changed = otherTopology || before.isEmpty() || member.isOtherThan(before.get());
        answer(draft, heartbeat, member, changed, Optional.of(Tasks.NONE));
    }

    /**
     * Takes a topology for the group's, where it has none or nobody else runs it.
     *
     * @return whether the group has another topology now
     */
    private static boolean take(
            StreamsDraft draft, Topology topology, Optional<StreamsMember> before) {
        StreamsMembership membership = draft.membership();
        Optional<Topology> stored = membership.topology();
        if (stored.filter(topology::equals).isPresent()) {
            return false;
        }
        boolean alone = membership.size() == (before.isPresent() ? 1 : 0);
        if (stored.isPresent() && !alone) {
            int epoch = stored.get().epoch();
            if (topology.epoch() < epoch) {
                return false; // a member of before, which is told so and gets no tasks
            }
            throw new Refusal(
                    ErrorCode.STREAMS_INVALID_TOPOLOGY_EPOCH,
                    topology.epoch() == epoch
                            ? "The topology is not that of the group's members: stop them first"
                            : "The topology is of epoch %d and the group's members are in %d: stop them first"
                                    .formatted(topology.epoch(), epoch));
        }
        draft.become(
                membership.with(
                        topology,
                        ResolvedTopology.stored(new TreeMap<>(membership.resolved().tasks()))));
        return true;
    }

    /** The first member waits a moment for others, so that all are assigned once. */
    private static void waitForMore(StreamsDraft draft) {
        StreamsMembership membership = draft.membership();
        int delayMillis = draft.setting(GroupKeys.STREAMS_INITIAL_REBALANCE_DELAY_MS);
        if (membership.isEmpty() && delayMillis > 0) {
            draft.become(
                    membership.with(
                            membership.passing().delayedUntil(draft.nowMillis() + delayMillis)));
        }
    }

    /** The member itself from before, or the one whose instance it continues. */
    private static Optional<StreamsMember> predecessor(StreamsDraft draft, Heartbeat heartbeat) {
        String memberId = heartbeat.member().memberId();
        Optional<String> instanceId = heartbeat.member().instanceId();
        if (instanceId.isEmpty()) {
            return draft.membership().get(memberId);
        }
        Optional<StreamsMember> before = draft.membership().withInstance(instanceId.get());
        before.filter(member -> !member.id().equals(memberId))
                .filter(member -> !member.standing().isAway())
                .ifPresent(member -> {
                    throw new Refusal(
                            ErrorCode.UNRELEASED_INSTANCE_ID,
                            "Member %s still uses instance id %s"
                                    .formatted(member.id(), instanceId.get()));
                });
        return before;
    }

    /** The member with what it says of itself. It owns nothing yet. */
    private static StreamsMember described(
            Optional<StreamsMember> before, Heartbeat heartbeat, int topologyEpoch) {
        Profile profile = heartbeat.profile();
        // One that joins again has given up all it had, but a static one that comes back has its
        // place kept.
        Standing standing =
                before.filter(member ->
                                member.standing().isAway()
                                        || !member.id().equals(heartbeat.member().memberId()))
                        .map(member -> member.standing().back())
                        .orElse(Standing.NEW);
        return new StreamsMember(
                heartbeat.member().memberId(),
                heartbeat.member().instanceId(),
                profile.rackId(),
                profile.client(),
                profile.rebalanceTimeoutMillis().orElse(0),
                topologyEpoch,
                profile.processId().orElse(heartbeat.member().memberId()),
                profile.endpoint(),
                profile.tags().orElseGet(TreeMap::new),
                standing);
    }

    private static void goOn(StreamsDraft draft, Heartbeat heartbeat) {
        StreamsMember before = draft.membership().known(heartbeat.member());
        checkEpoch(before.standing(), heartbeat);
        Profile profile = heartbeat.profile();
        StreamsMember member =
                new StreamsMember(
                        before.id(),
                        before.instanceId(),
                        profile.rackId().or(before::rackId),
                        profile.client(),
                        profile.rebalanceTimeoutMillis().orElse(before.rebalanceTimeoutMillis()),
                        before.topologyEpoch(),
                        profile.processId().orElse(before.processId()),
                        profile.endpoint().or(before::endpoint),
                        profile.tags().orElse(before.tags()),
                        before.standing());
        answer(draft, heartbeat, member, member.isOtherThan(before), heartbeat.owned());
    }

    /**
     * A member in the epoch before its own has missed an answer, and may go on when it owns nothing
     * that is not its own.
     */
    private static void checkEpoch(Standing standing, Heartbeat heartbeat) {
        boolean current = heartbeat.epoch() == standing.epoch();
        boolean missedOne =
                heartbeat.epoch() < standing.epoch()
                        && heartbeat.epoch() == standing.previousEpoch()
                        && heartbeat.owned().filter(standing.assigned()::containsAll).isPresent();
        if (!current && !missedOne) {
            throw new Refusal(
                    ErrorCode.FENCED_MEMBER_EPOCH,
                    "The member says it is in epoch %d and is in %d: it has to give all up and join again"
                            .formatted(heartbeat.epoch(), standing.epoch()));
        }
    }

    private static void answer(
            StreamsDraft draft,
            Heartbeat heartbeat,
            StreamsMember described,
            boolean changed,
            Optional<Tasks> owned) {
        Optional<StreamsMember> before = draft.membership().get(described.id());
        tell(draft, described.id(), heartbeat);
        StreamsMember member = ProgressRules.progress(draft, described, changed, owned);
        draft.renewSession(member);
        boolean moved =
                before.isEmpty()
                        || !before.get().endpoint().equals(member.endpoint())
                        || !before.get().standing().assigned().equals(member.standing().assigned());
        if (moved && member.endpoint().isPresent()) {
            draft.become(draft.membership().withEndpointsChanged());
        }
        StreamsMembership membership = draft.membership();
        Tasks assigned = member.standing().assigned();
        boolean news =
                heartbeat.epoch() == 0
                        || !assigned.equals(described.standing().assigned())
                        || heartbeat.owned().filter(own -> !own.equals(assigned)).isPresent();
        boolean knowsEndpoints = heartbeat.endpointEpoch() == membership.endpointEpoch();
        Optional<List<EndpointPartitions>> endpoints =
                knowsEndpoints ? Optional.empty() : Optional.of(EndpointRules.tell(membership));
        draft.reply(
                heartbeat.to(),
                new HeartbeatOutcome(
                        ErrorCode.NONE,
                        Optional.empty(),
                        member.id(),
                        member.standing().epoch(),
                        draft.pace(member),
                        statuses(draft, member),
                        news ? Optional.of(assigned) : Optional.empty(),
                        membership.endpointEpoch(),
                        endpoints,
                        membership.resolved().missing()));
    }

    /** Takes note of what the member says of its states, and of whether all are to stop. */
    private static void tell(StreamsDraft draft, String memberId, Heartbeat heartbeat) {
        Passing passing = draft.membership().passing();
        Profile profile = heartbeat.profile();
        if (profile.offsets().isPresent() || profile.ends().isPresent()) {
            MemberProgress known = passing.of(memberId);
            passing =
                    passing.with(
                            memberId,
                            new MemberProgress(
                                    profile.offsets().orElse(known.offsets()),
                                    profile.ends().orElse(known.ends())));
        }
        if (heartbeat.shutdown()) {
            passing = passing.shutdownBy(memberId);
        }
        if (!passing.equals(draft.membership().passing())) {
            draft.become(draft.membership().with(passing));
        }
    }

    private static List<Status> statuses(StreamsDraft draft, StreamsMember member) {
        StreamsMembership membership = draft.membership();
        List<Status> statuses = new ArrayList<>();
        int epoch = membership.topology().map(Topology::epoch).orElse(0);
        if (member.topologyEpoch() < epoch) {
            statuses.add(
                    new Status(
                            Status.Kind.STALE_TOPOLOGY,
                            "The member's topology epoch %d is behind the group's topology epoch %d."
                                    .formatted(member.topologyEpoch(), epoch)));
        }
        membership.resolved().flaw().ifPresent(statuses::add);
        membership
                .passing()
                .shutdownBy()
                .ifPresent(id ->
                        statuses.add(
                                new Status(
                                        Status.Kind.SHUTDOWN_APPLICATION,
                                        "Member %s asked all members of the group to stop."
                                                .formatted(id))));
        if (membership.epoch() > membership.target().epoch()) {
            statuses.add(
                    new Status(
                            Status.Kind.ASSIGNMENT_DELAYED,
                            "The group waits for more members before it assigns tasks."));
        }
        return statuses;
    }

    private static void leave(StreamsDraft draft, Heartbeat heartbeat) {
        StreamsMember member = draft.membership().known(heartbeat.member());
        if (heartbeat.shutdown()) {
            draft.become(
                    draft.membership().with(draft.membership().passing().shutdownBy(member.id())));
        }
        if (heartbeat.epoch() == Standing.AWAY && member.isStatic()) {
            draft.silence(new StreamsCommand.RevocationExpired(member.id()));
            draft.become(draft.membership().with(member.with(member.standing().away())));
        } else {
            StreamsRules.remove(draft, member);
        }
        draft.reply(heartbeat.to(), HeartbeatOutcome.left(member.id(), heartbeat.epoch()));
    }
}
