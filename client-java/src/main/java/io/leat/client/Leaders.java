package io.leat.client;

import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Brings requests about partitions to the brokers that lead them. On the loop. */
final class Leaders {
    /** Asks one broker about the partitions that it leads. */
    @FunctionalInterface
    interface Question {
        CompletableFuture<Void> ask(Node leader, List<TopicPartition> partitions);
    }

    private Leaders() {}

    /**
     * Asks every leader of these partitions once, after looking up those topics that are not known
     * yet.
     */
    static CompletableFuture<Void> ask(
            Cluster cluster, Collection<TopicPartition> partitions, Question question) {
        Set<String> topics =
                partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
        ClusterView view = cluster.view();
        boolean known = partitions.stream().allMatch(p -> view.leader(p).isPresent());
        cluster.track(topics);
        return known
                ? askLeaders(view, partitions, question)
                : cluster.refresh().thenCompose(fresh -> askLeaders(fresh, partitions, question));
    }

    private static CompletableFuture<Void> askLeaders(
            ClusterView view, Collection<TopicPartition> partitions, Question question) {
        Map<Node, List<TopicPartition>> byLeader = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Node leader = view.leader(partition).orElseThrow(() -> noLeader(view, partition));
            byLeader.computeIfAbsent(leader, node -> new ArrayList<>()).add(partition);
        }
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        byLeader.forEach((leader, led) -> answers.add(question.ask(leader, led)));
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]));
    }

    private static BrokerException noLeader(ClusterView view, TopicPartition partition) {
        ErrorCode error =
                view.topic(partition.topic())
                        .map(topic -> topicError(topic, partition))
                        .orElse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        return error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                ? BrokerException.fatal(error, Requests.subject(partition), null)
                : BrokerException.of(error, Requests.subject(partition), null);
    }

    private static ErrorCode topicError(ClusterView.TopicView topic, TopicPartition partition) {
        if (topic.error() != ErrorCode.NONE) {
            return topic.error();
        }
        return partition.partition() < topic.partitionCount()
                ? ErrorCode.LEADER_NOT_AVAILABLE
                : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }
}
