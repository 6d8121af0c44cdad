package io.leat.wire.message;

import io.leat.wire.schema.Message;

/** When the token ends, or an error. */
@Message(from = 1, to = 2, flexibleFrom = 2)
public record ExpireDelegationTokenResponse(
        short errorCode, long expiryTimestampMs, int throttleTimeMs) implements ResponseMessage {}
