package io.leat.broker.transaction;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.transaction.TransactionCommand.Identity;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.AddOffsetsToTxnRequest;
import io.leat.wire.message.AddOffsetsToTxnResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Joins a group to a transaction. */
final class AddOffsetsToTxnHandler
        implements ApiHandler<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse> {
    /** From here on clients know PRODUCER_FENCED. */
    private static final int FENCED = 2;

    private final Transactions transactions;

    AddOffsetsToTxnHandler(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public CompletionStage<AddOffsetsToTxnResponse> handle(
            RequestContext context, AddOffsetsToTxnRequest request) {
        boolean knowsFenced = context.apiVersion() >= FENCED;
        return add(request)
                .thenApply(error ->
                        new AddOffsetsToTxnResponse(0, Errors.of(error, knowsFenced).code()));
    }

    private CompletionStage<ErrorCode> add(AddOffsetsToTxnRequest request) {
        if (request.transactionalId().isEmpty() || request.groupId().isEmpty()) {
            return CompletableFuture.completedFuture(ErrorCode.INVALID_REQUEST);
        }
        return transactions.add(
                request.transactionalId(),
                new Identity(request.producerId(), request.producerEpoch()),
                Participants.group(request.groupId()));
    }
}
