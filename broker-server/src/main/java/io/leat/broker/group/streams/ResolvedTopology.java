package io.leat.broker.group.streams;

import io.leat.broker.coordinator.HeapBytes;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What a topology came to when its topics were last looked at. Immutable.
 *
 * @param version of the topics it was made from, -1 where that is not known
 * @param tasks how many tasks each subtopology has; empty while tasks cannot be assigned
 * @param parts the subtopologies, empty while their topics are missing or do not fit
 * @param missing internal topics that are not there yet
 * @param flaw what keeps tasks from being assigned
 */
public record ResolvedTopology(
        long version,
        SortedMap<String, Integer> tasks,
        SortedMap<String, Part> parts,
        List<InternalTopic> missing,
        Optional<Status> flaw) {
    static final ResolvedTopology NONE =
            new ResolvedTopology(-1, new TreeMap<>(), new TreeMap<>(), List.of(), Optional.empty());

    public ResolvedTopology {
        tasks = Collections.unmodifiableSortedMap(tasks);
        parts = Collections.unmodifiableSortedMap(parts);
        missing = List.copyOf(missing);
    }

    /**
     * A subtopology with its topics.
     *
     * @param sources how many partitions each topic has that it reads, the application's own too
     * @param repartitionSources of these, the application's own, with their partitions
     * @param changelogs with their partitions
     */
    public record Part(
            String id,
            int tasks,
            SortedMap<String, Integer> sources,
            List<InternalTopic> repartitionSources,
            SortedSet<String> repartitionSinks,
            List<InternalTopic> changelogs) {}

    /** As it was found in the state store: with the tasks alone. */
    static ResolvedTopology stored(SortedMap<String, Integer> tasks) {
        return new ResolvedTopology(-1, tasks, new TreeMap<>(), List.of(), Optional.empty());
    }

    static ResolvedTopology flawed(long version, Status.Kind kind, String detail) {
        return new ResolvedTopology(
                version,
                new TreeMap<>(),
                new TreeMap<>(),
                List.of(),
                Optional.of(new Status(kind, detail)));
    }

    /** How much heap it takes, roughly. */
    long heapBytes() {
        long bytes = HeapBytes.OBJECT + HeapBytes.texts(tasks.keySet());
        for (Part part : parts.values()) {
            bytes +=
                    HeapBytes.ENTRY
                            + HeapBytes.texts(part.sources.keySet())
                            + InternalTopic.heapBytes(part.repartitionSources)
                            + HeapBytes.texts(part.repartitionSinks)
                            + InternalTopic.heapBytes(part.changelogs);
        }
        return bytes
                + InternalTopic.heapBytes(missing)
                + flaw.map(status -> HeapBytes.text(status.detail())).orElse(0L);
    }

    boolean reads(String topic) {
        return parts.values().stream().anyMatch(part -> part.sources().containsKey(topic));
    }
}
