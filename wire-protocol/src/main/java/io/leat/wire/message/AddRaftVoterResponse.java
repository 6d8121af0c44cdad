package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import org.jspecify.annotations.Nullable;

/** Whether the controller votes. */
@Message(from = 0, to = 1, flexibleFrom = 0)
public record AddRaftVoterResponse(
        int throttleTimeMs, short errorCode, @Ignorable @Nullable String errorMessage)
        implements ResponseMessage {}
