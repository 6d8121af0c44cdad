package io.leat.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Deals out all partitions of all topics, in order, to those who subscribe to them, in turn. */
final class RoundRobinRule implements AssignmentRule {
    @Override
    public Map<String, List<TopicPartition>> assign(
            Map<String, Member> members, Map<String, Integer> partitionCounts) {
        Map<String, List<TopicPartition>> assigned = new HashMap<>();
        members.keySet().forEach(member -> assigned.put(member, new ArrayList<>()));
        List<Map.Entry<String, Member>> circle =
                members.entrySet().stream().sorted(RangeRule.MEMBER_ORDER).toList();
        int turn = 0;
        for (Map.Entry<String, Integer> topic : new TreeMap<>(partitionCounts).entrySet()) {
            if (circle.stream()
                    .noneMatch(member -> member.getValue().topics().contains(topic.getKey()))) {
                continue;
            }
            for (int partition = 0; partition < topic.getValue(); partition++) {
                while (!circle.get(turn).getValue().topics().contains(topic.getKey())) {
                    turn = (turn + 1) % circle.size();
                }
                assigned.getOrDefault(circle.get(turn).getKey(), List.of())
                        .add(new TopicPartition(topic.getKey(), partition));
                turn = (turn + 1) % circle.size();
            }
        }
        return assigned;
    }
}
