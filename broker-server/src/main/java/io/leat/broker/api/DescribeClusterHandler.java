package io.leat.broker.api;

import io.leat.broker.config.Endpoint;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.DescribeClusterRequest;
import io.leat.wire.message.DescribeClusterResponse;
import io.leat.wire.message.DescribeClusterResponse.DescribeClusterBroker;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Describes the cluster: this broker. There are no controllers to be reached by themselves. */
public final class DescribeClusterHandler
        implements ApiHandler<DescribeClusterRequest, DescribeClusterResponse> {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final BrokerIdentity identity;

    public DescribeClusterHandler(BrokerIdentity identity) {
        this.identity = identity;
    }

    @Override
    public CompletionStage<DescribeClusterResponse> handle(
            RequestContext context, DescribeClusterRequest request) {
        return CompletableFuture.completedFuture(
                switch (request.endpointType()) {
                    case BROKERS -> describe(context, request);
                    case CONTROLLERS ->
                            failed(
                                    context.apiVersion() == 0
                                            ? ErrorCode.INVALID_REQUEST
                                            : ErrorCode.MISMATCHED_ENDPOINT_TYPE,
                                    "This is a broker, not a controller");
                    default ->
                            failed(
                                    context.apiVersion() == 0
                                            ? ErrorCode.INVALID_REQUEST
                                            : ErrorCode.UNSUPPORTED_ENDPOINT_TYPE,
                                    "There is no endpoint type " + request.endpointType());
                });
    }

    private DescribeClusterResponse describe(
            RequestContext context, DescribeClusterRequest request) {
        Endpoint endpoint = identity.endpointFor(context.connection());
        return response(
                ErrorCode.NONE,
                null,
                identity.clusterId(),
                identity.nodeId(),
                List.of(
                        new DescribeClusterBroker(
                                identity.nodeId(), endpoint.host(), endpoint.port(), null, false)),
                AuthorizedOperations.onCluster(
                        context.access(), request.includeClusterAuthorizedOperations()));
    }

    private static DescribeClusterResponse failed(ErrorCode error, String message) {
        return response(error, message, "", -1, List.of(), AuthorizedOperations.NOT_ASKED);
    }

    private static DescribeClusterResponse response(
            ErrorCode error,
            @Nullable String message,
            String clusterId,
            int controllerId,
            List<DescribeClusterBroker> brokers,
            int operations) {
        return new DescribeClusterResponse(
                0, error.code(), message, BROKERS, clusterId, controllerId, brokers, operations);
    }
}
