package io.leat.broker.api;

import io.leat.broker.api.ApiRegistry.Api;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ApiVersionsRequest;
import io.leat.wire.message.ApiVersionsResponse;
import io.leat.wire.message.ApiVersionsResponse.ApiVersion;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * Says what the broker serves: what its registry holds.
 *
 * <p>One exception: Produce is advertised from version 0, though it works from 3 on. Apache Kafka
 * does the same, because librdkafka takes a broker without Produce v0 for one that cannot compress
 * (KAFKA-18659). Versions 0 to 2 are answered with UNSUPPORTED_VERSION.
 */
public final class ApiVersionsHandler
        implements ApiHandler<ApiVersionsRequest, ApiVersionsResponse> {
    /** What KIP-511 allows a client to call itself. */
    private static final Pattern SOFTWARE =
            Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");

    /** The first version that says what the client is. */
    private static final int NAMED_SINCE = 3;

    private final ApiRegistry registry;
    private final BrokerIdentity identity;

    public ApiVersionsHandler(ApiRegistry registry, BrokerIdentity identity) {
        this.registry = registry;
        this.identity = identity;
    }

    @Override
    public CompletionStage<ApiVersionsResponse> handle(
            RequestContext context, ApiVersionsRequest request) {
        return CompletableFuture.completedFuture(
                flaw(context, request)
                        .map(error -> response(error, List.of()))
                        .orElseGet(() -> response(ErrorCode.NONE, versions())));
    }

    private Optional<ErrorCode> flaw(RequestContext context, ApiVersionsRequest request) {
        boolean named =
                context.apiVersion() < NAMED_SINCE
                        || (SOFTWARE.matcher(request.clientSoftwareName()).matches()
                                && SOFTWARE.matcher(request.clientSoftwareVersion()).matches());
        if (!named) {
            return Optional.of(ErrorCode.INVALID_REQUEST);
        }
        // A client that looks for another broker, and was led here by an old address.
        boolean astray =
                request.clusterId() != null
                        && (!request.clusterId().equals(identity.clusterId())
                                || request.nodeId() != identity.nodeId());
        return astray ? Optional.of(ErrorCode.REBOOTSTRAP_REQUIRED) : Optional.empty();
    }

    private List<ApiVersion> versions() {
        return registry.all().stream().map(ApiVersionsHandler::version).toList();
    }

    private static ApiVersion version(Api<?, ?> api) {
        short lowest = api.key() == ApiKey.PRODUCE ? 0 : api.lowestVersion();
        return new ApiVersion(api.key().id(), lowest, api.highestVersion());
    }

    private static ApiVersionsResponse response(ErrorCode error, List<ApiVersion> versions) {
        return new ApiVersionsResponse(error.code(), versions, 0, List.of(), -1, List.of(), false);
    }
}
