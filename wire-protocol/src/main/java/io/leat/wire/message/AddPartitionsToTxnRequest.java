package io.leat.wire.message;

import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Until;
import java.util.List;

/** Adds partitions to transactions: one of a client up to version 3, many of a broker from 4. */
@Message(from = 0, to = 5, flexibleFrom = 3)
public record AddPartitionsToTxnRequest(
        @Since(4) List<AddPartitionsToTxnTransaction> transactions,
        @Until(3) String v3AndBelowTransactionalId,
        @Until(3) long v3AndBelowProducerId,
        @Until(3) short v3AndBelowProducerEpoch,
        @Until(3) List<AddPartitionsToTxnTopic> v3AndBelowTopics)
        implements RequestMessage {

    /** A transaction, and whether its partitions are only to be looked for. */
    public record AddPartitionsToTxnTransaction(
            String transactionalId,
            long producerId,
            short producerEpoch,
            boolean verifyOnly,
            List<AddPartitionsToTxnTopic> topics) {}

    /** One topic's partitions. */
    public record AddPartitionsToTxnTopic(String name, List<Integer> partitions) {}
}
