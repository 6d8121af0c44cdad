package io.leat.broker.transaction;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.topic.TopicCatalog;
import io.leat.storage.api.ActiveProducer;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.DescribeProducersRequest;
import io.leat.wire.message.DescribeProducersRequest.TopicRequest;
import io.leat.wire.message.DescribeProducersResponse;
import io.leat.wire.message.DescribeProducersResponse.PartitionResponse;
import io.leat.wire.message.DescribeProducersResponse.ProducerState;
import io.leat.wire.message.DescribeProducersResponse.TopicResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lists the producers that partitions remember, and their open transactions (KIP-664). */
final class DescribeProducersHandler
        implements ApiHandler<DescribeProducersRequest, DescribeProducersResponse> {
    /** There is one coordinator, whose epoch never changes. */
    private static final int COORDINATOR_EPOCH = 0;

    private static final long NO_TRANSACTION = -1;

    private final TopicCatalog topics;

    DescribeProducersHandler(TopicCatalog topics) {
        this.topics = topics;
    }

    @Override
    public CompletionStage<DescribeProducersResponse> handle(
            RequestContext context, DescribeProducersRequest request) {
        return all(request.topics().stream().map(this::describe).toList())
                .thenApply(answered -> new DescribeProducersResponse(0, answered));
    }

    private CompletableFuture<TopicResponse> describe(TopicRequest topic) {
        return all(topic.partitionIndexes().stream()
                        .map(partition -> describe(topic.name(), partition))
                        .toList())
                .thenApply(partitions -> new TopicResponse(topic.name(), partitions));
    }

    private CompletableFuture<PartitionResponse> describe(String topic, int number) {
        return topics.find(topic)
                .flatMap(found -> found.partition(number))
                .map(partition ->
                        partition
                                .log()
                                .producers()
                                .handle((producers, failure) ->
                                        failure == null
                                                ? answer(number, producers)
                                                : failed(number, ErrorCode.KAFKA_STORAGE_ERROR)))
                .orElseGet(() ->
                        CompletableFuture.completedFuture(
                                failed(number, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)));
    }

    private static PartitionResponse answer(int partition, List<ActiveProducer> producers) {
        return new PartitionResponse(
                partition,
                ErrorCode.NONE.code(),
                null,
                producers.stream().map(DescribeProducersHandler::state).toList());
    }

    private static ProducerState state(ActiveProducer producer) {
        return new ProducerState(
                producer.id(),
                producer.epoch(),
                producer.lastSequence(),
                producer.lastTimestampMillis(),
                COORDINATOR_EPOCH,
                producer.transactionStart().orElse(NO_TRANSACTION));
    }

    private static PartitionResponse failed(int partition, ErrorCode error) {
        return new PartitionResponse(partition, error.code(), error.message(), List.of());
    }

    private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
    }
}
