package io.leat.broker.cluster;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.wire.message.RenewDelegationTokenRequest;
import io.leat.wire.message.RenewDelegationTokenResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses to renew a delegation token. */
final class RenewDelegationTokenHandler
        implements ApiHandler<RenewDelegationTokenRequest, RenewDelegationTokenResponse> {
    @Override
    public CompletionStage<RenewDelegationTokenResponse> handle(
            RequestContext context, RenewDelegationTokenRequest request) {
        return CompletableFuture.completedFuture(
                new RenewDelegationTokenResponse(DelegationTokens.refusal(context).code(), -1, 0));
    }
}
