package io.leat.wire.message;

import io.leat.wire.schema.Message;

/** Until when the token lives, or an error. */
@Message(from = 1, to = 2, flexibleFrom = 2)
public record RenewDelegationTokenResponse(
        short errorCode, long expiryTimestampMs, int throttleTimeMs) implements ResponseMessage {}
