package io.leat.broker.group.classic;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The members of a classic group by id, in the order they came. Immutable. */
public final class Members {
    static final Members NONE = new Members(new LinkedHashMap<>());

    private final SequencedMap<String, Member> byId;

    private Members(SequencedMap<String, Member> byId) {
        this.byId = byId;
    }

    static Members of(Collection<Member> members) {
        SequencedMap<String, Member> byId = new LinkedHashMap<>();
        members.forEach(member -> byId.put(member.id(), member));
        return new Members(byId);
    }

    public boolean isEmpty() {
        return byId.isEmpty();
    }

    public int size() {
        return byId.size();
    }

    public boolean contains(String id) {
        return byId.containsKey(id);
    }

    public Optional<Member> get(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    public Collection<Member> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    public Set<String> ids() {
        return Collections.unmodifiableSet(byId.keySet());
    }

    public Optional<Member> withInstance(String instanceId) {
        return byId.values().stream()
                .filter(member -> member.instanceId().filter(instanceId::equals).isPresent())
                .findFirst();
    }

    /** Adds a member, or changes the one of the same id. */
    Members with(Member member) {
        SequencedMap<String, Member> copy = new LinkedHashMap<>(byId);
        copy.put(member.id(), member);
        return new Members(copy);
    }

    Members without(String id) {
        SequencedMap<String, Member> copy = new LinkedHashMap<>(byId);
        copy.remove(id);
        return new Members(copy);
    }

    Members map(UnaryOperator<Member> change) {
        return of(byId.values().stream().map(change).toList());
    }

    int waitingForJoin() {
        return (int) byId.values().stream().filter(Member::waitsForJoin).count();
    }

    /** The longest of the members' rebalance timeouts, 0 without members. */
    int rebalanceTimeoutMillis() {
        return byId.values().stream().mapToInt(m -> m.timeouts().rebalanceMillis()).max().orElse(0);
    }

    /** Whether all members support {@code protocol}. */
    boolean allSupport(String protocol) {
        return byId.values().stream().allMatch(member -> member.supports(protocol));
    }

    /**
     * The protocol that most members prefer among those that all support; of several, the one that
     * got there first. Empty without members, or where they have none in common.
     */
    Optional<String> electProtocol() {
        Set<String> candidates =
                byId.values().stream()
                        .limit(1)
                        .flatMap(member -> member.protocols().stream())
                        .map(Protocol::name)
                        .filter(this::allSupport)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        Map<String, Integer> votes = new LinkedHashMap<>();
        byId.values()
                .forEach(member ->
                        member.vote(candidates)
                                .ifPresent(name -> votes.merge(name, 1, Integer::sum)));
        return votes.entrySet().stream()
                .reduce((best, next) -> next.getValue() > best.getValue() ? next : best)
                .map(Map.Entry::getKey);
    }
}
