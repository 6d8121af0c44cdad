package io.leat.wire.message;

import io.leat.wire.schema.Message;

/** A producer id and its epoch, or an error. */
@Message(from = 0, to = 5, flexibleFrom = 2)
public record InitProducerIdResponse(
        int throttleTimeMs, short errorCode, long producerId, short producerEpoch)
        implements ResponseMessage {}
