package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.nio.ByteBuffer;

/** Asks that a delegation token end. */
@Message(from = 1, to = 2, flexibleFrom = 2)
public record ExpireDelegationTokenRequest(ByteBuffer hmac, long expiryTimePeriodMs)
        implements RequestMessage {}
