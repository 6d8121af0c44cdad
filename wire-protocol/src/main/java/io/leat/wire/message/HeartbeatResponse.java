package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;

/** Whether the member is still in its generation. */
@Message(from = 0, to = 4, flexibleFrom = 4)
public record HeartbeatResponse(@Since(1) @Ignorable int throttleTimeMs, short errorCode)
        implements ResponseMessage {}
