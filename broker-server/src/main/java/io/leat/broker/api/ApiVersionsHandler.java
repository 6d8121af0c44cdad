package io.leat.broker.api;

import io.leat.broker.api.ApiRegistry.Api;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ApiVersionsRequest;
import io.leat.wire.message.ApiVersionsResponse;
import io.leat.wire.message.ApiVersionsResponse.ApiVersion;
import io.leat.wire.message.ApiVersionsResponse.FinalizedFeatureKey;
import io.leat.wire.message.ApiVersionsResponse.SupportedFeatureKey;
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

    /** The first version whose clients know features with level 0. */
    private static final int LEVEL_ZERO_SINCE = 4;

    private static final long FEATURES_EPOCH = 0;
    private static final List<SupportedFeatureKey> SUPPORTED =
            Feature.ALL.stream()
                    .map(feature ->
                            new SupportedFeatureKey(feature.name(), (short) 0, feature.level()))
                    .toList();
    private static final List<FinalizedFeatureKey> FINALIZED =
            Feature.ALL.stream()
                    .map(feature ->
                            new FinalizedFeatureKey(
                                    feature.name(), feature.level(), feature.level()))
                    .toList();

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
                        .map(error -> response(context, error, List.of()))
                        .orElseGet(() -> response(context, ErrorCode.NONE, versions())));
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

    /**
     * Tells that transactions are of version 2 (KIP-890), which clients look for before they use
     * it, and that share groups have dead-letter topics (level 2, KIP-1191). Older clients take a
     * range of levels that begins with 0 for damage (KIP-1022).
     */
    private static ApiVersionsResponse response(
            RequestContext context, ErrorCode error, List<ApiVersion> versions) {
        return new ApiVersionsResponse(
                error.code(),
                versions,
                0,
                context.apiVersion() >= LEVEL_ZERO_SINCE ? SUPPORTED : List.of(),
                FEATURES_EPOCH,
                FINALIZED,
                false);
    }
}
