package io.leat.wire.message;

import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.nio.ByteBuffer;

/** A delegation token, or an error. */
@Message(from = 1, to = 3, flexibleFrom = 2)
public record CreateDelegationTokenResponse(
        short errorCode,
        String principalType,
        String principalName,
        @Since(3) String tokenRequesterPrincipalType,
        @Since(3) String tokenRequesterPrincipalName,
        long issueTimestampMs,
        long expiryTimestampMs,
        long maxTimestampMs,
        String tokenId,
        ByteBuffer hmac,
        int throttleTimeMs)
        implements ResponseMessage {}
