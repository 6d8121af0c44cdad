package io.leat.broker.group.assign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What assignments owe to members, whatever these wish for and had. */
class AssignorTest {
    private static final UUID T = new UUID(0, 1);
    private static final UUID U = new UUID(0, 2);

    private final SortedMap<String, Assignor.Wish> members = new TreeMap<>();
    private final Map<UUID, Integer> topics = new HashMap<>();

    private static Assignor.Wish wish(Collection<UUID> topics, PartitionSet had) {
        return new Assignor.Wish(Optional.empty(), Set.copyOf(topics), had);
    }

    private Map<String, PartitionSet> assign(Assignor assignor) {
        Map<String, PartitionSet> assigned = assignor.assign(members, topics);
        checkComplete(assigned);
        return assigned;
    }

    /** Everyone is in it, and each partition that somebody wants has one owner that wants it. */
    private void checkComplete(Map<String, PartitionSet> assigned) {
        assertEquals(members.keySet(), assigned.keySet());
        PartitionSet seen = PartitionSet.NONE;
        for (Map.Entry<String, PartitionSet> each : assigned.entrySet()) {
            assertTrue(!seen.intersects(each.getValue()), "owned twice: " + assigned);
            seen = seen.plus(each.getValue());
            assertTrue(
                    members.get(each.getKey()).topics().containsAll(each.getValue().topics()),
                    "not wanted: " + assigned);
        }
        PartitionSet.Builder wanted = PartitionSet.builder();
        Set<UUID> names = new HashSet<>();
        members.values().forEach(wish -> names.addAll(wish.topics()));
        for (UUID topic : names) {
            for (int p = 0; p < topics.getOrDefault(topic, 0); p++) {
                wanted.add(topic, p);
            }
        }
        assertEquals(wanted.build(), seen);
    }

    private void randomWishes(Random random, int memberCount, int topicCount, boolean same) {
        List<UUID> all = new ArrayList<>();
        for (int t = 0; t < topicCount; t++) {
            UUID id = new UUID(random.nextLong(), t);
            all.add(id);
            if (random.nextInt(10) > 0) { // else it is not there
                topics.put(id, random.nextInt(9));
            }
        }
        for (int m = 0; m < memberCount; m++) {
            List<UUID> own = new ArrayList<>(all);
            if (!same) {
                own.removeIf(id -> random.nextInt(3) == 0);
            }
            PartitionSet.Builder had = PartitionSet.builder();
            for (UUID id : all) {
                had.addAll(id, random.ints(2, 0, 9).boxed().toList());
            }
            members.put("m" + m, wish(own, random.nextBoolean() ? had.build() : PartitionSet.NONE));
        }
    }

    @Property(tries = 400)
    void uniformIsCompleteAndBalanced(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 12) int memberCount,
            @ForAll @IntRange(max = 5) int topicCount,
            @ForAll boolean same) {
        members.clear();
        topics.clear();
        randomWishes(new Random(seed), memberCount, topicCount, same);
        Map<String, PartitionSet> assigned = assign(new UniformAssignor());
        assigned.forEach((owner, own) ->
                own.forEach((topic, partition) ->
                        members.forEach((other, wish) -> {
                            if (wish.topics().contains(topic)) {
                                assertTrue(
                                        own.size() - assigned.get(other).size() < 2,
                                        owner + " could give to " + other + ": " + assigned);
                            }
                        })));
    }

    @Property(tries = 200)
    void uniformIsStable(@ForAll long seed, @ForAll boolean same) {
        members.clear();
        topics.clear();
        randomWishes(new Random(seed), 1 + (int) (seed & 7), 4, same);
        Map<String, PartitionSet> first = assign(new UniformAssignor());
        first.forEach((id, own) -> members.compute(id, (i, wish) -> wish(wish.topics(), own)));
        assertEquals(first, assign(new UniformAssignor()));
    }

    @Property(tries = 200)
    void rangeIsCompleteAndEven(@ForAll long seed, @ForAll boolean same) {
        members.clear();
        topics.clear();
        randomWishes(new Random(seed), 1 + (int) (seed & 7), 4, same);
        Map<String, PartitionSet> assigned = assign(new RangeAssignor());
        for (UUID topic : topics.keySet()) {
            int least = Integer.MAX_VALUE;
            int most = 0;
            for (Map.Entry<String, Assignor.Wish> member : members.entrySet()) {
                if (member.getValue().topics().contains(topic)) {
                    List<Integer> own = assigned.get(member.getKey()).of(topic);
                    least = Math.min(least, own.size());
                    most = Math.max(most, own.size());
                    assertTrue(
                            own.isEmpty() || own.getLast() - own.getFirst() == own.size() - 1,
                            "not a range: " + own);
                }
            }
            assertTrue(most == 0 || most - least <= 1, topic + ": " + assigned);
        }
        if (same) {
            assigned.forEach(
                    (id, own) -> members.compute(id, (i, wish) -> wish(wish.topics(), own)));
            assertEquals(assigned, assign(new RangeAssignor()));
        }
    }

    @Test
    void uniformMovesNoMoreThanAJoinTakes() {
        topics.put(T, 12);
        for (String id : List.of("a", "b", "c")) {
            members.put(id, wish(List.of(T), PartitionSet.NONE));
        }
        Map<String, PartitionSet> before = assign(new UniformAssignor());
        before.forEach((id, own) -> members.put(id, wish(List.of(T), own)));
        members.put("d", wish(List.of(T), PartitionSet.NONE));
        Map<String, PartitionSet> after = assign(new UniformAssignor());
        int moved = 0;
        for (String id : before.keySet()) {
            moved += before.get(id).minus(after.get(id)).size();
        }
        assertEquals(3, moved);
        assertEquals(3, after.get("d").size());
    }

    @Test
    void uniformMovesOnlyWhatALeaverHad() {
        topics.put(T, 12);
        for (String id : List.of("a", "b", "c", "d")) {
            members.put(id, wish(List.of(T), PartitionSet.NONE));
        }
        Map<String, PartitionSet> before = assign(new UniformAssignor());
        before.forEach((id, own) -> members.put(id, wish(List.of(T), own)));
        members.remove("b");
        Map<String, PartitionSet> after = assign(new UniformAssignor());
        for (String id : members.keySet()) {
            assertTrue(after.get(id).containsAll(before.get(id)), id + " lost something");
        }
    }

    @Test
    void rangeGivesTheSamePartitionsOfTopicsThatCanBeJoined() {
        topics.put(T, 7);
        topics.put(U, 7);
        for (String id : List.of("a", "b", "c")) {
            members.put(id, wish(List.of(T, U), PartitionSet.NONE));
        }
        assign(new RangeAssignor()).values().forEach(own -> assertEquals(own.of(T), own.of(U)));
    }
}
