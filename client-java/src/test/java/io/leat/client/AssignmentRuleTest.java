package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.client.AssignmentRule.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class AssignmentRuleTest {
    /** Topics with their partition counts, and members with what they subscribe to. */
    record Group(Map<String, Integer> counts, Map<String, List<String>> subscriptions) {
        Map<String, Member> members(Map<String, List<TopicPartition>> owned, int generation) {
            Map<String, Member> members = new HashMap<>();
            subscriptions.forEach((id, topics) ->
                    members.put(
                            id,
                            new Member(
                                    Optional.empty(),
                                    topics,
                                    Set.copyOf(owned.getOrDefault(id, List.of())),
                                    generation)));
            return members;
        }

        Group without(String member) {
            Map<String, List<String>> rest = new TreeMap<>(subscriptions);
            rest.remove(member);
            return new Group(counts, rest);
        }

        Set<TopicPartition> wanted() {
            Set<TopicPartition> wanted = new TreeSet<>();
            for (List<String> topics : subscriptions.values()) {
                for (String topic : topics) {
                    for (int number = 0; number < counts.getOrDefault(topic, 0); number++) {
                        wanted.add(new TopicPartition(topic, number));
                    }
                }
            }
            return wanted;
        }
    }

    @Provide
    Arbitrary<Group> groups() {
        return Combinators.combine(
                        counts(),
                        members(Arbitraries.of("a", "b", "c", "d").list().uniqueElements()))
                .as(Group::new);
    }

    @Provide
    Arbitrary<Group> uniformGroups() {
        return Combinators.combine(counts(), members(Arbitraries.just(List.of("a", "b", "c", "d"))))
                .as(Group::new);
    }

    private static Arbitrary<Map<String, Integer>> counts() {
        return Arbitraries.maps(
                Arbitraries.of("a", "b", "c", "d"), Arbitraries.integers().between(0, 7));
    }

    private static Arbitrary<Map<String, List<String>>> members(Arbitrary<List<String>> topics) {
        return Arbitraries.maps(
                        Arbitraries.integers().between(1, 40).map(i -> "member-" + i), topics)
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    @Property
    void everyRuleGivesEveryWantedPartitionToOneWhoWantsIt(
            @ForAll("groups") Group group, @ForAll Assignor assignor) {
        Map<String, List<TopicPartition>> assigned =
                assignor.rule().assign(group.members(Map.of(), -1), group.counts());
        assertComplete(group, assigned);
    }

    private static void assertComplete(Group group, Map<String, List<TopicPartition>> assigned) {
        assertEquals(group.subscriptions().keySet(), assigned.keySet());
        List<TopicPartition> all = new ArrayList<>();
        assigned.forEach((member, partitions) -> {
            all.addAll(partitions);
            Set<String> wanted = Set.copyOf(group.subscriptions().get(member));
            assertTrue(partitions.stream().allMatch(p -> wanted.contains(p.topic())));
        });
        assertEquals(all.size(), new HashSet<>(all).size(), "one partition was given twice");
        assertEquals(group.wanted(), new TreeSet<>(all));
    }

    @Property
    void roundRobinAndStickyAreEvenAmongEquals(@ForAll("uniformGroups") Group group) {
        for (Assignor assignor : List.of(Assignor.ROUND_ROBIN, Assignor.COOPERATIVE_STICKY)) {
            assertEven(assignor.rule().assign(group.members(Map.of(), -1), group.counts()));
        }
    }

    private static void assertEven(Map<String, List<TopicPartition>> assigned) {
        int most = assigned.values().stream().mapToInt(List::size).max().orElse(0);
        int least = assigned.values().stream().mapToInt(List::size).min().orElse(0);
        assertTrue(most - least <= 1, assigned.toString());
    }

    @Property
    void stickyLeavesNoMoveThatWouldNarrowAGap(@ForAll("groups") Group group) {
        Map<String, List<TopicPartition>> assigned =
                Assignor.COOPERATIVE_STICKY
                        .rule()
                        .assign(group.members(Map.of(), -1), group.counts());
        assigned.forEach((giver, partitions) ->
                partitions.forEach(partition ->
                        group.subscriptions()
                                .forEach((taker, topics) ->
                                        assertTrue(
                                                !topics.contains(partition.topic())
                                                        || assigned.get(taker).size() + 2
                                                                > partitions.size(),
                                                assigned.toString()))));
    }

    @Property
    void stickyChangesNothingWithoutNeed(@ForAll("groups") Group group) {
        Map<String, List<TopicPartition>> first = settle(group, Map.of());
        assertEquals(
                sorted(first),
                sorted(
                        Assignor.COOPERATIVE_STICKY
                                .rule()
                                .assign(group.members(first, 5), group.counts())));
    }

    @Property
    void stickyTakesNothingFromThoseWhoStayWhenOneLeaves(@ForAll("uniformGroups") Group group) {
        Map<String, List<TopicPartition>> before = settle(group, Map.of());
        String leaver = new TreeSet<>(group.subscriptions().keySet()).first();
        Group rest = group.without(leaver);
        if (rest.subscriptions().isEmpty()) {
            return;
        }
        Map<String, List<TopicPartition>> after =
                Assignor.COOPERATIVE_STICKY.rule().assign(rest.members(before, 5), group.counts());
        assertComplete(rest, after);
        assertEven(after);
        after.forEach(
                (member, partitions) -> assertTrue(partitions.containsAll(before.get(member))));
    }

    @Property
    void stickyMovesOnlyWhatANewcomerNeeds(@ForAll("uniformGroups") Group group) {
        String newcomer = new TreeSet<>(group.subscriptions().keySet()).last();
        Map<String, List<TopicPartition>> before = settle(group.without(newcomer), Map.of());
        Map<String, List<TopicPartition>> after = settle(group, before);
        assertComplete(group, after);
        assertEven(after);
        before.forEach((member, partitions) -> {
            Set<TopicPartition> gained = new HashSet<>(after.get(member));
            gained.removeAll(partitions);
            assertTrue(gained.isEmpty(), "old members swapped partitions");
        });
    }

    @Property
    void cooperativeStickyNeverGivesAwayWhatAnotherStillHas(
            @ForAll("groups") Group group, @ForAll("groups") Group past) {
        Map<String, List<TopicPartition>> owned =
                Assignor.RANGE.rule().assign(past.members(Map.of(), -1), past.counts());
        Map<String, Member> members = group.members(owned, 3);
        Map<String, List<TopicPartition>> assigned =
                Assignor.COOPERATIVE_STICKY.rule().assign(members, group.counts());
        assigned.forEach((member, partitions) ->
                members.forEach((other, claims) -> {
                    if (!other.equals(member)) {
                        assertTrue(partitions.stream().noneMatch(claims.owned()::contains));
                    }
                }));
    }

    @Test
    void believesTheLatestOfTwoOwners() {
        TopicPartition partition = new TopicPartition("a", 0);
        Map<String, Member> members =
                Map.of(
                        "stale", new Member(Optional.empty(), List.of("a"), Set.of(partition), 3),
                        "fresh", new Member(Optional.empty(), List.of("a"), Set.of(partition), 4));
        Map<String, List<TopicPartition>> assigned =
                new StickyRule().assign(members, Map.of("a", 1));
        assertEquals(Map.of("stale", List.of(), "fresh", List.of(partition)), assigned);
    }

    @Test
    void rangeGivesNeighboursAndTheSameNumbersOfAllTopics() {
        Map<String, Member> members = new HashMap<>();
        for (String id : List.of("z", "y", "x")) {
            members.put(id, new Member(Optional.empty(), List.of("a", "b"), Set.of(), -1));
        }
        members.put("named", new Member(Optional.of("instance"), List.of("a", "b"), Set.of(), -1));
        Map<String, List<TopicPartition>> assigned =
                new RangeRule().assign(members, new TreeMap<>(Map.of("a", 5, "b", 4)));
        assertEquals(
                Map.of(
                        "named",
                                List.of(
                                        new TopicPartition("a", 0),
                                        new TopicPartition("a", 1),
                                        new TopicPartition("b", 0)),
                        "x", List.of(new TopicPartition("a", 2), new TopicPartition("b", 1)),
                        "y", List.of(new TopicPartition("a", 3), new TopicPartition("b", 2)),
                        "z", List.of(new TopicPartition("a", 4), new TopicPartition("b", 3))),
                assigned);
    }

    /** Rebalances until nothing changes, as a cooperative group does. */
    private static Map<String, List<TopicPartition>> settle(
            Group group, Map<String, List<TopicPartition>> owned) {
        Map<String, List<TopicPartition>> now = owned;
        for (int generation = 0; generation < 10; generation++) {
            Map<String, List<TopicPartition>> next =
                    Assignor.COOPERATIVE_STICKY
                            .rule()
                            .assign(group.members(now, generation), group.counts());
            if (sorted(next).equals(sorted(now))) {
                return next;
            }
            now = next;
        }
        throw new AssertionError("the group does not come to rest: " + now);
    }

    private static Map<String, Set<TopicPartition>> sorted(
            Map<String, List<TopicPartition>> assigned) {
        Map<String, Set<TopicPartition>> sorted = new TreeMap<>();
        assigned.forEach((member, partitions) -> sorted.put(member, new TreeSet<>(partitions)));
        return sorted;
    }
}
