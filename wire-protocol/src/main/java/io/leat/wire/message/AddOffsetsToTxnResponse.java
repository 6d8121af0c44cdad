package io.leat.wire.message;

import io.leat.wire.schema.Message;

/** Whether a transaction may commit offsets of a group. */
@Message(from = 0, to = 4, flexibleFrom = 3)
public record AddOffsetsToTxnResponse(int throttleTimeMs, short errorCode)
        implements ResponseMessage {}
