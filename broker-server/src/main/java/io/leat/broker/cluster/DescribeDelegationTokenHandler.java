package io.leat.broker.cluster;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.wire.message.DescribeDelegationTokenRequest;
import io.leat.wire.message.DescribeDelegationTokenResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses to describe delegation tokens. */
final class DescribeDelegationTokenHandler
        implements ApiHandler<DescribeDelegationTokenRequest, DescribeDelegationTokenResponse> {
    @Override
    public CompletionStage<DescribeDelegationTokenResponse> handle(
            RequestContext context, DescribeDelegationTokenRequest request) {
        return CompletableFuture.completedFuture(
                new DescribeDelegationTokenResponse(
                        DelegationTokens.refusal(context).code(), List.of(), 0));
    }
}
