package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import org.jspecify.annotations.Nullable;

/** Whether the controller left. */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record RemoveRaftVoterResponse(
        int throttleTimeMs, short errorCode, @Ignorable @Nullable String errorMessage)
        implements ResponseMessage {}
