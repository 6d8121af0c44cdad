package io.leat.broker.group.streams;

import java.util.Comparator;

/**
 * What a member of a streams group runs: one partition of all topics that a subtopology reads.
 *
 * @param partition from 0
 */
public record Task(String subtopology, int partition) implements Comparable<Task> {
    private static final Comparator<Task> ORDER =
            Comparator.comparing(Task::subtopology).thenComparingInt(Task::partition);

    @Override
    public int compareTo(Task other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return subtopology + "_" + partition;
    }
}
