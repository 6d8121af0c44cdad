package io.leat.wire.message;

import io.leat.wire.schema.Message;

/** Whether the metrics were taken. */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record PushTelemetryResponse(int throttleTimeMs, short errorCode)
        implements ResponseMessage {}
