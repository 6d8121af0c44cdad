package io.leat.broker.group.streams;

import io.leat.broker.coordinator.HeapBytes;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an application is made of. Immutable.
 *
 * @param epoch goes up when the application has another topology
 * @param subtopologies by id
 */
public record Topology(int epoch, SortedMap<String, Subtopology> subtopologies) {
    public Topology {
        subtopologies = Collections.unmodifiableSortedMap(new TreeMap<>(subtopologies));
    }

    /** How much heap it takes, roughly. */
    long heapBytes() {
        long bytes = HeapBytes.OBJECT;
        for (Subtopology subtopology : subtopologies.values()) {
            bytes += HeapBytes.ENTRY + subtopology.heapBytes();
        }
        return bytes;
    }

    /** All topics that it names. */
    SortedSet<String> topics() {
        SortedSet<String> topics = new TreeSet<>();
        for (Subtopology subtopology : subtopologies.values()) {
            topics.addAll(subtopology.sources());
            topics.addAll(subtopology.repartitionSources().keySet());
            topics.addAll(subtopology.repartitionSinks());
            topics.addAll(subtopology.changelogs().keySet());
        }
        return topics;
    }
}
