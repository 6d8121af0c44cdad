package io.leat.broker.group.classic;

import io.leat.broker.coordinator.HeapBytes;
import io.leat.broker.group.member.Identity;
import io.leat.broker.group.member.Retention;
import io.leat.broker.group.member.Roster;
import io.leat.wire.ErrorCode;
import java.util.Collection;
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
public record ClassicMembership(
        Phase phase,
        int generation,
        Optional<String> protocolType,
        Optional<String> protocolName,
        Optional<String> leader,
        Members members,
        Set<String> pending,
        long sinceMillis)
        implements Roster {
    /** Kafka's protocol type of consumers, the one whose subscriptions we can read. */
    static final String CONSUMER = "consumer";

    @Override
    public String state() {
        return phase.displayName();
    }

    /** An id that was given out may be used yet. */
    @Override
    public boolean isForgettable() {
        return isEmpty() && pending.isEmpty();
    }

    @Override
    public int size() {
        return members.size();
    }

    @Override
    public int epoch() {
        return generation;
    }

    @Override
    public Optional<ErrorCode> refuseCommit(Identity asker, int epoch, boolean inTransaction) {
        if (epoch < 0 && isEmpty()) {
            // Not a member, and no members to be in its way: an administrator, or a consumer that
            // assigns itself.
            return Optional.empty();
        }
        boolean anonymous = epoch < 0 && asker.memberId().isEmpty() && asker.instanceId().isEmpty();
        if (anonymous) {
            // Old producers name no member, and are let through.
            return inTransaction ? Optional.empty() : Optional.of(ErrorCode.UNKNOWN_MEMBER_ID);
        }
        Optional<ErrorCode> stranger = Strangers.check(this, asker);
        if (stranger.isPresent()) {
            return stranger;
        }
        if (epoch != generation) {
            return Optional.of(ErrorCode.ILLEGAL_GENERATION);
        }
        // It has joined the generation and does not know its assignment yet, so what it commits is
        // of the generation before.
        return !inTransaction && phase instanceof Phase.CompletingRebalance
                ? Optional.of(ErrorCode.REBALANCE_IN_PROGRESS)
                : Optional.empty();
    }

    @Override
    public Optional<ErrorCode> refuseFetch(Identity asker, int epoch) {
        return Optional.empty();
    }

    @Override
    public boolean knowsSubscriptions() {
        return isConsumer();
    }

    @Override
    public boolean mayRead(String topic) {
        return !isEmpty() && Subscriptions.mayInclude(this, topic);
    }

    @Override
    public Retention retention() {
        if (protocolType.isEmpty()) {
            return new Retention.SinceCommit(topic -> false);
        }
        return switch (phase) {
            case Phase.Empty empty -> new Retention.SinceEmpty(sinceMillis);
            case Phase.Stable stable ->
                    Subscriptions.topics(this)
                            .<Retention>map(topics -> new Retention.SinceCommit(topics::contains))
                            .orElseGet(Retention.Not::new);
            case Phase.PreparingRebalance preparing -> new Retention.Not();
            case Phase.CompletingRebalance completing -> new Retention.Not();
        };
    }

    @Override
    public long heapBytes() {
        long bytes = HeapBytes.OBJECT + HeapBytes.texts(pending);
        for (Member member : members.all()) {
            bytes += member.heapBytes();
        }
        return bytes;
    }

    /**
     * Checks what holds between decisions.
     *
     * @throws IllegalStateException when it does not
     */
    @Override
    public void check() {
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

    public static ClassicMembership none(long nowMillis) {
        return none(0, nowMillis);
    }

    /** A group whose last members were of another protocol: generations go on from theirs. */
    public static ClassicMembership none(int generation, long nowMillis) {
        return new ClassicMembership(
                new Phase.Empty(),
                generation,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Members.NONE,
                Set.of(),
                nowMillis);
    }

    /** Members that are in a generation and own what they were assigned; one at least. */
    public static ClassicMembership stable(
            int generation, String protocolType, Collection<Member> members, long nowMillis) {
        Members all = Members.of(members);
        return new ClassicMembership(
                new Phase.Stable(Set.of()),
                generation,
                Optional.of(protocolType),
                all.electProtocol(),
                all.ids().stream().findFirst(),
                all,
                Set.of(),
                nowMillis);
    }

    @Override
    public boolean isEmpty() {
        return phase instanceof Phase.Empty;
    }

    /** Whether the members are consumers, whose subscriptions we can read. */
    public boolean isConsumer() {
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

    ClassicMembership withPhase(Phase newPhase, long nowMillis) {
        return new ClassicMembership(
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
    ClassicMembership inPhase(Phase samePhase) {
        return withPhase(samePhase, sinceMillis);
    }

    ClassicMembership withMembers(Members newMembers, Optional<String> newLeader) {
        return new ClassicMembership(
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
    ClassicMembership withMember(Member member) {
        return withMembers(
                members.with(member), leader.isPresent() ? leader : Optional.of(member.id()));
    }

    ClassicMembership withProtocolType(String type) {
        return new ClassicMembership(
                phase,
                generation,
                Optional.of(type),
                protocolName,
                leader,
                members,
                pending,
                sinceMillis);
    }

    ClassicMembership withPending(String memberId) {
        Set<String> more = new LinkedHashSet<>(pending);
        more.add(memberId);
        return withPendings(more);
    }

    ClassicMembership withoutPending(String memberId) {
        if (!pending.contains(memberId)) {
            return this;
        }
        Set<String> fewer = new LinkedHashSet<>(pending);
        fewer.remove(memberId);
        return withPendings(fewer);
    }

    private ClassicMembership withPendings(Set<String> newPending) {
        return new ClassicMembership(
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
    ClassicMembership nextGeneration(long nowMillis) {
        return new ClassicMembership(
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
