package io.leat.broker.group;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Who is in a classic group. Immutable.
 *
 * <p>Invariants: there are members in the phases CompletingRebalance and Stable, and none in Empty;
 * the leader is a member; at most one member has a given instance id; members wait for a join only
 * in PreparingRebalance, and for a sync only in CompletingRebalance.
 *
 * @param generation goes up by one with every rebalance, and never down
 * @param protocolType such as {@code consumer}; empty for a group that only has offsets
 * @param protocolName the protocol elected for the generation
 * @param leader the id of the member that assigns
 * @param pending member ids that were given out and not yet used to join
 * @param sinceMillis when the phase began, ms since the epoch
 */
record Membership(
        Phase phase,
        int generation,
        Optional<String> protocolType,
        Optional<String> protocolName,
        Optional<String> leader,
        Members members,
        Set<String> pending,
        long sinceMillis) {
    /** Kafka's protocol type of consumers, the one whose subscriptions we can read. */
    static final String CONSUMER = "consumer";

    /**
     * Checks what holds between decisions.
     *
     * @throws IllegalStateException when it does not
     */
    void check() {
        boolean populated =
                phase instanceof Phase.CompletingRebalance || phase instanceof Phase.Stable;
        boolean contradiction = isEmpty() ? !members.isEmpty() : populated && members.isEmpty();
        if (contradiction) {
            throw new IllegalStateException(phase + " with " + members.size() + " members");
        }
        boolean led = leader.filter(members::contains).isPresent();
        if (led == members.isEmpty() || led != leader.isPresent()) {
            throw new IllegalStateException("leader " + leader + " of " + members.ids());
        }
        if (populated && (protocolType.isEmpty() || protocolName.isEmpty())) {
            throw new IllegalStateException(phase + " without a protocol");
        }
        for (Member member : members.all()) {
            boolean inPlace =
                    switch (member.waiting()) {
                        case Waiting.Nothing w -> true;
                        case Waiting.ForJoin w -> phase instanceof Phase.PreparingRebalance;
                        case Waiting.ForSync w -> phase instanceof Phase.CompletingRebalance;
                    };
            if (!inPlace) {
                throw new IllegalStateException(member.id() + " is waiting in " + phase);
            }
        }
    }

    static Membership none(long nowMillis) {
        return new Membership(
                new Phase.Empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Members.NONE,
                Set.of(),
                nowMillis);
    }

    boolean isEmpty() {
        return phase instanceof Phase.Empty;
    }

    boolean isConsumer() {
        return protocolType.filter(CONSUMER::equals).isPresent();
    }

    boolean isLeader(String memberId) {
        return leader.filter(memberId::equals).isPresent();
    }

    boolean allJoined() {
        return pending.isEmpty() && members.waitingForJoin() == members.size();
    }

    /** Whether a member with this type and these protocols can be in the group. */
    boolean accepts(String type, Iterable<Protocol> protocols) {
        if (isEmpty()) {
            return !type.isEmpty() && protocols.iterator().hasNext();
        }
        if (protocolType.filter(type::equals).isEmpty()) {
            return false;
        }
        for (Protocol protocol : protocols) {
            if (members.allSupport(protocol.name())) {
                return true;
            }
        }
        return false;
    }

    Membership withPhase(Phase newPhase, long nowMillis) {
        return new Membership(
                newPhase,
                generation,
                protocolType,
                protocolName,
                leader,
                members,
                pending,
                nowMillis);
    }

    /** The same phase with other particulars: its time goes on. */
    Membership inPhase(Phase samePhase) {
        return withPhase(samePhase, sinceMillis);
    }

    Membership withMembers(Members newMembers, Optional<String> newLeader) {
        return new Membership(
                phase,
                generation,
                protocolType,
                protocolName,
                newLeader,
                newMembers,
                pending,
                sinceMillis);
    }

    /** Changes a member, or adds one; the first one leads and brings the protocol type. */
    Membership withMember(Member member) {
        return withMembers(
                members.with(member), leader.isPresent() ? leader : Optional.of(member.id()));
    }

    Membership withProtocolType(String type) {
        return new Membership(
                phase,
                generation,
                Optional.of(type),
                protocolName,
                leader,
                members,
                pending,
                sinceMillis);
    }

    Membership withPending(String memberId) {
        Set<String> more = new LinkedHashSet<>(pending);
        more.add(memberId);
        return withPendings(more);
    }

    Membership withoutPending(String memberId) {
        if (!pending.contains(memberId)) {
            return this;
        }
        Set<String> fewer = new LinkedHashSet<>(pending);
        fewer.remove(memberId);
        return withPendings(fewer);
    }

    private Membership withPendings(Set<String> newPending) {
        return new Membership(
                phase,
                generation,
                protocolType,
                protocolName,
                leader,
                members,
                newPending,
                sinceMillis);
    }

    /** The next generation: empty, or about to be assigned by the leader. */
    Membership nextGeneration(long nowMillis) {
        return new Membership(
                members.isEmpty()
                        ? new Phase.Empty()
                        : new Phase.CompletingRebalance(members.ids()),
                generation + 1,
                protocolType,
                members.electProtocol(),
                leader,
                members,
                pending,
                nowMillis);
    }
}
