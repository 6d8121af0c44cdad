package io.leat.wire.message;

import io.leat.wire.schema.Message;
import org.jspecify.annotations.Nullable;

/**
 * Whether a {@link LeatEraseKeysRequest} was accepted: then it is durable, and is carried out
 * whatever happens to broker and client.
 */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record LeatEraseKeysResponse(
        int throttleTimeMs, short errorCode, @Nullable String errorMessage)
        implements ResponseMessage {}
