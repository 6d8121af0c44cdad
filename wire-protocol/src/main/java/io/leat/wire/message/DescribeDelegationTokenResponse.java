package io.leat.wire.message;

import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.nio.ByteBuffer;
import java.util.List;

/** Delegation tokens, or an error. */
@Message(from = 1, to = 3, flexibleFrom = 2)
public record DescribeDelegationTokenResponse(
        short errorCode, List<DescribedDelegationToken> tokens, int throttleTimeMs)
        implements ResponseMessage {

    /** One token. */
    public record DescribedDelegationToken(
            String principalType,
            String principalName,
            @Since(3) String tokenRequesterPrincipalType,
            @Since(3) String tokenRequesterPrincipalName,
            long issueTimestamp,
            long expiryTimestamp,
            long maxTimestamp,
            String tokenId,
            ByteBuffer hmac,
            List<DescribedDelegationTokenRenewer> renewers) {}

    /** Who may renew it. */
    public record DescribedDelegationTokenRenewer(String principalType, String principalName) {}
}
