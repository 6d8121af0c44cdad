package io.leat.broker.group.share;

import io.leat.broker.coordinator.HeapBytes;
import io.leat.broker.group.assign.Topics.TopicInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The members of a share group. Immutable. A group without members stays until it is deleted, since
 * its deliveries do.
 *
 * @param epoch goes up with every change
 * @param members in the order in which they came
 * @param topics those of the subscribed topics that are there, by name
 */
public record ShareMembership(int epoch, List<ShareMember> members, List<TopicInfo> topics) {
    /** The name of how partitions are dealt out, as Kafka's. */
    static final String ASSIGNOR = "simple";

    /** A group that never had members. */
    public static final ShareMembership NONE = new ShareMembership(0, List.of(), List.of());

    public ShareMembership {
        members = List.copyOf(members);
        topics = List.copyOf(topics);
    }

    Optional<ShareMember> find(String memberId) {
        return members.stream().filter(member -> member.id().equals(memberId)).findFirst();
    }

    /** The partitions that a member reads, by topic. */
    Map<UUID, List<Integer>> assignment(String memberId) {
        return ShareAssignment.of(this, memberId);
    }

    /** The group's state as ListGroups names it. */
    public String state() {
        return members.isEmpty() ? "Empty" : "Stable";
    }

    /** How much heap it takes, roughly. */
    long heapBytes() {
        long bytes = HeapBytes.OBJECT + topics.size() * (HeapBytes.ENTRY + HeapBytes.OBJECT);
        for (ShareMember member : members) {
            bytes += member.heapBytes();
        }
        return bytes;
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    int size() {
        return members.size();
    }

    void check() {
        if (members.stream().map(ShareMember::id).distinct().count() != members.size()) {
            throw new IllegalStateException("a member is twice in a share group: " + this);
        }
    }
}
