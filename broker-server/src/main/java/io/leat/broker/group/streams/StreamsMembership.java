package io.leat.broker.group.streams;

import io.leat.broker.coordinator.HeapBytes;
import io.leat.broker.group.member.Identity;
import io.leat.broker.group.member.Retention;
import io.leat.broker.group.member.Roster;
import io.leat.wire.ErrorCode;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who is in a streams group. Immutable.
 *
 * <p>Invariants: no task is run by two members, and none is held twice in a process; a member's
 * epoch is at most the target's, which is at most the group's; at most one member has a given
 * instance id.
 *
 * @param epoch goes up with every change of the members, the topology or its topics
 * @param target what members are to own
 * @param members by id
 * @param topology empty before the first member that joins
 * @param resolved what the topology came to when its topics were last looked at
 * @param endpointEpoch goes up with every change of who answers interactive queries on what
 * @param passing what is not in the state store
 * @param sinceMillis since when the group is empty, ms since the epoch
 */
public record StreamsMembership(
        int epoch,
        StreamsTarget target,
        SortedMap<String, StreamsMember> members,
        Optional<Topology> topology,
        ResolvedTopology resolved,
        int endpointEpoch,
        Passing passing,
        long sinceMillis)
        implements Roster {
    public StreamsMembership {
        members = Collections.unmodifiableSortedMap(members);
    }

    /**
     * A group that never had members of this protocol. Its target is in an epoch of its own, that
     * of members that wait for more of them to come.
     */
    public static StreamsMembership none(int epochBefore, long nowMillis) {
        return new StreamsMembership(
                epochBefore + 1,
                StreamsTarget.none(epochBefore + 1),
                new TreeMap<>(),
                Optional.empty(),
                ResolvedTopology.NONE,
                0,
                Passing.NONE,
                nowMillis);
    }

    @Override
    public String state() {
        if (isEmpty()) {
            return "Empty";
        }
        if (resolved.flaw().isPresent()) {
            return "NotReady";
        }
        if (epoch > target.epoch()) {
            return "Assigning";
        }
        return members.values().stream().allMatch(this::isSettled) ? "Stable" : "Reconciling";
    }

    /** Whether the member is where the target wants it. */
    boolean isSettled(StreamsMember member) {
        return member.standing().state() == Standing.State.STABLE
                && member.standing().epoch() == target.epoch();
    }

    @Override
    public boolean isEmpty() {
        return members.isEmpty();
    }

    @Override
    public int size() {
        return members.size();
    }

    @Override
    public Optional<String> protocolType() {
        return Optional.of("streams");
    }

    public Optional<StreamsMember> get(String memberId) {
        return Optional.ofNullable(members.get(memberId));
    }

    public Optional<StreamsMember> withInstance(String instanceId) {
        return members.values().stream()
                .filter(member -> member.instanceId().filter(instanceId::equals).isPresent())
                .findFirst();
    }

    /** All members, in the order of their ids. */
    public Collection<StreamsMember> all() {
        return members.values();
    }

    /**
     * Finds who asks.
     *
     * @throws Refusal {@code FENCED_INSTANCE_ID} for one whose place another has taken, {@code
     *     UNKNOWN_MEMBER_ID} for anyone else who is not a member
     */
    StreamsMember known(Identity identity) {
        if (identity.instanceId().isEmpty()) {
            return get(identity.memberId())
                    .orElseThrow(() ->
                            new Refusal(
                                    ErrorCode.UNKNOWN_MEMBER_ID,
                                    "There is no member " + identity.memberId()));
        }
        String instanceId = identity.instanceId().get();
        StreamsMember member =
                withInstance(instanceId)
                        .orElseThrow(() ->
                                new Refusal(
                                        ErrorCode.UNKNOWN_MEMBER_ID,
                                        "There is no member of instance id " + instanceId));
        if (!member.id().equals(identity.memberId())) {
            throw new Refusal(
                    ErrorCode.FENCED_INSTANCE_ID,
                    "Member %s of instance id %s was replaced by %s"
                            .formatted(identity.memberId(), instanceId, member.id()));
        }
        return member;
    }

    /**
     * Of {@code wanted}, what a member may have now: tasks to run that nobody runs, and in any role
     * only those that no other member of its process has.
     */
    Tasks freeFor(StreamsMember asker, Tasks wanted) {
        Tasks free = wanted;
        for (StreamsMember member : members.values()) {
            if (member.id().equals(asker.id())) {
                continue;
            }
            Tasks held = member.standing().held();
            TaskSet here = member.processId().equals(asker.processId()) ? held.all() : TaskSet.NONE;
            free =
                    new Tasks(
                            free.active().minus(held.active()).minus(here),
                            free.standby().minus(here),
                            free.warmup().minus(here));
        }
        return free;
    }

    @Override
    public Optional<ErrorCode> refuseCommit(Identity asker, int epoch, boolean inTransaction) {
        if (epoch < 0 && isEmpty()) {
            return Optional.empty(); // an administrator
        }
        boolean anonymous = epoch < 0 && asker.memberId().isEmpty() && asker.instanceId().isEmpty();
        if (anonymous && inTransaction) {
            return Optional.empty(); // old producers name no member, and are let through
        }
        Optional<ErrorCode> refusal = refuse(asker, epoch);
        // Producers know of generations only.
        return inTransaction && refusal.equals(Optional.of(ErrorCode.STALE_MEMBER_EPOCH))
                ? Optional.of(ErrorCode.ILLEGAL_GENERATION)
                : refusal;
    }

    @Override
    public Optional<ErrorCode> refuseFetch(Identity asker, int epoch) {
        return refuse(asker, epoch);
    }

    private Optional<ErrorCode> refuse(Identity asker, int epoch) {
        try {
            return known(asker).standing().isLoyalSince(epoch)
                    ? Optional.empty()
                    : Optional.of(ErrorCode.STALE_MEMBER_EPOCH);
        } catch (Refusal e) {
            return Optional.of(e.error());
        }
    }

    @Override
    public boolean knowsSubscriptions() {
        return true;
    }

    @Override
    public boolean mayRead(String topic) {
        return !isEmpty()
                && (resolved.reads(topic)
                        || topology.stream()
                                .flatMap(it -> it.subtopologies().values().stream())
                                .anyMatch(part -> part.reads(topic)));
    }

    @Override
    public long heapBytes() {
        long bytes =
                HeapBytes.OBJECT
                        + topology.map(Topology::heapBytes).orElse(0L)
                        + resolved.heapBytes()
                        + target.heapBytes()
                        + passing.heapBytes();
        for (StreamsMember member : members.values()) {
            bytes += member.heapBytes();
        }
        return bytes;
    }

    @Override
    public Retention retention() {
        return isEmpty()
                ? new Retention.SinceEmpty(sinceMillis)
                : new Retention.SinceCommit(this::mayRead);
    }

    @Override
    public void check() {
        if (target.epoch() > epoch) {
            throw new IllegalStateException(
                    "target epoch " + target.epoch() + " in group epoch " + epoch);
        }
        for (StreamsMember member : members.values()) {
            if (member.standing().epoch() > target.epoch()) {
                throw new IllegalStateException(
                        "member %s in epoch %d, target in %d"
                                .formatted(member.id(), member.standing().epoch(), target.epoch()));
            }
        }
    }

    /**
     * Checks that no task is run by two members or held twice in a process. Costs more than a
     * decision may, so tests call it.
     *
     * @throws IllegalStateException when one is
     */
    public void checkOwners() {
        Set<Task> run = new HashSet<>();
        Set<String> held = new HashSet<>();
        for (StreamsMember member : members.values()) {
            for (Task task : member.standing().held().active()) {
                if (!run.add(task)) {
                    throw new IllegalStateException(member.id() + " runs " + task + " too");
                }
            }
            for (Task task : member.standing().held().all()) {
                if (!held.add(member.processId() + " " + task)) {
                    throw new IllegalStateException(
                            "process %s has %s twice".formatted(member.processId(), task));
                }
            }
        }
    }

    StreamsMembership with(StreamsMember member) {
        SortedMap<String, StreamsMember> changed = new TreeMap<>(members);
        changed.put(member.id(), member);
        return new StreamsMembership(
                epoch, target, changed, topology, resolved, endpointEpoch, passing, sinceMillis);
    }

    /** Without a member, and in a new epoch. */
    StreamsMembership without(String memberId, long nowMillis) {
        SortedMap<String, StreamsMember> rest = new TreeMap<>(members);
        rest.remove(memberId);
        return new StreamsMembership(
                epoch + 1,
                target.without(memberId),
                rest,
                topology,
                resolved,
                endpointEpoch,
                passing.without(memberId, rest.isEmpty()),
                rest.isEmpty() ? nowMillis : sinceMillis);
    }

    /** With a member in the place of another, which is out. */
    StreamsMembership replaced(String oldId, StreamsMember successor) {
        SortedMap<String, StreamsMember> changed = new TreeMap<>(members);
        changed.remove(oldId);
        changed.put(successor.id(), successor);
        return new StreamsMembership(
                epoch,
                target.moved(oldId, successor.id()),
                changed,
                topology,
                resolved,
                endpointEpoch,
                passing.moved(oldId, successor.id()),
                sinceMillis);
    }

    StreamsMembership with(Topology newTopology, ResolvedTopology newResolved) {
        return new StreamsMembership(
                epoch,
                target,
                members,
                Optional.of(newTopology),
                newResolved,
                endpointEpoch,
                passing,
                sinceMillis);
    }

    StreamsMembership inNextEpoch() {
        return new StreamsMembership(
                epoch + 1,
                target,
                members,
                topology,
                resolved,
                endpointEpoch,
                passing,
                sinceMillis);
    }

    StreamsMembership with(StreamsTarget newTarget) {
        return new StreamsMembership(
                epoch, newTarget, members, topology, resolved, endpointEpoch, passing, sinceMillis);
    }

    StreamsMembership with(Passing newPassing) {
        return new StreamsMembership(
                epoch, target, members, topology, resolved, endpointEpoch, newPassing, sinceMillis);
    }

    /** Who answers interactive queries on what has changed. */
    StreamsMembership withEndpointsChanged() {
        return new StreamsMembership(
                epoch,
                target,
                members,
                topology,
                resolved,
                endpointEpoch + 1,
                passing,
                sinceMillis);
    }
}
