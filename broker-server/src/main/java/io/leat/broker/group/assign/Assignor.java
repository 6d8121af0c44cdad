package io.leat.broker.group.assign;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;

/**
 * A way to deal partitions out to members. Pure: the same wishes and topics give the same answer.
 *
 * <p>Every answer gives each member partitions of topics it wants and nothing else, and gives each
 * partition of a topic that somebody wants to exactly one member.
 */
public interface Assignor {
    /** The name by which members ask for it. */
    String name();

    /**
     * Deals partitions out.
     *
     * @param members what each wants and has, by member id
     * @param topics how many partitions each topic has that is there; others are passed over
     * @return what each member gets, perhaps nothing; all members are in it
     */
    Map<String, PartitionSet> assign(SortedMap<String, Wish> members, Map<UUID, Integer> topics);

    /**
     * A member's wish.
     *
     * @param instanceId of a static member, which keeps its place when it comes back
     * @param topics what it is subscribed to
     * @param had what it was given the last time
     */
    record Wish(Optional<String> instanceId, Set<UUID> topics, PartitionSet had) {}
}
