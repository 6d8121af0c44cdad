package io.leat.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Even, with as few moves as can be.
 *
 * <p>Everyone keeps what it has; what nobody has goes to whoever has least; then partitions move
 * from those with most to those with least as long as that narrows the gap. It ends because every
 * move makes the sum of the squared loads smaller. Among members that subscribe to the same topics,
 * none has two more than another.
 *
 * <p>In the cooperative protocol (KIP-429) a partition that moves is given to nobody at first: its
 * owner gives it up and rejoins, and the rebalance that follows gives it away. So no partition is
 * ever read twice.
 */
final class StickyRule implements AssignmentRule {
    @Override
    public Map<String, List<TopicPartition>> assign(
            Map<String, Member> members, Map<String, Integer> partitionCounts) {
        Map<String, List<TopicPartition>> balanced = new Balance(members, partitionCounts).run();
        return withoutMoving(members, balanced);
    }

    /** Leaves out what another member still says it has. */
    private static Map<String, List<TopicPartition>> withoutMoving(
            Map<String, Member> members, Map<String, List<TopicPartition>> balanced) {
        Map<TopicPartition, Set<String>> claims = new HashMap<>();
        members.forEach((id, member) ->
                member.owned()
                        .forEach(p -> claims.computeIfAbsent(p, key -> new HashSet<>()).add(id)));
        Map<String, List<TopicPartition>> assigned = new HashMap<>();
        balanced.forEach((id, partitions) ->
                assigned.put(
                        id,
                        partitions.stream()
                                .filter(p -> isFree(claims.getOrDefault(p, Set.of()), id))
                                .sorted()
                                .toList()));
        return assigned;
    }

    private static boolean isFree(Set<String> claimants, String member) {
        return claimants.isEmpty() || claimants.contains(member);
    }

    /** The work on one assignment. */
    private static final class Balance {
        /** A member and its partitions. */
        private record Load(String id, Member member, TreeSet<TopicPartition> partitions) {
            boolean wants(TopicPartition partition) {
                return member.topics().contains(partition.topic());
            }
        }

        private final Map<String, Load> loads = new TreeMap<>();
        private final Map<String, Integer> partitionCounts;

        Balance(Map<String, Member> members, Map<String, Integer> partitionCounts) {
            this.partitionCounts = partitionCounts;
            members.forEach((id, member) -> loads.put(id, new Load(id, member, new TreeSet<>())));
        }

        Map<String, List<TopicPartition>> run() {
            Set<TopicPartition> kept = keep();
            for (Map.Entry<String, Integer> topic : new TreeMap<>(partitionCounts).entrySet()) {
                for (int number = 0; number < topic.getValue(); number++) {
                    TopicPartition partition = new TopicPartition(topic.getKey(), number);
                    if (!kept.contains(partition)) {
                        leastLoaded(partition).ifPresent(load -> load.partitions.add(partition));
                    }
                }
            }
            boolean moved = true;
            while (moved) {
                moved = moveOne();
            }
            Map<String, List<TopicPartition>> assigned = new HashMap<>();
            loads.forEach((id, load) -> assigned.put(id, new ArrayList<>(load.partitions)));
            return assigned;
        }

        /**
         * Leaves to everyone what is theirs: of several claims the one of the latest generation, of
         * equal ones none.
         */
        private Set<TopicPartition> keep() {
            Map<TopicPartition, Load> owners = new HashMap<>();
            Set<TopicPartition> disputed = new HashSet<>();
            List<Load> latestFirst = new ArrayList<>(loads.values());
            latestFirst.sort(
                    Comparator.comparingInt((Load load) -> load.member.generation()).reversed());
            for (Load load : latestFirst) {
                for (TopicPartition partition : load.member.owned()) {
                    Load other = owners.get(partition);
                    if (other == null) {
                        owners.put(partition, load);
                    } else if (other.member.generation() == load.member.generation()) {
                        disputed.add(partition);
                    }
                }
            }
            owners.keySet().removeAll(disputed);
            owners.entrySet()
                    .removeIf(entry ->
                            !exists(entry.getKey()) || !entry.getValue().wants(entry.getKey()));
            owners.forEach((partition, load) -> load.partitions.add(partition));
            return owners.keySet();
        }

        private boolean exists(TopicPartition partition) {
            return partition.partition() < partitionCounts.getOrDefault(partition.topic(), 0);
        }

        private Optional<Load> leastLoaded(TopicPartition partition) {
            return loads.values().stream()
                    .filter(load -> load.wants(partition))
                    .min(Comparator.comparingInt(load -> load.partitions.size()));
        }

        /**
         * Moves one partition from a member to another that has at least two less; says whether
         * there was one.
         */
        private boolean moveOne() {
            List<Load> mostFirst = new ArrayList<>(loads.values());
            mostFirst.sort(
                    Comparator.comparingInt((Load load) -> load.partitions.size()).reversed());
            for (Load giver : mostFirst) {
                String topic = null;
                for (TopicPartition partition : giver.partitions) {
                    // All partitions of a topic have the same takers.
                    if (partition.topic().equals(topic)) {
                        continue;
                    }
                    topic = partition.topic();
                    Optional<Load> taker =
                            leastLoaded(partition)
                                    .filter(load ->
                                            load.partitions.size() + 2 <= giver.partitions.size());
                    if (taker.isPresent()) {
                        giver.partitions.remove(partition);
                        taker.get().partitions.add(partition);
                        return true;
                    }
                }
            }
            return false;
        }
    }
}
