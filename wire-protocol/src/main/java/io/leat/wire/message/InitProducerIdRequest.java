package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import org.jspecify.annotations.Nullable;

/** Asks for a producer id, for an idempotent or a transactional producer. */
@Message(from = 0, to = 5, flexibleFrom = 2)
public record InitProducerIdRequest(
        @Nullable String transactionalId,
        int transactionTimeoutMs,
        @Since(3) @Default("-1") long producerId,
        @Since(3) @Default("-1") short producerEpoch)
        implements RequestMessage {}
