package io.leat.broker.transaction;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.ProducerIds;
import io.leat.broker.api.RequestContext;
import io.leat.broker.transaction.TransactionCommand.Identity;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.EndTxnRequest;
import io.leat.wire.message.EndTxnResponse;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Ends transactions. The reply waits until every participant knows of it, durably. */
final class EndTxnHandler implements ApiHandler<EndTxnRequest, EndTxnResponse> {
    /** From here on clients know PRODUCER_FENCED. */
    private static final int FENCED = 2;

    /** From here on the epoch goes up with each end (KIP-890). */
    private static final int EPOCH_PER_TRANSACTION = 5;

    private final Transactions transactions;
    private final ProducerIds ids;

    EndTxnHandler(Transactions transactions, ProducerIds ids) {
        this.transactions = transactions;
        this.ids = ids;
    }

    @Override
    public CompletionStage<EndTxnResponse> handle(RequestContext context, EndTxnRequest request) {
        if (request.transactionalId().isEmpty()) {
            return CompletableFuture.completedFuture(failed(ErrorCode.INVALID_REQUEST));
        }
        short version = context.apiVersion();
        return ask(request, version >= EPOCH_PER_TRANSACTION, OptionalLong.empty())
                .thenApply(outcome -> response(outcome, version >= FENCED));
    }

    private CompletionStage<EndOutcome> ask(
            EndTxnRequest request, boolean epochPerTransaction, OptionalLong freshId) {
        Identity producer = new Identity(request.producerId(), request.producerEpoch());
        return transactions
                .<EndOutcome>ask(
                        request.transactionalId(),
                        to ->
                                new TransactionCommand.End(
                                        producer,
                                        request.committed(),
                                        epochPerTransaction,
                                        freshId,
                                        to),
                        EndOutcome.Refused::new)
                .thenCompose(outcome ->
                        outcome instanceof EndOutcome.NeedsProducerId && freshId.isEmpty()
                                ? withFreshId(request, epochPerTransaction)
                                : CompletableFuture.completedFuture(outcome));
    }

    private CompletionStage<EndOutcome> withFreshId(
            EndTxnRequest request, boolean epochPerTransaction) {
        return ids.next()
                .handle((id, error) -> error == null ? OptionalLong.of(id) : OptionalLong.empty())
                .thenCompose(id ->
                        id.isPresent()
                                ? ask(request, epochPerTransaction, id)
                                : CompletableFuture.completedFuture(
                                        new EndOutcome.Refused(
                                                ErrorCode.COORDINATOR_NOT_AVAILABLE)));
    }

    private static EndTxnResponse response(EndOutcome outcome, boolean knowsFenced) {
        return switch (outcome) {
            case EndOutcome.Done(long producerId, short epoch) ->
                    new EndTxnResponse(0, ErrorCode.NONE.code(), producerId, epoch);
            case EndOutcome.NeedsProducerId needs -> failed(ErrorCode.COORDINATOR_NOT_AVAILABLE);
            case EndOutcome.Refused(ErrorCode error) -> failed(Errors.of(error, knowsFenced));
        };
    }

    private static EndTxnResponse failed(ErrorCode error) {
        return new EndTxnResponse(0, error.code(), -1, (short) -1);
    }
}
