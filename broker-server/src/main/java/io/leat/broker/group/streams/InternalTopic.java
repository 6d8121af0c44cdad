package io.leat.broker.group.streams;

import io.leat.broker.coordinator.HeapBytes;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A topic of the application's own. Immutable.
 *
 * @param partitions 0 while they are to be worked out
 * @param replicationFactor 0 for the broker's default
 */
public record InternalTopic(
        String name, int partitions, short replicationFactor, SortedMap<String, String> configs) {
    public InternalTopic {
        configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
    }

    /** How much heap topics take, roughly. */
    static long heapBytes(Collection<InternalTopic> topics) {
        long bytes = HeapBytes.OBJECT;
        for (InternalTopic topic : topics) {
            bytes +=
                    HeapBytes.ENTRY
                            + HeapBytes.OBJECT
                            + HeapBytes.text(topic.name)
                            + HeapBytes.texts(topic.configs.keySet())
                            + HeapBytes.texts(topic.configs.values());
        }
        return bytes;
    }

    InternalTopic with(int newPartitions) {
        return new InternalTopic(name, newPartitions, replicationFactor, configs);
    }

    boolean isFixed() {
        return partitions > 0;
    }
}
