package io.leat.wire.message;

import io.leat.wire.schema.Message;
import org.jspecify.annotations.Nullable;

/** Whether the controller is forgotten. */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record UnregisterControllerResponse(
        int throttleTimeMs, short errorCode, @Nullable String errorMessage)
        implements ResponseMessage {}
