package io.leat.wire.message;

import io.leat.wire.schema.Message;

/** Says that a transaction is going to commit offsets of a group. */
@Message(from = 0, to = 4, flexibleFrom = 3)
public record AddOffsetsToTxnRequest(
        String transactionalId, long producerId, short producerEpoch, String groupId)
        implements RequestMessage {}
