package io.leat.broker.group.streams;

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

    InternalTopic with(int newPartitions) {
        return new InternalTopic(name, newPartitions, replicationFactor, configs);
    }

    boolean isFixed() {
        return partitions > 0;
    }
}
