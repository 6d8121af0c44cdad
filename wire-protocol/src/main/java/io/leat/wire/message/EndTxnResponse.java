package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;

/** Whether a transaction ended, and with which producer id and epoch to go on. */
@Message(from = 0, to = 5, flexibleFrom = 3)
public record EndTxnResponse(
        int throttleTimeMs,
        short errorCode,
        @Since(5) @Default("-1") @Ignorable long producerId,
        @Since(5) @Default("-1") @Ignorable short producerEpoch)
        implements ResponseMessage {}
