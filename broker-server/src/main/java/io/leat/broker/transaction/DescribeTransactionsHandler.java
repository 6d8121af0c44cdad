package io.leat.broker.transaction;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.DescribeTransactionsRequest;
import io.leat.wire.message.DescribeTransactionsResponse;
import io.leat.wire.message.DescribeTransactionsResponse.TopicData;
import io.leat.wire.message.DescribeTransactionsResponse.TransactionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells how transactional ids stand: read from the published states. */
final class DescribeTransactionsHandler
        implements ApiHandler<DescribeTransactionsRequest, DescribeTransactionsResponse> {
    private static final long NOT_BEGUN = -1;

    private final Transactions transactions;

    DescribeTransactionsHandler(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public CompletionStage<DescribeTransactionsResponse> handle(
            RequestContext context, DescribeTransactionsRequest request) {
        return CompletableFuture.completedFuture(
                new DescribeTransactionsResponse(
                        0, request.transactionalIds().stream().map(this::describe).toList()));
    }

    private TransactionState describe(String transactionalId) {
        if (transactionalId.isEmpty()) {
            return failed(transactionalId, ErrorCode.INVALID_REQUEST);
        }
        return transactions
                .find(transactionalId)
                .map(producer -> describe(transactionalId, producer))
                .orElseGet(() -> failed(transactionalId, ErrorCode.TRANSACTIONAL_ID_NOT_FOUND));
    }

    private static TransactionState describe(
            String transactionalId, TransactionalProducer producer) {
        Map<String, List<Integer>> topics = new TreeMap<>();
        for (Place place : producer.phase().participants().places()) {
            topics.computeIfAbsent(place.topic(), name -> new ArrayList<>()).add(place.partition());
        }
        topics.values().forEach(partitions -> partitions.sort(null));
        return new TransactionState(
                ErrorCode.NONE.code(),
                transactionalId,
                producer.phase().displayName(),
                producer.timeoutMillis(),
                producer.phase().began().orElse(NOT_BEGUN),
                producer.id(),
                producer.epoch(),
                topics.entrySet().stream()
                        .map(topic -> new TopicData(topic.getKey(), topic.getValue()))
                        .toList());
    }

    private static TransactionState failed(String transactionalId, ErrorCode error) {
        return new TransactionState(
                error.code(), transactionalId, "", 0, 0, -1, (short) -1, List.of());
    }
}
