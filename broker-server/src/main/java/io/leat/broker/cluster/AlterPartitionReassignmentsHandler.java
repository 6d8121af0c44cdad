package io.leat.broker.cluster;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.Assignments;
import io.leat.broker.api.RequestContext;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicException;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.AlterPartitionReassignmentsRequest;
import io.leat.wire.message.AlterPartitionReassignmentsRequest.ReassignablePartition;
import io.leat.wire.message.AlterPartitionReassignmentsRequest.ReassignableTopic;
import io.leat.wire.message.AlterPartitionReassignmentsResponse;
import io.leat.wire.message.AlterPartitionReassignmentsResponse.ReassignablePartitionResponse;
import io.leat.wire.message.AlterPartitionReassignmentsResponse.ReassignableTopicResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reassigns partitions to the one broker, which has them already, and refuses every other
 * (KIP-455).
 */
final class AlterPartitionReassignmentsHandler
        implements ApiHandler<
                AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse> {
    private final TopicCatalog topics;
    private final int nodeId;

    AlterPartitionReassignmentsHandler(TopicCatalog topics, int nodeId) {
        this.topics = topics;
        this.nodeId = nodeId;
    }

    @Override
    public CompletionStage<AlterPartitionReassignmentsResponse> handle(
            RequestContext context, AlterPartitionReassignmentsRequest request) {
        return CompletableFuture.completedFuture(
                new AlterPartitionReassignmentsResponse(
                        0,
                        request.allowReplicationFactorChange(),
                        ErrorCode.NONE.code(),
                        null,
                        request.topics().stream().map(topic -> results(request, topic)).toList()));
    }

    private ReassignableTopicResponse results(
            AlterPartitionReassignmentsRequest request, ReassignableTopic topic) {
        List<ReassignablePartitionResponse> results = new ArrayList<>();
        for (ReassignablePartition partition : topic.partitions()) {
            ErrorCode error = ErrorCode.NONE;
            String message = null;
            try {
                check(request, topic.name(), partition);
            } catch (TopicException e) {
                error = e.error();
                message = e.getMessage();
            }
            results.add(
                    new ReassignablePartitionResponse(
                            partition.partitionIndex(), error.code(), message));
        }
        return new ReassignableTopicResponse(topic.name(), results);
    }

    private void check(
            AlterPartitionReassignmentsRequest request, String topic, ReassignablePartition asked) {
        int index = asked.partitionIndex();
        if (topics.find(topic).flatMap(found -> found.partition(index)).isEmpty()) {
            throw new TopicException(
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                    "There is no partition " + topic + "-" + index);
        }
        List<Integer> replicas = asked.replicas();
        if (replicas == null) {
            throw new TopicException(
                    ErrorCode.NO_REASSIGNMENT_IN_PROGRESS,
                    "Nothing moves: there is no reassignment to cancel");
        }
        Assignments.check(replicas, nodeId);
        if (replicas.size() != 1 && !request.allowReplicationFactorChange()) {
            throw new TopicException(
                    ErrorCode.INVALID_REPLICATION_FACTOR, "The replication factor is 1");
        }
    }
}
