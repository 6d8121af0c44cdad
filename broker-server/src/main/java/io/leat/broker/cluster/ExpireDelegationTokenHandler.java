package io.leat.broker.cluster;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.wire.message.ExpireDelegationTokenRequest;
import io.leat.wire.message.ExpireDelegationTokenResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses to end a delegation token. */
final class ExpireDelegationTokenHandler
        implements ApiHandler<ExpireDelegationTokenRequest, ExpireDelegationTokenResponse> {
    @Override
    public CompletionStage<ExpireDelegationTokenResponse> handle(
            RequestContext context, ExpireDelegationTokenRequest request) {
        return CompletableFuture.completedFuture(
                new ExpireDelegationTokenResponse(DelegationTokens.refusal(context).code(), -1, 0));
    }
}
