package io.leat.broker.cluster;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.UnregisterControllerRequest;
import io.leat.wire.message.UnregisterControllerResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Forgets a controller: there is none to be forgotten but this broker, which cannot. */
final class UnregisterControllerHandler
        implements ApiHandler<UnregisterControllerRequest, UnregisterControllerResponse> {
    private final int nodeId;

    UnregisterControllerHandler(int nodeId) {
        this.nodeId = nodeId;
    }

    @Override
    public CompletionStage<UnregisterControllerResponse> handle(
            RequestContext context, UnregisterControllerRequest request) {
        boolean self = request.controllerId() == nodeId;
        ErrorCode error = self ? ErrorCode.INVALID_REQUEST : ErrorCode.CONTROLLER_ID_NOT_REGISTERED;
        return CompletableFuture.completedFuture(
                new UnregisterControllerResponse(
                        0,
                        error.code(),
                        self
                                ? "Broker " + nodeId + " is its own controller and the only one"
                                : "There is no controller " + request.controllerId()));
    }
}
