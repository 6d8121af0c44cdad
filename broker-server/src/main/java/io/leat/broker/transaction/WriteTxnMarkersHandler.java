package io.leat.broker.transaction;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.coordinator.Time;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.TopicCatalog;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.WriteTxnMarkersRequest;
import io.leat.wire.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.leat.wire.message.WriteTxnMarkersRequest.WritableTxnMarkerTopic;
import io.leat.wire.message.WriteTxnMarkersResponse;
import io.leat.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult;
import io.leat.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerResult;
import io.leat.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerTopicResult;
import io.leat.wire.record.TransactionMarker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Writes markers as it is told: how an administrator ends a hanging transaction (KIP-664). */
final class WriteTxnMarkersHandler
        implements ApiHandler<WriteTxnMarkersRequest, WriteTxnMarkersResponse> {
    private final TopicCatalog topics;
    private final Time time;
    private final Consumer<Long> closeGate;
    private final PartitionEnds ends;

    WriteTxnMarkersHandler(
            TopicCatalog topics, Time time, Consumer<Long> closeGate, PartitionEnds ends) {
        this.topics = topics;
        this.ends = ends;
        this.time = time;
        this.closeGate = closeGate;
    }

    @Override
    public CompletionStage<WriteTxnMarkersResponse> handle(
            RequestContext context, WriteTxnMarkersRequest request) {
        List<CompletableFuture<ErrorCode>> errors = new ArrayList<>();
        for (WritableTxnMarker asked : request.markers()) {
            closeGate.accept(asked.producerId());
            TransactionMarker marker =
                    new TransactionMarker(
                            asked.producerId(),
                            asked.producerEpoch(),
                            asked.transactionResult(),
                            asked.coordinatorEpoch());
            for (WritableTxnMarkerTopic topic : asked.topics()) {
                for (int partition : topic.partitionIndexes()) {
                    errors.add(write(topic.name(), partition, marker));
                }
            }
        }
        return CompletableFuture.allOf(errors.toArray(CompletableFuture[]::new))
                .thenApply(done -> response(request, errors));
    }

    private CompletableFuture<ErrorCode> write(String topic, int number, TransactionMarker marker) {
        Optional<Partition> partition =
                topics.find(topic).flatMap(found -> found.partition(number));
        if (partition.isEmpty()) {
            return CompletableFuture.completedFuture(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (marker.producerId() < 0 || marker.producerEpoch() < 0) {
            return CompletableFuture.completedFuture(ErrorCode.INVALID_REQUEST);
        }
        return LogWitnesses.append(partition.get(), marker, time.wallMillis())
                .thenCompose(error -> LogWitnesses.tell(error, partition.get(), marker, ends))
                .toCompletableFuture();
    }

    private static WriteTxnMarkersResponse response(
            WriteTxnMarkersRequest request, List<CompletableFuture<ErrorCode>> errors) {
        int next = 0;
        List<WritableTxnMarkerResult> markers = new ArrayList<>(request.markers().size());
        for (WritableTxnMarker asked : request.markers()) {
            List<WritableTxnMarkerTopicResult> answered = new ArrayList<>(asked.topics().size());
            for (WritableTxnMarkerTopic topic : asked.topics()) {
                List<WritableTxnMarkerPartitionResult> partitions = new ArrayList<>();
                for (int partition : topic.partitionIndexes()) {
                    ErrorCode error = errors.get(next++).join();
                    partitions.add(new WritableTxnMarkerPartitionResult(partition, error.code()));
                }
                answered.add(new WritableTxnMarkerTopicResult(topic.name(), partitions));
            }
            markers.add(new WritableTxnMarkerResult(asked.producerId(), answered));
        }
        return new WriteTxnMarkersResponse(markers);
    }
}
