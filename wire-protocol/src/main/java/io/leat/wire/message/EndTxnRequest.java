package io.leat.wire.message;

import io.leat.wire.schema.Message;

/** Commits or aborts a transaction; from version 5 on the epoch goes up with it (KIP-890). */
@Message(from = 0, to = 5, flexibleFrom = 3)
public record EndTxnRequest(
        String transactionalId, long producerId, short producerEpoch, boolean committed)
        implements RequestMessage {}
