package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** How the transactional ids of a {@link DescribeTransactionsRequest} stand. */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record DescribeTransactionsResponse(
        int throttleTimeMs, List<TransactionState> transactionStates) implements ResponseMessage {

    /** A transactional id, its producer, and its transaction if one is open. */
    public record TransactionState(
            short errorCode,
            String transactionalId,
            String transactionState,
            int transactionTimeoutMs,
            long transactionStartTimeMs,
            long producerId,
            short producerEpoch,
            List<TopicData> topics) {}

    /** One topic's partitions. */
    public record TopicData(String topic, List<Integer> partitions) {}
}
