package io.leat.client;

import io.leat.wire.message.ListOffsetsRequest;
import io.leat.wire.message.ListOffsetsResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Looks up offsets by what they are or by time, at the leaders of the partitions. On the loop. */
final class PartitionOffsets {
    private static final int NO_REPLICA = -1;

    private final Cluster cluster;
    private final IsolationLevel isolation;

    PartitionOffsets(Cluster cluster, IsolationLevel isolation) {
        this.cluster = cluster;
        this.isolation = isolation;
    }

    /** The offsets; without those partitions that have no such record. */
    CompletableFuture<Map<TopicPartition, OffsetAndTimestamp>> list(
            Map<TopicPartition, OffsetSpec> specs, Deadline deadline) {
        Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
        Batch<TopicPartition> batch = new Batch<>(specs.keySet());
        return Retry.until(
                        cluster,
                        deadline,
                        "look up offsets",
                        () ->
                                Leaders.ask(
                                                cluster,
                                                batch.pending(),
                                                (leader, partitions) ->
                                                        ask(
                                                                leader,
                                                                partitions,
                                                                specs,
                                                                batch,
                                                                found))
                                        .thenCompose(done -> batch.outcome()))
                .thenApply(done -> found);
    }

    private CompletableFuture<Void> ask(
            Node leader,
            List<TopicPartition> partitions,
            Map<TopicPartition, OffsetSpec> specs,
            Batch<TopicPartition> batch,
            Map<TopicPartition, OffsetAndTimestamp> found) {
        List<ListOffsetsRequest.ListOffsetsTopic> topics =
                Requests.byTopic(
                        partitions,
                        specs,
                        (number, spec) ->
                                new ListOffsetsRequest.ListOffsetsPartition(
                                        number, -1, spec.wire()),
                        ListOffsetsRequest.ListOffsetsTopic::new);
        ListOffsetsRequest request =
                new ListOffsetsRequest(NO_REPLICA, isolation.wire(), topics, 0);
        return cluster.ask(leader, Lane.CONTROL, Apis.LIST_OFFSETS, request)
                .thenAccept(answer -> answer.topics().forEach(topic -> take(topic, batch, found)));
    }

    private static void take(
            ListOffsetsResponse.ListOffsetsTopicResponse topic,
            Batch<TopicPartition> batch,
            Map<TopicPartition, OffsetAndTimestamp> found) {
        for (ListOffsetsResponse.ListOffsetsPartitionResponse each : topic.partitions()) {
            TopicPartition partition = new TopicPartition(topic.name(), each.partitionIndex());
            batch.answered(partition, each.errorCode(), Requests.subject(partition), null);
            if (each.errorCode() == 0 && each.offset() >= 0) {
                found.put(partition, new OffsetAndTimestamp(each.offset(), each.timestamp()));
            }
        }
    }
}
