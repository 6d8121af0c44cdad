package io.leat.broker.group.share;

import io.leat.broker.coordinator.HeapBytes;
import io.leat.broker.group.member.Client;
import java.util.List;
import java.util.Optional;

/**
 * A member of a share group.
 *
 * @param id made by the member
 * @param topics the names that it subscribes to, in order, none twice
 */
public record ShareMember(String id, Optional<String> rackId, Client client, List<String> topics) {
    public ShareMember {
        topics = topics.stream().distinct().sorted().toList();
    }

    /** How much heap it takes, roughly, with the alarm for its session. */
    long heapBytes() {
        return 3 * HeapBytes.OBJECT
                + 2 * HeapBytes.ENTRY
                + HeapBytes.text(id)
                + HeapBytes.text(rackId)
                + client.heapBytes()
                + HeapBytes.texts(topics);
    }
}
