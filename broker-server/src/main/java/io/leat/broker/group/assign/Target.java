package io.leat.broker.group.assign;

import java.util.Map;
import java.util.TreeMap;

/**
 * What members are to own. Immutable.
 *
 * @param epoch the group epoch that it was made for
 * @param members by member id; who is not in it is to own nothing
 */
public record Target(int epoch, Map<String, PartitionSet> members) {
    public static final Target NONE = new Target(0, Map.of());

    public PartitionSet of(String memberId) {
        return members.getOrDefault(memberId, PartitionSet.NONE);
    }

    public Target without(String memberId) {
        if (!members.containsKey(memberId)) {
            return this;
        }
        Map<String, PartitionSet> rest = new TreeMap<>(members);
        rest.remove(memberId);
        return new Target(epoch, rest);
    }

    /** With what one member was to own given to another, which takes its place. */
    public Target moved(String fromId, String toId) {
        Map<String, PartitionSet> moved = new TreeMap<>(members);
        PartitionSet own = moved.remove(fromId);
        if (own != null) {
            moved.put(toId, own);
        }
        return new Target(epoch, moved);
    }
}
