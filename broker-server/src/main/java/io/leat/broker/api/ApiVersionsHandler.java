package io.leat.broker.api;

import io.leat.broker.api.ApiRegistry.Api;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ApiVersionsRequest;
import io.leat.wire.message.ApiVersionsResponse;
import io.leat.wire.message.ApiVersionsResponse.ApiVersion;
import java.util.List;
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

    private final ApiRegistry registry;

    public ApiVersionsHandler(ApiRegistry registry) {
        this.registry = registry;
    }

    @Override
    public CompletionStage<ApiVersionsResponse> handle(
            RequestContext context, ApiVersionsRequest request) {
        boolean named =
                context.apiVersion() < 3
                        || (SOFTWARE.matcher(request.clientSoftwareName()).matches()
                                && SOFTWARE.matcher(request.clientSoftwareVersion()).matches());
        return CompletableFuture.completedFuture(
                named
                        ? response(ErrorCode.NONE, versions())
                        : response(ErrorCode.INVALID_REQUEST, List.of()));
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
