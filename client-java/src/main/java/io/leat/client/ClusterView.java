package io.leat.client;

import io.leat.wire.ErrorCode;
import io.leat.wire.message.MetadataResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a client knows of its cluster. Immutable: every answer makes a new one.
 *
 * @param clusterId the cluster's own id; empty before the first answer
 * @param controllerId the broker that takes changes of topics, or -1
 * @param nodes the brokers by id
 * @param topics what was asked for so far, by name
 * @param nanos when the answer came, by {@link System#nanoTime}
 */
record ClusterView(
        String clusterId,
        int controllerId,
        Map<Integer, Node> nodes,
        Map<String, TopicView> topics,
        long nanos) {

    static final ClusterView NOTHING =
            new ClusterView("", -1, Map.of(), Map.of(), System.nanoTime());

    static final int NO_LEADER = -1;

    /**
     * A topic.
     *
     * @param error why there is no more to know, or {@link ErrorCode#NONE}
     * @param leaders the broker that leads each partition, or {@link #NO_LEADER}; index is the
     *     partition's number
     */
    record TopicView(String name, UUID id, ErrorCode error, List<Integer> leaders) {
        int partitionCount() {
            return leaders.size();
        }

        boolean exists() {
            return error == ErrorCode.NONE && !leaders.isEmpty();
        }
    }

    Optional<TopicView> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    /** The broker that leads the partition, if that is known and there is one. */
    Optional<Node> leader(TopicPartition partition) {
        TopicView topic = topics.get(partition.topic());
        if (topic == null || partition.partition() >= topic.partitionCount()) {
            return Optional.empty();
        }
        return Optional.ofNullable(nodes.get(topic.leaders().get(partition.partition())));
    }

    /** This view without these topics. */
    ClusterView without(Collection<String> forgotten) {
        Map<String, TopicView> rest = new HashMap<>(topics);
        rest.keySet().removeAll(forgotten);
        return new ClusterView(clusterId, controllerId, nodes, Map.copyOf(rest), nanos);
    }

    /** This view with what an answer says, which need not name all topics. */
    ClusterView with(MetadataResponse answer) {
        Map<Integer, Node> brokers = new HashMap<>();
        for (MetadataResponse.MetadataResponseBroker broker : answer.brokers()) {
            Node node =
                    new Node(
                            broker.nodeId(),
                            broker.host(),
                            broker.port(),
                            Optional.ofNullable(broker.rack()));
            brokers.put(node.id(), node);
        }
        Map<String, TopicView> merged = new HashMap<>(topics);
        for (MetadataResponse.MetadataResponseTopic topic : answer.topics()) {
            String name = topic.name();
            if (name != null) {
                merged.put(name, topicView(name, topic));
            }
        }
        String id = answer.clusterId() == null ? "" : answer.clusterId();
        return new ClusterView(
                id,
                answer.controllerId(),
                Map.copyOf(brokers),
                Map.copyOf(merged),
                System.nanoTime());
    }

    private static TopicView topicView(String name, MetadataResponse.MetadataResponseTopic topic) {
        List<MetadataResponse.MetadataResponsePartition> partitions =
                new ArrayList<>(topic.partitions());
        partitions.sort(
                Comparator.comparingInt(
                        MetadataResponse.MetadataResponsePartition::partitionIndex));
        List<Integer> leaders = partitions.stream().map(p -> p.leaderId()).toList();
        return new TopicView(name, topic.topicId(), ErrorCode.of(topic.errorCode()), leaders);
    }
}
