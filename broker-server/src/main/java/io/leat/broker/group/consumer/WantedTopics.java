package io.leat.broker.group.consumer;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.leat.broker.coordinator.HeapBytes;
import io.leat.broker.group.assign.TopicImage;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What the wishes of a group's members come to, at one time. Immutable.
 *
 * @param version of the topics it was made from, -1 where that is not known
 * @param partitions how many partitions each topic has that somebody wants and that is there
 * @param matches the topics that match each pattern
 */
public record WantedTopics(
        long version, SortedMap<UUID, Integer> partitions, Map<String, Set<String>> matches) {
    static final WantedTopics NONE = new WantedTopics(-1, new TreeMap<>(), Map.of());

    /** How much heap it takes, roughly. */
    long heapBytes() {
        long bytes = HeapBytes.OBJECT + partitions.size() * (HeapBytes.ENTRY + HeapBytes.OBJECT);
        for (Map.Entry<String, Set<String>> match : matches.entrySet()) {
            // The names are those of the topics, and take nothing here.
            bytes +=
                    2 * HeapBytes.ENTRY
                            + HeapBytes.text(match.getKey())
                            + match.getValue().size() * HeapBytes.ENTRY;
        }
        return bytes;
    }

    /** The topics that match a pattern, empty when it was not there at that time. */
    Set<String> matches(String pattern) {
        return matches.getOrDefault(pattern, Set.of());
    }

    /**
     * Looks for what members want.
     *
     * @param before an earlier look, whose matches hold while the topics are the same
     */
    static WantedTopics of(
            Collection<ConsumerMember> members, TopicImage topics, WantedTopics before) {
        Map<String, Set<String>> matches = new TreeMap<>();
        SortedMap<UUID, Integer> partitions = new TreeMap<>();
        for (ConsumerMember member : members) {
            member.subscription().names().forEach(name -> add(name, topics, partitions));
            member.subscription()
                    .pattern()
                    .ifPresent(pattern ->
                            matches.computeIfAbsent(pattern, p -> match(p, topics, before)));
        }
        matches.values().forEach(names -> names.forEach(name -> add(name, topics, partitions)));
        return new WantedTopics(topics.version(), partitions, matches);
    }

    private static void add(String name, TopicImage topics, Map<UUID, Integer> partitions) {
        topics.find(name).ifPresent(topic -> partitions.put(topic.id(), topic.partitions()));
    }

    private static Set<String> match(String pattern, TopicImage topics, WantedTopics before) {
        if (before.version == topics.version() && before.matches.containsKey(pattern)) {
            return before.matches(pattern);
        }
        Pattern compiled;
        try {
            compiled = Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            return Set.of(); // it was checked when it came in, perhaps by an older RE2/J
        }
        Set<String> names = new HashSet<>();
        for (String name : topics.byName().keySet()) {
            if (compiled.matches(name)) {
                names.add(name);
            }
        }
        return names;
    }

    /** The topics that a member wants and that are there. */
    Set<UUID> of(ConsumerMember member, TopicImage topics) {
        Set<UUID> ids = new HashSet<>();
        member.subscription()
                .names()
                .forEach(name -> topics.find(name).ifPresent(topic -> ids.add(topic.id())));
        member.subscription()
                .pattern()
                .ifPresent(pattern ->
                        matches(pattern)
                                .forEach(name ->
                                        topics.find(name).ifPresent(topic -> ids.add(topic.id()))));
        return ids;
    }
}
