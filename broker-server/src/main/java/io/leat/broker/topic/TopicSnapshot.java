package io.leat.broker.topic;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * All topics at one time. Every map holds the same ones; nobody changes them.
 *
 * @param byName in order
 * @param byId by their ids
 * @param byFoldedName by the names that collide
 * @param partitions how many partitions they have together
 */
record TopicSnapshot(
        Map<String, Topic> byName,
        Map<UUID, Topic> byId,
        Map<String, Topic> byFoldedName,
        int partitions) {
    static TopicSnapshot of(Collection<Topic> topics) {
        Map<String, Topic> byName = new TreeMap<>();
        Map<UUID, Topic> byId = new HashMap<>();
        Map<String, Topic> byFoldedName = new HashMap<>();
        int partitions = 0;
        for (Topic topic : topics) {
            byName.put(topic.name(), topic);
            byId.put(topic.id(), topic);
            byFoldedName.put(TopicName.folded(topic.name()), topic);
            partitions += topic.partitions().size();
        }
        return new TopicSnapshot(
                Collections.unmodifiableMap(byName), byId, byFoldedName, partitions);
    }
}
