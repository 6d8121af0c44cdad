package io.leat.broker.cluster;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.topic.TopicCatalog;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ElectLeadersRequest;
import io.leat.wire.message.ElectLeadersRequest.TopicPartitions;
import io.leat.wire.message.ElectLeadersResponse;
import io.leat.wire.message.ElectLeadersResponse.PartitionResult;
import io.leat.wire.message.ElectLeadersResponse.ReplicaElectionResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Elects leaders: the one broker leads every partition already (KIP-460). */
final class ElectLeadersHandler implements ApiHandler<ElectLeadersRequest, ElectLeadersResponse> {
    private static final int PREFERRED = 0;
    private static final int UNCLEAN = 1;

    private final TopicCatalog topics;

    ElectLeadersHandler(TopicCatalog topics) {
        this.topics = topics;
    }

    @Override
    public CompletionStage<ElectLeadersResponse> handle(
            RequestContext context, ElectLeadersRequest request) {
        return CompletableFuture.completedFuture(elect(request));
    }

    private ElectLeadersResponse elect(ElectLeadersRequest request) {
        if (request.electionType() != PREFERRED && request.electionType() != UNCLEAN) {
            return new ElectLeadersResponse(0, ErrorCode.INVALID_REQUEST.code(), List.of());
        }
        List<TopicPartitions> asked = request.topicPartitions();
        // Who asks for all of them is told of those that changed.
        List<ReplicaElectionResult> results =
                asked == null ? List.of() : asked.stream().map(this::results).toList();
        return new ElectLeadersResponse(0, ErrorCode.NONE.code(), results);
    }

    private ReplicaElectionResult results(TopicPartitions asked) {
        List<PartitionResult> results = new ArrayList<>(asked.partitions().size());
        for (int partition : asked.partitions()) {
            boolean known =
                    topics.find(asked.topic())
                            .flatMap(topic -> topic.partition(partition))
                            .isPresent();
            ErrorCode error =
                    known ? ErrorCode.ELECTION_NOT_NEEDED : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            results.add(new PartitionResult(partition, error.code(), error.message()));
        }
        return new ReplicaElectionResult(asked.topic(), results);
    }
}
