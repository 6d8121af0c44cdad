package io.leat.broker.group.consumer;

import io.leat.broker.coordinator.HeapBytes;
import io.leat.broker.group.assign.PartitionSet;
import io.leat.broker.group.assign.Target;
import io.leat.broker.group.member.Identity;
import io.leat.broker.group.member.Retention;
import io.leat.broker.group.member.Roster;
import io.leat.wire.ErrorCode;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who is in a consumer group. Immutable.
 *
 * <p>Invariants: no partition is held by two members; a member's epoch is at most the target's,
 * which is at most the group's; at most one member has a given instance id.
 *
 * @param epoch goes up with every change of the members, their wishes or their topics
 * @param target what members are to own
 * @param assignor the name of the assignor that made the target, empty before the first
 * @param members by id
 * @param topics what the members' wishes came to when they were last looked at
 * @param assignedMillis when the target was made, ms since the epoch; not in the state store
 * @param sinceMillis since when the group is empty, ms since the epoch
 */
public record ConsumerMembership(
        int epoch,
        Target target,
        String assignor,
        SortedMap<String, ConsumerMember> members,
        WantedTopics topics,
        long assignedMillis,
        long sinceMillis)
        implements Roster {
    /** A group that never had members, or whose members were all of another protocol. */
    public static ConsumerMembership none(int epoch, long nowMillis) {
        return new ConsumerMembership(
                epoch,
                new Target(epoch, new TreeMap<>()),
                "",
                Collections.emptySortedMap(),
                WantedTopics.NONE,
                0,
                nowMillis);
    }

    @Override
    public String state() {
        if (isEmpty()) {
            return "Empty";
        }
        if (epoch > target.epoch()) {
            return "Assigning";
        }
        return members.values().stream().allMatch(this::isSettled) ? "Stable" : "Reconciling";
    }

    /** Whether the member is where the target wants it. */
    boolean isSettled(ConsumerMember member) {
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
        return Optional.of("consumer");
    }

    /** Whether there are members and all of them speak the classic protocol. */
    public boolean allClassic() {
        return !members.isEmpty() && members.values().stream().allMatch(ConsumerMember::isClassic);
    }

    public Optional<ConsumerMember> get(String memberId) {
        return Optional.ofNullable(members.get(memberId));
    }

    public Optional<ConsumerMember> withInstance(String instanceId) {
        return members.values().stream()
                .filter(member -> member.instanceId().filter(instanceId::equals).isPresent())
                .findFirst();
    }

    /**
     * Finds who asks.
     *
     * @throws Refusal {@code FENCED_INSTANCE_ID} for one whose place another has taken, {@code
     *     UNKNOWN_MEMBER_ID} for anyone else who is not a member
     */
    ConsumerMember known(Identity identity) {
        if (identity.instanceId().isEmpty()) {
            return get(identity.memberId())
                    .orElseThrow(() ->
                            new Refusal(
                                    ErrorCode.UNKNOWN_MEMBER_ID,
                                    "There is no member " + identity.memberId()));
        }
        String instanceId = identity.instanceId().get();
        ConsumerMember member =
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

    /** Of {@code wanted}, what no member but this one holds. */
    PartitionSet freeFor(String memberId, PartitionSet wanted) {
        PartitionSet free = wanted;
        for (ConsumerMember member : members.values()) {
            if (!member.id().equals(memberId)) {
                free = free.minus(member.standing().assigned()).minus(member.standing().revoking());
            }
        }
        return free;
    }

    @Override
    public Optional<ErrorCode> refuseCommit(Identity asker, int epoch, boolean inTransaction) {
        if (epoch < 0 && isEmpty()) {
            return Optional.empty(); // an administrator, or a consumer that assigns itself
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
        ConsumerMember member;
        try {
            member = known(asker);
        } catch (Refusal e) {
            return Optional.of(e.error());
        }
        if (member.standing().epoch() == epoch) {
            return Optional.empty();
        }
        return Optional.of(
                member.isClassic() ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH);
    }

    @Override
    public boolean knowsSubscriptions() {
        return true;
    }

    @Override
    public boolean mayRead(String topic) {
        return members.values().stream()
                .anyMatch(member ->
                        member.subscription().names().contains(topic)
                                || member.subscription()
                                        .pattern()
                                        .filter(pattern -> topics.matches(pattern).contains(topic))
                                        .isPresent());
    }

    @Override
    public long heapBytes() {
        long bytes = HeapBytes.OBJECT + topics.heapBytes();
        for (ConsumerMember member : members.values()) {
            bytes += member.heapBytes();
        }
        for (PartitionSet own : target.members().values()) {
            bytes += HeapBytes.ENTRY + own.heapBytes();
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
        for (ConsumerMember member : members.values()) {
            if (member.standing().epoch() > target.epoch()) {
                throw new IllegalStateException(
                        "member %s in epoch %d, target in %d"
                                .formatted(member.id(), member.standing().epoch(), target.epoch()));
            }
        }
    }

    /**
     * Checks that no partition is held by two members. Costs more than a decision may, so tests
     * call it.
     *
     * @throws IllegalStateException when one is
     */
    public void checkOwners() {
        PartitionSet held = PartitionSet.NONE;
        for (ConsumerMember member : members.values()) {
            if (held.intersects(member.standing().held())) {
                throw new IllegalStateException(member.id() + " holds what another holds");
            }
            held = held.plus(member.standing().held());
        }
    }

    ConsumerMembership with(ConsumerMember member) {
        SortedMap<String, ConsumerMember> changed = new TreeMap<>(members);
        changed.put(member.id(), member);
        return with(changed, target);
    }

    /** Without a member, and in a new epoch. */
    ConsumerMembership without(String memberId, long nowMillis) {
        SortedMap<String, ConsumerMember> rest = new TreeMap<>(members);
        rest.remove(memberId);
        return new ConsumerMembership(
                epoch + 1,
                target.without(memberId),
                assignor,
                Collections.unmodifiableSortedMap(rest),
                topics,
                assignedMillis,
                rest.isEmpty() ? nowMillis : sinceMillis);
    }

    /** With a member in the place of another, which is out. */
    ConsumerMembership replaced(String oldId, ConsumerMember successor) {
        SortedMap<String, ConsumerMember> changed = new TreeMap<>(members);
        changed.remove(oldId);
        changed.put(successor.id(), successor);
        return with(changed, target.moved(oldId, successor.id()));
    }

    private ConsumerMembership with(
            SortedMap<String, ConsumerMember> newMembers, Target newTarget) {
        return new ConsumerMembership(
                epoch,
                newTarget,
                assignor,
                Collections.unmodifiableSortedMap(newMembers),
                topics,
                assignedMillis,
                sinceMillis);
    }

    ConsumerMembership withTopics(WantedTopics newTopics, boolean newEpoch) {
        return new ConsumerMembership(
                newEpoch ? epoch + 1 : epoch,
                target,
                assignor,
                members,
                newTopics,
                assignedMillis,
                sinceMillis);
    }

    ConsumerMembership withTarget(Target newTarget, String newAssignor, long nowMillis) {
        return new ConsumerMembership(
                epoch, newTarget, newAssignor, members, topics, nowMillis, sinceMillis);
    }

    /** All members, in the order of their ids. */
    public Collection<ConsumerMember> all() {
        return members.values();
    }
}
