package io.leat.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Of each topic every subscriber gets a run of neighbouring partitions; the first ones get one more
 * where it does not divide.
 */
final class RangeRule implements AssignmentRule {
    /** Members with a lasting name first, so that restarts change nothing. */
    static final Comparator<Map.Entry<String, Member>> MEMBER_ORDER =
            Comparator.<Map.Entry<String, Member>, Boolean>comparing(
                            entry -> entry.getValue().instanceId().isEmpty())
                    .thenComparing(entry -> entry.getValue().instanceId().orElse(entry.getKey()));

    @Override
    public Map<String, List<TopicPartition>> assign(
            Map<String, Member> members, Map<String, Integer> partitionCounts) {
        Map<String, List<TopicPartition>> assigned = new HashMap<>();
        members.keySet().forEach(member -> assigned.put(member, new ArrayList<>()));
        partitionCounts.forEach((topic, count) -> {
            List<List<TopicPartition>> shares =
                    members.entrySet().stream()
                            .filter(entry -> entry.getValue().topics().contains(topic))
                            .sorted(MEMBER_ORDER)
                            .map(entry -> assigned.getOrDefault(entry.getKey(), List.of()))
                            .toList();
            share(topic, count, shares);
        });
        return assigned;
    }

    private static void share(String topic, int count, List<List<TopicPartition>> shares) {
        int next = 0;
        for (int i = 0; i < shares.size(); i++) {
            int size = count / shares.size() + (i < count % shares.size() ? 1 : 0);
            for (int end = next + size; next < end; next++) {
                shares.get(i).add(new TopicPartition(topic, next));
            }
        }
    }
}
