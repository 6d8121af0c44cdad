package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** The transactional ids that a {@link ListTransactionsRequest} asked for. */
@Message(from = 0, to = 2, flexibleFrom = 0)
public record ListTransactionsResponse(
        int throttleTimeMs,
        short errorCode,
        List<String> unknownStateFilters,
        List<TransactionState> transactionStates)
        implements ResponseMessage {

    /** A transactional id, its producer id and its state. */
    public record TransactionState(
            String transactionalId, long producerId, String transactionState) {}
}
