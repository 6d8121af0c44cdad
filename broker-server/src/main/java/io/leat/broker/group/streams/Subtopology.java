package io.leat.broker.group.streams;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.leat.broker.coordinator.HeapBytes;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A part of a topology that reads its topics partition by partition. Immutable.
 *
 * @param sources topics it reads that are not the application's own
 * @param patterns RE2 regular expressions of more of them
 * @param repartitionSources topics of the application's own that it reads, by name
 * @param repartitionSinks topics of the application's own that it writes
 * @param changelogs where it keeps its state, by name
 * @param copartitioned topics that need the same number of partitions
 */
public record Subtopology(
        String id,
        SortedSet<String> sources,
        SortedSet<String> patterns,
        SortedMap<String, InternalTopic> repartitionSources,
        SortedSet<String> repartitionSinks,
        SortedMap<String, InternalTopic> changelogs,
        List<Copartition> copartitioned) {
    public Subtopology {
        sources = Collections.unmodifiableSortedSet(new TreeSet<>(sources));
        patterns = Collections.unmodifiableSortedSet(new TreeSet<>(patterns));
        repartitionSources = Collections.unmodifiableSortedMap(new TreeMap<>(repartitionSources));
        repartitionSinks = Collections.unmodifiableSortedSet(new TreeSet<>(repartitionSinks));
        changelogs = Collections.unmodifiableSortedMap(new TreeMap<>(changelogs));
        copartitioned = List.copyOf(copartitioned);
    }

    /**
     * Topics with the same number of partitions.
     *
     * @param topics by name, the application's own too
     * @param patterns of more of them
     */
    public record Copartition(SortedSet<String> topics, SortedSet<String> patterns) {
        public Copartition {
            topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
            patterns = Collections.unmodifiableSortedSet(new TreeSet<>(patterns));
        }
    }

    /** How much heap it takes, roughly. */
    long heapBytes() {
        long bytes =
                HeapBytes.OBJECT
                        + HeapBytes.text(id)
                        + HeapBytes.texts(sources)
                        + HeapBytes.texts(patterns)
                        + InternalTopic.heapBytes(repartitionSources.values())
                        + HeapBytes.texts(repartitionSinks)
                        + InternalTopic.heapBytes(changelogs.values());
        for (Copartition group : copartitioned) {
            bytes += HeapBytes.texts(group.topics) + HeapBytes.texts(group.patterns);
        }
        return bytes;
    }

    /** Whether it reads a topic, or would once that is there. */
    boolean reads(String topic) {
        return sources.contains(topic)
                || repartitionSources.containsKey(topic)
                || patterns.stream()
                        .flatMap(pattern -> compiled(pattern).stream())
                        .anyMatch(pattern -> pattern.matches(topic));
    }

    /** Empty for what is no pattern: it was checked when it came in, perhaps by an older RE2/J. */
    static Optional<Pattern> compiled(String pattern) {
        try {
            return Optional.of(Pattern.compile(pattern));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }

    /** Whether it has state that a task needs where it runs. */
    boolean isStateful() {
        return !changelogs.isEmpty();
    }

    static SortedMap<String, InternalTopic> byName(Collection<InternalTopic> topics) {
        SortedMap<String, InternalTopic> all = new TreeMap<>();
        topics.forEach(topic -> all.put(topic.name(), topic));
        return all;
    }
}
