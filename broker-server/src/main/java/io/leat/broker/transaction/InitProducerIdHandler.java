package io.leat.broker.transaction;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.ProducerIds;
import io.leat.broker.api.RequestContext;
import io.leat.broker.transaction.TransactionCommand.Identity;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.InitProducerIdRequest;
import io.leat.wire.message.InitProducerIdResponse;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives a producer its id: a new one, or that of its transactional id with the next epoch. */
final class InitProducerIdHandler
        implements ApiHandler<InitProducerIdRequest, InitProducerIdResponse> {
    /** From here on clients know PRODUCER_FENCED. */
    private static final int FENCED = 4;

    private static final short FIRST_EPOCH = 0;
    private static final long NONE = -1;

    private final Transactions transactions;
    private final ProducerIds ids;

    InitProducerIdHandler(Transactions transactions, ProducerIds ids) {
        this.transactions = transactions;
        this.ids = ids;
    }

    @Override
    public CompletionStage<InitProducerIdResponse> handle(
            RequestContext context, InitProducerIdRequest request) {
        String transactionalId = request.transactionalId();
        if (transactionalId == null) {
            return ids.next()
                    .handle((id, error) ->
                            error == null
                                    ? new InitProducerIdResponse(
                                            0, ErrorCode.NONE.code(), id, FIRST_EPOCH)
                                    : failed(ErrorCode.COORDINATOR_NOT_AVAILABLE));
        }
        if (transactionalId.isEmpty()
                || (request.producerId() == NONE) != (request.producerEpoch() == NONE)) {
            return CompletableFuture.completedFuture(failed(ErrorCode.INVALID_REQUEST));
        }
        int timeoutMillis = request.transactionTimeoutMs();
        if (timeoutMillis <= 0 || timeoutMillis > transactions.config().timeoutMillisMax()) {
            return CompletableFuture.completedFuture(failed(ErrorCode.INVALID_TRANSACTION_TIMEOUT));
        }
        boolean knowsFenced = context.apiVersion() >= FENCED;
        return ask(transactionalId, request, OptionalLong.empty())
                .thenApply(outcome -> response(outcome, knowsFenced));
    }

    private CompletionStage<InitOutcome> ask(
            String transactionalId, InitProducerIdRequest request, OptionalLong freshId) {
        Optional<Identity> expected =
                request.producerId() == NONE
                        ? Optional.empty()
                        : Optional.of(new Identity(request.producerId(), request.producerEpoch()));
        return transactions
                .<InitOutcome>ask(
                        transactionalId,
                        to ->
                                new TransactionCommand.Init(
                                        expected, request.transactionTimeoutMs(), freshId, to),
                        InitOutcome.Refused::new)
                .thenCompose(outcome ->
                        outcome instanceof InitOutcome.NeedsProducerId && freshId.isEmpty()
                                ? withFreshId(transactionalId, request)
                                : CompletableFuture.completedFuture(outcome));
    }

    private CompletionStage<InitOutcome> withFreshId(
            String transactionalId, InitProducerIdRequest request) {
        return ids.next()
                .handle((id, error) -> error == null ? OptionalLong.of(id) : OptionalLong.empty())
                .thenCompose(id ->
                        id.isPresent()
                                ? ask(transactionalId, request, id)
                                : CompletableFuture.completedFuture(
                                        new InitOutcome.Refused(
                                                ErrorCode.COORDINATOR_NOT_AVAILABLE)));
    }

    private static InitProducerIdResponse response(InitOutcome outcome, boolean knowsFenced) {
        return switch (outcome) {
            case InitOutcome.Ready(long producerId, short epoch) ->
                    new InitProducerIdResponse(0, ErrorCode.NONE.code(), producerId, epoch);
            case InitOutcome.NeedsProducerId needs -> failed(ErrorCode.COORDINATOR_NOT_AVAILABLE);
            case InitOutcome.Refused(ErrorCode error) -> failed(Errors.of(error, knowsFenced));
        };
    }

    private static InitProducerIdResponse failed(ErrorCode error) {
        return new InitProducerIdResponse(0, error.code(), NONE, (short) NONE);
    }
}
