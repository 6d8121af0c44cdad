package io.leat.broker.cluster;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.wire.message.CreateDelegationTokenRequest;
import io.leat.wire.message.CreateDelegationTokenResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses to make a delegation token. */
final class CreateDelegationTokenHandler
        implements ApiHandler<CreateDelegationTokenRequest, CreateDelegationTokenResponse> {
    @Override
    public CompletionStage<CreateDelegationTokenResponse> handle(
            RequestContext context, CreateDelegationTokenRequest request) {
        return CompletableFuture.completedFuture(
                new CreateDelegationTokenResponse(
                        DelegationTokens.refusal(context).code(),
                        "",
                        "",
                        "",
                        "",
                        -1,
                        -1,
                        -1,
                        "",
                        ByteBuffer.allocate(0),
                        0));
    }
}
