package io.leat.broker.group.streams;

import io.leat.broker.coordinator.HeapBytes;
import java.util.Comparator;

/**
 * What a member of a streams group runs: one partition of all topics that a subtopology reads.
 *
 * @param partition from 0
 */
public record Task(String subtopology, int partition) implements Comparable<Task> {
    private static final Comparator<Task> ORDER =
            Comparator.comparing(Task::subtopology).thenComparingInt(Task::partition);

    /** How much heap it takes, roughly: as if its subtopology's id were its own. */
    long heapBytes() {
        return HeapBytes.OBJECT + HeapBytes.text(subtopology);
    }

    @Override
    public int compareTo(Task other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return subtopology + "_" + partition;
    }
}
