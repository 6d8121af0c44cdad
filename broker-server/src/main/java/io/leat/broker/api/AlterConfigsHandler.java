package io.leat.broker.api;

import io.leat.broker.topic.TopicException;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.AlterConfigsRequest;
import io.leat.wire.message.AlterConfigsRequest.AlterConfigsResource;
import io.leat.wire.message.AlterConfigsRequest.AlterableConfig;
import io.leat.wire.message.AlterConfigsResponse;
import io.leat.wire.message.AlterConfigsResponse.AlterConfigsResourceResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Replaces configurations: what is not named goes back to its default. */
public final class AlterConfigsHandler
        implements ApiHandler<AlterConfigsRequest, AlterConfigsResponse> {
    private final ConfigAlteration alteration;
    private final Executor blocking;

    public AlterConfigsHandler(ConfigDomains domains, Executor blocking) {
        this.alteration = new ConfigAlteration(domains);
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<AlterConfigsResponse> handle(
            RequestContext context, AlterConfigsRequest request) {
        return CompletableFuture.supplyAsync(() -> alter(request), blocking);
    }

    private AlterConfigsResponse alter(AlterConfigsRequest request) {
        return new AlterConfigsResponse(
                0,
                request.resources().stream()
                        .map(resource ->
                                response(
                                        resource,
                                        repeated(request, resource)
                                                ? ConfigAlteration.repeated()
                                                : alter(resource, request.validateOnly())))
                        .toList());
    }

    private ConfigAlteration.Outcome alter(AlterConfigsResource resource, boolean validateOnly) {
        List<String> keys = resource.configs().stream().map(AlterableConfig::name).toList();
        return alteration.alter(
                resource.resourceType(),
                resource.resourceName(),
                keys,
                validateOnly,
                () -> new ConfigUpdate.Replace(overrides(resource)));
    }

    private static Map<String, String> overrides(AlterConfigsResource resource) {
        Map<String, String> overrides = new HashMap<>();
        for (AlterableConfig config : resource.configs()) {
            String value = config.value();
            if (value == null) {
                throw new TopicException(
                        ErrorCode.INVALID_REQUEST, "No value is given for " + config.name());
            }
            overrides.put(config.name(), value);
        }
        return overrides;
    }

    private static boolean repeated(AlterConfigsRequest request, AlterConfigsResource resource) {
        return request.resources().stream()
                        .filter(other ->
                                other.resourceType() == resource.resourceType()
                                        && other.resourceName().equals(resource.resourceName()))
                        .count()
                > 1;
    }

    private static AlterConfigsResourceResponse response(
            AlterConfigsResource resource, ConfigAlteration.Outcome outcome) {
        return new AlterConfigsResourceResponse(
                outcome.error().code(),
                outcome.error() == ErrorCode.NONE ? null : outcome.message(),
                resource.resourceType(),
                resource.resourceName());
    }
}
