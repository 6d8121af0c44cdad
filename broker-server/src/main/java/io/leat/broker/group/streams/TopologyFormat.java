package io.leat.broker.group.streams;

import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a topology lies in the state store, within its group.
 *
 * <pre>
 *   epoch int32 | subtopologies int32, each:
 *     id string | sources names | patterns names | repartition sinks names
 *     repartition sources topics | changelogs topics
 *     copartitioned int32, each: topics names | patterns names
 *   names   int32, each string
 *   topics  int32, each: name string | partitions int32 | replication factor int32
 *           | configs int32, each: name string | value string
 * </pre>
 */
final class TopologyFormat {
    private TopologyFormat() {}

    static void write(Topology topology, StateOutput out) {
        out.int32(topology.epoch()).int32(topology.subtopologies().size());
        for (Subtopology part : topology.subtopologies().values()) {
            out.string(part.id());
            names(part.sources(), out);
            names(part.patterns(), out);
            names(part.repartitionSinks(), out);
            topics(part.repartitionSources().values(), out);
            topics(part.changelogs().values(), out);
            out.int32(part.copartitioned().size());
            for (Subtopology.Copartition group : part.copartitioned()) {
                names(group.topics(), out);
                names(group.patterns(), out);
            }
        }
    }

    private static void names(SortedSet<String> names, StateOutput out) {
        out.int32(names.size());
        names.forEach(out::string);
    }

    private static void topics(Collection<InternalTopic> topics, StateOutput out) {
        out.int32(topics.size());
        for (InternalTopic topic : topics) {
            out.string(topic.name())
                    .int32(topic.partitions())
                    .int32(topic.replicationFactor())
                    .int32(topic.configs().size());
            topic.configs().forEach((name, value) -> out.string(name).string(value));
        }
    }

    static Topology read(StateInput in) {
        int epoch = in.int32();
        int count = in.count();
        SortedMap<String, Subtopology> parts = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            Subtopology part = subtopology(in);
            parts.put(part.id(), part);
        }
        return new Topology(epoch, parts);
    }

    private static Subtopology subtopology(StateInput in) {
        String id = in.string();
        SortedSet<String> sources = names(in);
        SortedSet<String> patterns = names(in);
        SortedSet<String> sinks = names(in);
        SortedMap<String, InternalTopic> repartitionSources = topics(in);
        SortedMap<String, InternalTopic> changelogs = topics(in);
        int count = in.count();
        List<Subtopology.Copartition> copartitioned = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            copartitioned.add(new Subtopology.Copartition(names(in), names(in)));
        }
        return new Subtopology(
                id, sources, patterns, repartitionSources, sinks, changelogs, copartitioned);
    }

    private static SortedSet<String> names(StateInput in) {
        int count = in.count();
        SortedSet<String> names = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            names.add(in.string());
        }
        return names;
    }

    private static SortedMap<String, InternalTopic> topics(StateInput in) {
        int count = in.count();
        SortedMap<String, InternalTopic> topics = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            String name = in.string();
            int partitions = in.int32();
            short replicationFactor = (short) in.int32();
            SortedMap<String, String> configs = new TreeMap<>();
            int size = in.count();
            for (int j = 0; j < size; j++) {
                configs.put(in.string(), in.string());
            }
            topics.put(name, new InternalTopic(name, partitions, replicationFactor, configs));
        }
        return topics;
    }
}
