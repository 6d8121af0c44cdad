package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks for a delegation token (KIP-48). */
@Message(from = 1, to = 3, flexibleFrom = 2)
public record CreateDelegationTokenRequest(
        @Since(3) @Default("") @Nullable String ownerPrincipalType,
        @Since(3) @Default("") @Nullable String ownerPrincipalName,
        List<CreatableRenewers> renewers,
        long maxLifetimeMs)
        implements RequestMessage {

    /** Who may renew the token. */
    public record CreatableRenewers(String principalType, String principalName) {}
}
