package io.leat.broker.group;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.BrokerIdentity;
import io.leat.broker.api.RequestContext;
import io.leat.broker.config.Endpoint;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.FindCoordinatorRequest;
import io.leat.wire.message.FindCoordinatorResponse;
import io.leat.wire.message.FindCoordinatorResponse.Coordinator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Says who coordinates groups and transactions: this broker. */
final class FindCoordinatorHandler
        implements ApiHandler<FindCoordinatorRequest, FindCoordinatorResponse> {
    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;

    /** From here on many keys are asked for at once. */
    private static final int MANY = 4;

    private final BrokerIdentity identity;

    FindCoordinatorHandler(BrokerIdentity identity) {
        this.identity = identity;
    }

    @Override
    public CompletionStage<FindCoordinatorResponse> handle(
            RequestContext context, FindCoordinatorRequest request) {
        boolean many = context.apiVersion() >= MANY;
        List<String> keys = many ? request.coordinatorKeys() : List.of(request.key());
        List<Coordinator> coordinators =
                keys.stream().map(key -> coordinator(context, request.keyType(), key)).toList();
        return CompletableFuture.completedFuture(
                many
                        ? new FindCoordinatorResponse(
                                0, ErrorCode.NONE.code(), null, 0, "", 0, coordinators)
                        : forOne(coordinators.getFirst()));
    }

    private Coordinator coordinator(RequestContext context, byte keyType, String key) {
        if (keyType != GROUP && keyType != TRANSACTION) {
            return new Coordinator(
                    key,
                    -1,
                    "",
                    -1,
                    ErrorCode.INVALID_REQUEST.code(),
                    "There is no coordinator for keys of type " + keyType);
        }
        Endpoint endpoint = identity.endpointFor(context.connection());
        return new Coordinator(
                key,
                identity.nodeId(),
                endpoint.host(),
                endpoint.port(),
                ErrorCode.NONE.code(),
                null);
    }

    private static FindCoordinatorResponse forOne(Coordinator coordinator) {
        return new FindCoordinatorResponse(
                0,
                coordinator.errorCode(),
                coordinator.errorMessage(),
                coordinator.nodeId(),
                coordinator.host(),
                coordinator.port(),
                List.of());
    }
}
