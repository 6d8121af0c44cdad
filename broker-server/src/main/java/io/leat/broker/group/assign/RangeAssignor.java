package io.leat.broker.group.assign;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Gives each member a range of neighbouring partitions of each topic that it wants, the ranges as
 * long as each other or longer by one.
 *
 * <p>Members stand in one order for all topics, so the same partitions of topics that the same
 * members want, and that have as many partitions, go to one member: it can join them. Members that
 * had partitions keep their order, new ones come behind them.
 */
public final class RangeAssignor implements Assignor {
    @Override
    public String name() {
        return "range";
    }

    @Override
    public Map<String, PartitionSet> assign(
            SortedMap<String, Wish> members, Map<UUID, Integer> topics) {
        Map<UUID, List<String>> subscribers = new TreeMap<>();
        for (String memberId : ordered(members, topics)) {
            for (UUID topicId : wish(members, memberId).topics()) {
                if (topics.getOrDefault(topicId, 0) > 0) {
                    subscribers.computeIfAbsent(topicId, id -> new ArrayList<>()).add(memberId);
                }
            }
        }
        Map<String, PartitionSet.Builder> dealt = new LinkedHashMap<>();
        members.keySet().forEach(id -> dealt.put(id, PartitionSet.builder()));
        subscribers.forEach((topicId, who) -> {
            int partitions = topics.getOrDefault(topicId, 0);
            int next = 0;
            for (int i = 0; i < who.size(); i++) {
                PartitionSet.Builder own = dealt.get(who.get(i));
                int end = next + partitions / who.size() + (i < partitions % who.size() ? 1 : 0);
                for (; next < end && own != null; next++) {
                    own.add(topicId, next);
                }
            }
        });
        Map<String, PartitionSet> result = new LinkedHashMap<>();
        dealt.forEach((id, builder) -> result.put(id, builder.build()));
        return result;
    }

    private static List<String> ordered(
            SortedMap<String, Wish> members, Map<UUID, Integer> topics) {
        Map<String, Double> places = new HashMap<>();
        members.forEach((id, wish) -> places.put(id, place(wish, topics)));
        List<String> ordered = new ArrayList<>(members.keySet());
        ordered.sort(
                Comparator.comparingDouble((String id) -> places.getOrDefault(id, 2.0))
                        .thenComparing(id -> wish(members, id).instanceId().orElse(id)));
        return ordered;
    }

    /** Where in its topics a member's partitions begin, from 0 to 1; 2 for one that had none. */
    private static double place(Wish wish, Map<UUID, Integer> topics) {
        double place = 2;
        for (UUID topicId : wish.had().topics()) {
            int partitions = topics.getOrDefault(topicId, 0);
            if (partitions > 0 && wish.topics().contains(topicId)) {
                place = Math.min(place, (double) wish.had().of(topicId).getFirst() / partitions);
            }
        }
        return place;
    }

    private static Wish wish(SortedMap<String, Wish> members, String memberId) {
        Wish wish = members.get(memberId);
        if (wish == null) {
            throw new IllegalStateException(memberId + " is no member");
        }
        return wish;
    }
}
