package io.leat.broker.group.streams;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.leat.broker.topic.TopicName;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.StreamsGroupHeartbeatRequest;
import io.leat.wire.message.StreamsGroupHeartbeatRequest.CopartitionGroup;
import io.leat.wire.message.StreamsGroupHeartbeatRequest.KeyValue;
import io.leat.wire.message.StreamsGroupHeartbeatRequest.TopicInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the topology that a member brings. */
final class TopologyReader {
    private TopologyReader() {}

    /**
     * Reads a topology.
     *
     * @throws Refusal {@code STREAMS_INVALID_TOPOLOGY} saying what is wrong with it
     */
    static Topology read(StreamsGroupHeartbeatRequest.Topology wire) {
        require(wire.epoch() >= 0, "The topology's epoch must not be negative");
        SortedMap<String, Subtopology> parts = new TreeMap<>();
        for (StreamsGroupHeartbeatRequest.Subtopology each : wire.subtopologies()) {
            Subtopology part = read(each);
            require(
                    parts.put(part.id(), part) == null,
                    "There are two subtopologies of id '" + part.id() + "'");
        }
        Topology topology = new Topology(wire.epoch(), parts);
        for (String topic : topology.topics()) {
            TopicName.flaw(topic)
                    .ifPresent(flaw -> {
                        throw new Refusal(ErrorCode.STREAMS_INVALID_TOPOLOGY, flaw);
                    });
            require(
                    !topic.equals("__consumer_offsets") && !topic.equals("__transaction_state"),
                    "Topic '" + topic + "' is Kafka's own");
        }
        return topology;
    }

    private static Subtopology read(StreamsGroupHeartbeatRequest.Subtopology wire) {
        String id = wire.subtopologyId();
        require(
                !wire.sourceTopics().isEmpty()
                        || !wire.sourceTopicRegex().isEmpty()
                        || !wire.repartitionSourceTopics().isEmpty(),
                "Subtopology '" + id + "' reads no topic");
        wire.sourceTopicRegex().forEach(pattern -> checkPattern(id, pattern));
        return new Subtopology(
                id,
                new TreeSet<>(wire.sourceTopics()),
                new TreeSet<>(wire.sourceTopicRegex()),
                topics(wire.repartitionSourceTopics()),
                new TreeSet<>(wire.repartitionSinkTopics()),
                topics(wire.stateChangelogTopics()),
                wire.copartitionGroups().stream().map(group -> copartition(wire, group)).toList());
    }

    private static void checkPattern(String id, String pattern) {
        try {
            var _ = Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new Refusal(
                    ErrorCode.STREAMS_INVALID_TOPOLOGY,
                    "Subtopology '%s' reads by %s, which is not a regular expression of RE2: %s"
                            .formatted(id, pattern, e.getDescription()));
        }
    }

    private static SortedMap<String, InternalTopic> topics(List<TopicInfo> wire) {
        List<InternalTopic> topics = new ArrayList<>();
        for (TopicInfo topic : wire) {
            require(
                    topic.partitions() >= 0 && topic.replicationFactor() >= -1,
                    "Topic '" + topic.name() + "' cannot have so many partitions or replicas");
            SortedMap<String, String> configs = new TreeMap<>();
            for (KeyValue config : topic.topicConfigs()) {
                configs.put(config.key(), config.value());
            }
            topics.add(
                    new InternalTopic(
                            topic.name(), topic.partitions(), topic.replicationFactor(), configs));
        }
        return Subtopology.byName(topics);
    }

    private static Subtopology.Copartition copartition(
            StreamsGroupHeartbeatRequest.Subtopology wire, CopartitionGroup group) {
        SortedSet<String> topics = new TreeSet<>(named(wire.sourceTopics(), group.sourceTopics()));
        topics.addAll(
                named(
                        wire.repartitionSourceTopics().stream().map(TopicInfo::name).toList(),
                        group.repartitionSourceTopics()));
        return new Subtopology.Copartition(
                topics, new TreeSet<>(named(wire.sourceTopicRegex(), group.sourceTopicRegex())));
    }

    private static List<String> named(List<String> all, List<Short> positions) {
        List<String> names = new ArrayList<>();
        for (short position : positions) {
            require(
                    position >= 0 && position < all.size(),
                    "A copartition group names topic %d of %d".formatted(position, all.size()));
            names.add(all.get(position));
        }
        return names;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new Refusal(ErrorCode.STREAMS_INVALID_TOPOLOGY, message);
        }
    }
}
