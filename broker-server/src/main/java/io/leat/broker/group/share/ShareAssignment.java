package io.leat.broker.group.share;

import io.leat.broker.group.assign.Topics.TopicInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Deals the partitions of topics out to those who subscribe to them. Each partition has at least
 * one reader; where there are more members than partitions, members share partitions, about equally
 * many each. Topics begin with different members, so that many small topics burden all alike.
 */
final class ShareAssignment {
    private ShareAssignment() {}

    /** The partitions of a member, by topic. */
    static Map<UUID, List<Integer>> of(ShareMembership membership, String memberId) {
        Map<UUID, TreeSet<Integer>> assigned = new TreeMap<>();
        int turn = 0;
        for (TopicInfo topic : membership.topics()) {
            List<ShareMember> readers =
                    membership.members().stream()
                            .filter(member -> member.topics().contains(topic.name()))
                            .toList();
            if (readers.isEmpty()) {
                continue;
            }
            int steps = Math.max(readers.size(), topic.partitions());
            for (int step = 0; step < steps; step++) {
                ShareMember reader = readers.get((turn + step) % readers.size());
                if (reader.id().equals(memberId)) {
                    assigned.computeIfAbsent(topic.id(), id -> new TreeSet<>())
                            .add(step % topic.partitions());
                }
            }
            turn += steps;
        }
        Map<UUID, List<Integer>> lists = new TreeMap<>();
        assigned.forEach((topic, partitions) -> lists.put(topic, new ArrayList<>(partitions)));
        return lists;
    }
}
