package io.leat.client;

import io.leat.wire.message.MetadataRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Parts that several requests share. */
final class Requests {
    /** Stands for "no id" in the protocol. */
    static final UUID NO_ID = new UUID(0, 0);

    private Requests() {}

    static MetadataRequest.MetadataRequestTopic metadataTopic(String name) {
        return new MetadataRequest.MetadataRequestTopic(NO_ID, name);
    }

    /** The nested form that most requests have: for each topic its name and its partitions. */
    static <P, T> List<T> byTopic(
            Collection<TopicPartition> partitions,
            Function<TopicPartition, P> partition,
            BiFunction<String, List<P>, T> topic) {
        Map<String, List<P>> grouped = new TreeMap<>();
        for (TopicPartition each : partitions) {
            grouped.computeIfAbsent(each.topic(), name -> new ArrayList<>())
                    .add(partition.apply(each));
        }
        List<T> topics = new ArrayList<>(grouped.size());
        grouped.forEach((name, parts) -> topics.add(topic.apply(name, parts)));
        return topics;
    }

    /** The same, with what belongs to each partition. */
    static <V, P, T> List<T> byTopic(
            Collection<TopicPartition> partitions,
            Map<TopicPartition, V> values,
            BiFunction<Integer, V, P> partition,
            BiFunction<String, List<P>, T> topic) {
        return byTopic(
                partitions,
                each ->
                        partition.apply(
                                each.partition(),
                                Objects.requireNonNull(values.get(each), each.toString())),
                topic);
    }

    /** How messages name a topic. */
    static String subject(String topic) {
        return "topic '" + topic + "'";
    }

    /** How messages name several topics. */
    static String subjects(Collection<String> topics) {
        return topics.stream().sorted().map(Requests::subject).collect(Collectors.joining(", "));
    }

    /** How messages name a partition. */
    static String subject(TopicPartition partition) {
        return "partition " + partition.partition() + " of topic '" + partition.topic() + "'";
    }

    /** How messages name a group. */
    static String groupSubject(String groupId) {
        return "group '" + groupId + "'";
    }
}
