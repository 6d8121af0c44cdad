package io.leat.client;

import io.leat.client.ClusterView.TopicView;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.CreatePartitionsRequest;
import io.leat.wire.message.CreateTopicsRequest;
import io.leat.wire.message.DeleteRecordsRequest;
import io.leat.wire.message.DeleteRecordsResponse;
import io.leat.wire.message.DeleteTopicsRequest;
import io.leat.wire.message.MetadataRequest;
import io.leat.wire.message.MetadataResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Topics and their partitions. On the loop. */
final class TopicAdmin {
    private static final int CLUSTER_DEFAULT = -1;

    private final Cluster cluster;
    private final int brokerTimeoutMillis;

    TopicAdmin(Cluster cluster) {
        this.cluster = cluster;
        // The broker gives up before the client does, so that it is the broker that says why.
        this.brokerTimeoutMillis =
                (int)
                        Math.min(
                                Integer.MAX_VALUE,
                                cluster.options().requestTimeout().toMillis() * 3 / 4);
    }

    CompletableFuture<Void> create(Collection<NewTopic> topics, Deadline deadline) {
        List<String> names = topics.stream().map(NewTopic::name).toList();
        return create(topics, false, deadline)
                .thenCompose(done -> awaitSeen(names, TopicAdmin::isUsable, deadline));
    }

    /** Checks whether topics could be created. */
    CompletableFuture<Void> check(Collection<NewTopic> topics, Deadline deadline) {
        return create(topics, true, deadline);
    }

    private CompletableFuture<Void> create(
            Collection<NewTopic> topics, boolean validateOnly, Deadline deadline) {
        List<String> names = topics.stream().map(NewTopic::name).toList();
        Batch<String> batch = new Batch<>(names);
        return Retry.until(
                cluster,
                deadline,
                "create " + Requests.subjects(names),
                () -> {
                    List<CreateTopicsRequest.CreatableTopic> wanted =
                            topics.stream()
                                    .filter(topic -> batch.pending().contains(topic.name()))
                                    .map(TopicAdmin::creatable)
                                    .toList();
                    CreateTopicsRequest request =
                            new CreateTopicsRequest(wanted, brokerTimeoutMillis, validateOnly);
                    return cluster.askController(Apis.CREATE_TOPICS, request)
                            .thenCompose(answer -> {
                                answer.topics()
                                        .forEach(topic ->
                                                batch.answered(
                                                        topic.name(),
                                                        topic.errorCode(),
                                                        "create " + Requests.subject(topic.name()),
                                                        topic.errorMessage()));
                                return batch.outcome();
                            });
                });
    }

    private static CreateTopicsRequest.CreatableTopic creatable(NewTopic topic) {
        List<CreateTopicsRequest.CreatableTopicConfig> configs = new ArrayList<>();
        topic.configs()
                .forEach((key, value) ->
                        configs.add(new CreateTopicsRequest.CreatableTopicConfig(key, value)));
        return new CreateTopicsRequest.CreatableTopic(
                topic.name(),
                topic.partitionCount().orElse(CLUSTER_DEFAULT),
                (short) topic.replicationFactor().orElse(CLUSTER_DEFAULT),
                List.of(),
                configs);
    }

    private static boolean isUsable(Optional<TopicView> topic) {
        return topic.filter(
                        known -> known.exists() && !known.leaders().contains(ClusterView.NO_LEADER))
                .isPresent();
    }

    /** Waits until brokers know of a change: the controller answers before they do. */
    private CompletableFuture<Void> awaitSeen(
            Collection<String> topics, Predicate<Optional<TopicView>> seen, Deadline deadline) {
        return Retry.until(
                cluster,
                deadline,
                "see the change of " + Requests.subjects(topics) + " at the brokers",
                () ->
                        cluster.askAny(Apis.METADATA, metadataRequest(topics))
                                .thenAccept(answer -> {
                                    ClusterView view = ClusterView.NOTHING.with(answer);
                                    topics.forEach(
                                            topic -> require(topic, seen.test(view.topic(topic))));
                                }));
    }

    private static void require(String topic, boolean seen) {
        if (!seen) {
            throw BrokerException.of(ErrorCode.LEADER_NOT_AVAILABLE, Requests.subject(topic), null);
        }
    }

    CompletableFuture<List<TopicListing>> list(Deadline deadline) {
        return metadata(null, deadline)
                .thenApply(answer ->
                        answer.topics().stream()
                                .filter(topic -> topic.errorCode() == 0 && topic.name() != null)
                                .map(TopicAdmin::listing)
                                .sorted(Comparator.comparing(TopicListing::name))
                                .toList());
    }

    private static TopicListing listing(MetadataResponse.MetadataResponseTopic topic) {
        int replicas =
                topic.partitions().isEmpty() ? 0 : topic.partitions().get(0).replicaNodes().size();
        return new TopicListing(
                String.valueOf(topic.name()),
                topic.topicId(),
                topic.partitions().size(),
                replicas,
                topic.isInternal());
    }

    CompletableFuture<List<TopicDescription>> describe(
            Collection<String> names, Deadline deadline) {
        return metadata(names, deadline)
                .thenCompose(answer -> {
                    Batch<String> batch = new Batch<>(names);
                    Map<String, TopicDescription> described = new HashMap<>();
                    Map<Integer, Node> nodes = ClusterView.NOTHING.with(answer).nodes();
                    for (MetadataResponse.MetadataResponseTopic topic : answer.topics()) {
                        String name = String.valueOf(topic.name());
                        batch.answered(
                                name,
                                topic.errorCode(),
                                "describe " + Requests.subject(name),
                                null);
                        described.put(name, description(name, topic, nodes));
                    }
                    return batch.outcome()
                            .thenApply(done -> names.stream().map(described::get).toList());
                });
    }

    private static TopicDescription description(
            String name, MetadataResponse.MetadataResponseTopic topic, Map<Integer, Node> nodes) {
        List<TopicDescription.Partition> partitions =
                topic.partitions().stream()
                        .sorted(
                                Comparator.comparingInt(
                                        MetadataResponse.MetadataResponsePartition::partitionIndex))
                        .map(each ->
                                new TopicDescription.Partition(
                                        each.partitionIndex(),
                                        Optional.ofNullable(nodes.get(each.leaderId())),
                                        each.replicaNodes(),
                                        each.isrNodes()))
                        .toList();
        return new TopicDescription(name, topic.topicId(), topic.isInternal(), partitions);
    }

    private CompletableFuture<MetadataResponse> metadata(
            @Nullable Collection<String> names, Deadline deadline) {
        MetadataRequest request = metadataRequest(names);
        return Retry.until(
                cluster, deadline, "look up topics", () -> cluster.askAny(Apis.METADATA, request));
    }

    /** Asks for these topics, or for all if there is null instead. */
    private static MetadataRequest metadataRequest(@Nullable Collection<String> names) {
        List<MetadataRequest.MetadataRequestTopic> topics =
                names == null ? null : names.stream().map(Requests::metadataTopic).toList();
        return new MetadataRequest(topics, false, false, false);
    }

    CompletableFuture<Void> delete(Collection<String> names, Deadline deadline) {
        Batch<String> batch = new Batch<>(names);
        Set<UUID> deleted = new HashSet<>();
        return Retry.until(
                        cluster,
                        deadline,
                        "delete " + Requests.subjects(names),
                        () -> {
                            List<DeleteTopicsRequest.DeleteTopicState> unwanted =
                                    batch.pending().stream()
                                            .map(name ->
                                                    new DeleteTopicsRequest.DeleteTopicState(
                                                            name, Requests.NO_ID))
                                            .toList();
                            DeleteTopicsRequest request =
                                    new DeleteTopicsRequest(
                                            unwanted, List.of(), brokerTimeoutMillis);
                            return cluster.askController(Apis.DELETE_TOPICS, request)
                                    .thenCompose(answer -> {
                                        answer.responses()
                                                .forEach(topic -> {
                                                    String name = String.valueOf(topic.name());
                                                    deleted.add(topic.topicId());
                                                    batch.answered(
                                                            name,
                                                            topic.errorCode(),
                                                            "delete " + Requests.subject(name),
                                                            topic.errorMessage());
                                                });
                                        return batch.outcome();
                                    });
                        })
                .thenCompose(done -> awaitSeen(names, topic -> isGone(topic, deleted), deadline));
    }

    /** Gone, or already another of the same name. */
    private static boolean isGone(Optional<TopicView> topic, Set<UUID> deleted) {
        return topic.filter(known -> known.exists() && deleted.contains(known.id())).isEmpty();
    }

    CompletableFuture<Void> addPartitions(String topic, int totalCount, Deadline deadline) {
        Batch<String> batch = new Batch<>(List.of(topic));
        CreatePartitionsRequest request =
                new CreatePartitionsRequest(
                        List.of(
                                new CreatePartitionsRequest.CreatePartitionsTopic(
                                        topic, totalCount, null)),
                        brokerTimeoutMillis,
                        false);
        return Retry.until(
                        cluster,
                        deadline,
                        "add partitions to " + Requests.subject(topic),
                        () ->
                                cluster.askController(Apis.CREATE_PARTITIONS, request)
                                        .thenCompose(answer -> {
                                            answer.results()
                                                    .forEach(result ->
                                                            batch.answered(
                                                                    result.name(),
                                                                    result.errorCode(),
                                                                    "add partitions to "
                                                                            + Requests.subject(
                                                                                    result.name()),
                                                                    result.errorMessage()));
                                            return batch.outcome();
                                        }))
                .thenCompose(done ->
                        awaitSeen(
                                List.of(topic),
                                known ->
                                        isUsable(known)
                                                && known.get().partitionCount() >= totalCount,
                                deadline));
    }

    CompletableFuture<Map<TopicPartition, Long>> deleteRecords(
            Map<TopicPartition, Long> beforeOffsets, Deadline deadline) {
        Map<TopicPartition, Long> lowWatermarks = new HashMap<>();
        Batch<TopicPartition> batch = new Batch<>(beforeOffsets.keySet());
        return Retry.until(
                        cluster,
                        deadline,
                        "delete records",
                        () ->
                                Leaders.ask(
                                                cluster,
                                                batch.pending(),
                                                (leader, partitions) ->
                                                        deleteRecords(
                                                                leader,
                                                                partitions,
                                                                beforeOffsets,
                                                                batch,
                                                                lowWatermarks))
                                        .thenCompose(done -> batch.outcome()))
                .thenApply(done -> lowWatermarks);
    }

    private CompletableFuture<Void> deleteRecords(
            Node leader,
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> beforeOffsets,
            Batch<TopicPartition> batch,
            Map<TopicPartition, Long> lowWatermarks) {
        List<DeleteRecordsRequest.DeleteRecordsTopic> topics =
                Requests.byTopic(
                        partitions,
                        beforeOffsets,
                        DeleteRecordsRequest.DeleteRecordsPartition::new,
                        DeleteRecordsRequest.DeleteRecordsTopic::new);
        DeleteRecordsRequest request = new DeleteRecordsRequest(topics, brokerTimeoutMillis);
        return cluster.ask(leader, Lane.CONTROL, Apis.DELETE_RECORDS, request)
                .thenAccept(answer -> {
                    for (DeleteRecordsResponse.DeleteRecordsTopicResult topic : answer.topics()) {
                        for (DeleteRecordsResponse.DeleteRecordsPartitionResult each :
                                topic.partitions()) {
                            TopicPartition partition =
                                    new TopicPartition(topic.name(), each.partitionIndex());
                            String subject = "delete records of " + Requests.subject(partition);
                            batch.answered(partition, each.errorCode(), subject, null);
                            lowWatermarks.put(partition, each.lowWatermark());
                        }
                    }
                });
    }

    CompletableFuture<ClusterDescription> describeCluster(Deadline deadline) {
        MetadataRequest request = new MetadataRequest(List.of(), false, false, false);
        return Retry.until(
                        cluster,
                        deadline,
                        "describe the cluster",
                        () -> cluster.askAny(Apis.METADATA, request))
                .thenApply(answer -> {
                    ClusterView view = ClusterView.NOTHING.with(answer);
                    List<Node> nodes =
                            view.nodes().values().stream()
                                    .sorted(Comparator.comparingInt(Node::id))
                                    .collect(Collectors.toUnmodifiableList());
                    return new ClusterDescription(
                            view.clusterId(),
                            Optional.ofNullable(view.nodes().get(view.controllerId())),
                            nodes);
                });
    }
}
