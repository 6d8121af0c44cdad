package io.leat.broker.group.streams;

import static io.leat.broker.group.streams.Status.Kind.INCORRECTLY_PARTITIONED_TOPICS;
import static io.leat.broker.group.streams.Status.Kind.MISSING_INTERNAL_TOPICS;
import static io.leat.broker.group.streams.Status.Kind.MISSING_SOURCE_TOPICS;

import com.google.re2j.Pattern;
import io.leat.broker.group.assign.TopicImage;
import io.leat.broker.group.assign.Topics.TopicInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Looks for a topology's topics and works out how many partitions its own ones get, as Kafka
 * Streams does (KIP-1071). Pure. Lives for one look.
 *
 * <ul>
 *   <li>A repartition topic has the partitions that the application says, or else as many as the
 *       largest topic read by the subtopologies that write it.
 *   <li>Topics that are joined need the same number: that of the topics that are there already, or
 *       that the application says, or else the largest.
 *   <li>A changelog has as many as its subtopology has tasks: the largest of what that reads.
 * </ul>
 */
final class TopologyRules {
    private final Topology topology;
    private final TopicImage topics;
    private final Map<String, Set<String>> matches = new HashMap<>();
    private final Map<String, Integer> decided = new HashMap<>();

    private TopologyRules(Topology topology, TopicImage topics) {
        this.topology = topology;
        this.topics = topics;
    }

    static ResolvedTopology resolve(Topology topology, TopicImage topics) {
        try {
            return new TopologyRules(topology, topics).resolve();
        } catch (Flaw flaw) {
            return ResolvedTopology.flawed(
                    topics.version(), flaw.kind, String.valueOf(flaw.getMessage()));
        }
    }

    private ResolvedTopology resolve() {
        requireSources();
        decideRepartitionTopics();
        topology.subtopologies().values().forEach(this::enforceCopartition);
        SortedMap<String, ResolvedTopology.Part> parts = new TreeMap<>();
        topology.subtopologies().forEach((id, part) -> parts.put(id, part(part)));
        List<InternalTopic> missing = missing(parts);
        SortedMap<String, Integer> tasks = new TreeMap<>();
        if (missing.isEmpty()) {
            parts.forEach((id, part) -> tasks.put(id, part.tasks()));
            return new ResolvedTopology(topics.version(), tasks, parts, missing, Optional.empty());
        }
        String names = missing.stream().map(InternalTopic::name).collect(Collectors.joining(", "));
        return new ResolvedTopology(
                topics.version(),
                tasks,
                parts,
                missing,
                Optional.of(
                        new Status(
                                MISSING_INTERNAL_TOPICS, "Internal topics are missing: " + names)));
    }

    private void requireSources() {
        NavigableSet<String> missing = new TreeSet<>();
        for (Subtopology part : topology.subtopologies().values()) {
            part.sources().stream()
                    .filter(name -> topics.find(name).isEmpty())
                    .forEach(missing::add);
            part.patterns().stream()
                    .filter(pattern -> matching(pattern).isEmpty())
                    .forEach(missing::add);
        }
        if (!missing.isEmpty()) {
            throw new Flaw(
                    MISSING_SOURCE_TOPICS,
                    "Source topics " + String.join(", ", missing) + " are missing.");
        }
    }

    private Set<String> matching(String pattern) {
        return matches.computeIfAbsent(pattern, this::match);
    }

    /** An application never reads by a pattern what is its own. */
    private Set<String> match(String text) {
        Optional<Pattern> pattern = Subtopology.compiled(text);
        if (pattern.isEmpty()) {
            return Set.of();
        }
        Set<String> own = new HashSet<>();
        topology.subtopologies()
                .values()
                .forEach(part -> {
                    own.addAll(part.repartitionSources().keySet());
                    own.addAll(part.changelogs().keySet());
                });
        Set<String> names = new HashSet<>();
        for (String name : topics.byName().keySet()) {
            if (!own.contains(name) && pattern.get().matches(name)) {
                names.add(name);
            }
        }
        return names;
    }

    /** All topics that a subtopology reads. */
    private NavigableSet<String> sourcesOf(Subtopology part) {
        NavigableSet<String> sources = new TreeSet<>(part.sources());
        part.patterns().forEach(pattern -> sources.addAll(matching(pattern)));
        sources.addAll(part.repartitionSources().keySet());
        return sources;
    }

    /** How many partitions a topic has or is to have; empty while that is not known. */
    private OptionalInt partitions(String topic) {
        Integer count = decided.get(topic);
        if (count != null) {
            return OptionalInt.of(count);
        }
        return topics.find(topic)
                .map(TopicInfo::partitions)
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }

    private void decideRepartitionTopics() {
        NavigableSet<String> open = new TreeSet<>();
        for (Subtopology part : topology.subtopologies().values()) {
            for (InternalTopic topic : part.repartitionSources().values()) {
                if (topic.isFixed()) {
                    decided.put(topic.name(), topic.partitions());
                } else {
                    open.add(topic.name());
                }
            }
        }
        // First what depends on nothing that is open; in circles, what is known has to do.
        while (!open.isEmpty()) {
            Optional<String> next =
                    open.stream().filter(topic -> written(topic, open).isPresent()).findFirst();
            if (next.isEmpty()) {
                next = open.stream().filter(t -> written(t, Set.of()).isPresent()).findFirst();
            }
            String topic =
                    next.orElseThrow(() ->
                            new Flaw(
                                    INCORRECTLY_PARTITIONED_TOPICS,
                                    "It cannot be told how many partitions these repartition"
                                            + " topics need, since nothing writes them: "
                                            + String.join(", ", open)));
            decided.put(topic, written(topic, Set.of()).orElseThrow());
            open.remove(topic);
        }
    }

    /** The largest topic read by who writes {@code topic}; empty if any of these is open. */
    private OptionalInt written(String topic, Set<String> open) {
        OptionalInt most = OptionalInt.empty();
        for (Subtopology part : topology.subtopologies().values()) {
            if (!part.repartitionSinks().contains(topic)) {
                continue;
            }
            for (String source : sourcesOf(part)) {
                if (open.contains(source)) {
                    return OptionalInt.empty();
                }
                OptionalInt count = decidedOrForeign(source);
                if (count.isPresent()) {
                    most = OptionalInt.of(Math.max(most.orElse(0), count.getAsInt()));
                }
            }
        }
        return most;
    }

    /** Of a topic of the application's own, only what is decided: one that is there may not fit. */
    private OptionalInt decidedOrForeign(String topic) {
        boolean own =
                topology.subtopologies().values().stream()
                        .anyMatch(part -> part.repartitionSources().containsKey(topic));
        return own && !decided.containsKey(topic) ? OptionalInt.empty() : partitions(topic);
    }

    private void enforceCopartition(Subtopology part) {
        for (Subtopology.Copartition group : part.copartitioned()) {
            SortedMap<String, Integer> set = new TreeMap<>();
            SortedMap<String, Integer> open = new TreeMap<>();
            NavigableSet<String> names = new TreeSet<>(group.topics());
            group.patterns().forEach(pattern -> names.addAll(matching(pattern)));
            for (String name : names) {
                InternalTopic own = part.repartitionSources().get(name);
                int count = partitions(name).orElse(0);
                (own == null || own.isFixed() ? set : open).put(name, count);
            }
            if (new HashSet<>(set.values()).size() > 1) {
                throw new Flaw(
                        INCORRECTLY_PARTITIONED_TOPICS,
                        "Topics that are joined need the same number of partitions: " + set);
            }
            int count =
                    set.isEmpty()
                            ? open.values().stream().mapToInt(each -> each).max().orElse(0)
                            : set.values().iterator().next();
            open.keySet().forEach(name -> decided.put(name, count));
        }
    }

    private ResolvedTopology.Part part(Subtopology part) {
        SortedMap<String, Integer> sources = new TreeMap<>();
        for (String name : sourcesOf(part)) {
            sources.put(name, partitions(name).orElse(0));
        }
        int tasks = sources.values().stream().mapToInt(each -> each).max().orElse(0);
        return new ResolvedTopology.Part(
                part.id(),
                tasks,
                sources,
                part.repartitionSources().values().stream()
                        .map(topic -> topic.with(partitions(topic.name()).orElse(0)))
                        .toList(),
                part.repartitionSinks(),
                part.changelogs().values().stream().map(topic -> topic.with(tasks)).toList());
    }

    /** A source that serves as its own changelog is not made, nor has it to fit. */
    private List<InternalTopic> missing(SortedMap<String, ResolvedTopology.Part> parts) {
        SortedMap<String, InternalTopic> wanted = new TreeMap<>();
        for (ResolvedTopology.Part part : parts.values()) {
            part.repartitionSources().forEach(topic -> wanted.put(topic.name(), topic));
            part.changelogs().stream()
                    .filter(topic -> !part.sources().containsKey(topic.name()))
                    .forEach(topic -> wanted.put(topic.name(), topic));
        }
        List<InternalTopic> missing = new ArrayList<>();
        for (InternalTopic topic : wanted.values()) {
            Optional<TopicInfo> there = topics.find(topic.name());
            if (there.isEmpty()) {
                missing.add(topic);
            } else if (there.get().partitions() != topic.partitions()) {
                throw new Flaw(
                        INCORRECTLY_PARTITIONED_TOPICS,
                        "Existing topic %s has different number of partitions: expected %d, found %d"
                                .formatted(
                                        topic.name(),
                                        topic.partitions(),
                                        there.get().partitions()));
            }
        }
        return missing;
    }

    /** Ends a look at topics that do not fit. */
    @SuppressWarnings("serial") // never serialized
    private static final class Flaw extends RuntimeException {
        private final Status.Kind kind;

        Flaw(Status.Kind kind, String message) {
            super(message, null, false, false);
            this.kind = kind;
        }
    }
}
