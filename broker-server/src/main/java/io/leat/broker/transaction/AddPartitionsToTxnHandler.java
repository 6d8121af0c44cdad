package io.leat.broker.transaction;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.transaction.TransactionCommand.Identity;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.AddPartitionsToTxnRequest;
import io.leat.wire.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.leat.wire.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import io.leat.wire.message.AddPartitionsToTxnResponse;
import io.leat.wire.message.AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult;
import io.leat.wire.message.AddPartitionsToTxnResponse.AddPartitionsToTxnResult;
import io.leat.wire.message.AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Adds partitions to transactions, or looks whether they were added: all of one or none. */
final class AddPartitionsToTxnHandler
        implements ApiHandler<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse> {
    /** From here on there are many transactions in a request. */
    private static final int MANY = 4;

    /** From here on clients know PRODUCER_FENCED. */
    private static final int FENCED = 2;

    /** From here on askers know TRANSACTION_ABORTABLE. */
    private static final int ABORTABLE = 5;

    private final Transactions transactions;
    private final TopicCatalog topics;

    AddPartitionsToTxnHandler(Transactions transactions, TopicCatalog topics) {
        this.transactions = transactions;
        this.topics = topics;
    }

    @Override
    public CompletionStage<AddPartitionsToTxnResponse> handle(
            RequestContext context, AddPartitionsToTxnRequest request) {
        short version = context.apiVersion();
        if (version >= MANY) {
            return many(request, version);
        }
        AddPartitionsToTxnTransaction one =
                new AddPartitionsToTxnTransaction(
                        request.v3AndBelowTransactionalId(),
                        request.v3AndBelowProducerId(),
                        request.v3AndBelowProducerEpoch(),
                        false,
                        request.v3AndBelowTopics());
        return results(one, version)
                .thenApply(results ->
                        new AddPartitionsToTxnResponse(
                                0, ErrorCode.NONE.code(), List.of(), results));
    }

    private CompletionStage<AddPartitionsToTxnResponse> many(
            AddPartitionsToTxnRequest request, short version) {
        List<CompletableFuture<AddPartitionsToTxnResult>> all =
                request.transactions().stream()
                        .map(one ->
                                results(one, version)
                                        .thenApply(topics ->
                                                new AddPartitionsToTxnResult(
                                                        one.transactionalId(), topics))
                                        .toCompletableFuture())
                        .toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done ->
                        new AddPartitionsToTxnResponse(
                                0,
                                ErrorCode.NONE.code(),
                                all.stream().map(CompletableFuture::join).toList(),
                                List.of()));
    }

    private CompletionStage<List<AddPartitionsToTxnTopicResult>> results(
            AddPartitionsToTxnTransaction asked, short version) {
        if (asked.transactionalId().isEmpty()) {
            return CompletableFuture.completedFuture(
                    fill(asked, place -> ErrorCode.INVALID_REQUEST));
        }
        Set<Place> known = new HashSet<>();
        boolean unknown = false;
        for (AddPartitionsToTxnTopic topic : asked.topics()) {
            for (int partition : topic.partitions()) {
                Optional<Place> place = place(topic.name(), partition);
                place.ifPresent(known::add);
                unknown |= place.isEmpty();
            }
        }
        if (unknown) {
            return CompletableFuture.completedFuture(
                    fill(
                            asked,
                            place ->
                                    place.isPresent()
                                            ? ErrorCode.OPERATION_NOT_ATTEMPTED
                                            : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        }
        Identity producer = new Identity(asked.producerId(), asked.producerEpoch());
        if (asked.verifyOnly()) {
            return CompletableFuture.completedFuture(
                    fill(asked, place -> verify(asked, producer, place, version)));
        }
        return transactions
                .add(asked.transactionalId(), producer, new Participants(known, Set.of()))
                .thenApply(error -> {
                    ErrorCode answer = Errors.of(error, version >= FENCED);
                    return fill(asked, place -> answer);
                });
    }

    private ErrorCode verify(
            AddPartitionsToTxnTransaction asked,
            Identity producer,
            Optional<Place> place,
            short version) {
        ErrorCode error =
                AddRules.verify(
                        transactions.find(asked.transactionalId()),
                        producer,
                        new Participants(Set.of(place.orElseThrow()), Set.of()));
        return error == ErrorCode.INVALID_TXN_STATE && version >= ABORTABLE
                ? ErrorCode.TRANSACTION_ABORTABLE
                : error;
    }

    private Optional<Place> place(String name, int partition) {
        Optional<Topic> topic = topics.find(name);
        return topic.flatMap(found -> found.partition(partition))
                .map(found -> new Place(topic.orElseThrow().id(), name, partition));
    }

    private List<AddPartitionsToTxnTopicResult> fill(
            AddPartitionsToTxnTransaction asked, Function<Optional<Place>, ErrorCode> error) {
        List<AddPartitionsToTxnTopicResult> topics = new ArrayList<>(asked.topics().size());
        for (AddPartitionsToTxnTopic topic : asked.topics()) {
            topics.add(
                    new AddPartitionsToTxnTopicResult(
                            topic.name(),
                            topic.partitions().stream()
                                    .map(partition ->
                                            new AddPartitionsToTxnPartitionResult(
                                                    partition,
                                                    error.apply(place(topic.name(), partition))
                                                            .code()))
                                    .toList()));
        }
        return topics;
    }
}
