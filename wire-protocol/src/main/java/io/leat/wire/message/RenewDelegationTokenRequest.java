package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.nio.ByteBuffer;

/** Asks that a delegation token live longer. */
@Message(from = 1, to = 2, flexibleFrom = 2)
public record RenewDelegationTokenRequest(ByteBuffer hmac, long renewPeriodMs)
        implements RequestMessage {}
