package io.leat.broker.cluster;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.UnregisterBrokerRequest;
import io.leat.wire.message.UnregisterBrokerResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Forgets a broker: there is none to be forgotten but this one, which cannot. */
final class UnregisterBrokerHandler
        implements ApiHandler<UnregisterBrokerRequest, UnregisterBrokerResponse> {
    private final int nodeId;

    UnregisterBrokerHandler(int nodeId) {
        this.nodeId = nodeId;
    }

    @Override
    public CompletionStage<UnregisterBrokerResponse> handle(
            RequestContext context, UnregisterBrokerRequest request) {
        boolean self = request.brokerId() == nodeId;
        ErrorCode error = self ? ErrorCode.INVALID_REQUEST : ErrorCode.BROKER_ID_NOT_REGISTERED;
        return CompletableFuture.completedFuture(
                new UnregisterBrokerResponse(
                        0,
                        error.code(),
                        self
                                ? "Broker " + nodeId + " is the only one and answers this request"
                                : "There is no broker " + request.brokerId()));
    }
}
