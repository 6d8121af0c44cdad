package io.leat.broker.api;

import io.leat.broker.config.ConfigChange;
import io.leat.broker.topic.TopicException;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.IncrementalAlterConfigsRequest;
import io.leat.wire.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.leat.wire.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.leat.wire.message.IncrementalAlterConfigsResponse;
import io.leat.wire.message.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Changes single keys of configurations (KIP-339). */
public final class IncrementalAlterConfigsHandler
        implements ApiHandler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse> {
    private final ConfigAlteration alteration;
    private final Executor blocking;

    public IncrementalAlterConfigsHandler(ConfigDomains domains, Executor blocking) {
        this.alteration = new ConfigAlteration(domains);
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<IncrementalAlterConfigsResponse> handle(
            RequestContext context, IncrementalAlterConfigsRequest request) {
        return CompletableFuture.supplyAsync(() -> alter(request), blocking);
    }

    private IncrementalAlterConfigsResponse alter(IncrementalAlterConfigsRequest request) {
        return new IncrementalAlterConfigsResponse(
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
                () ->
                        new ConfigUpdate.Edit(
                                resource.configs().stream()
                                        .map(IncrementalAlterConfigsHandler::change)
                                        .toList()));
    }

    private static ConfigChange change(AlterableConfig config) {
        ConfigChange.Kind[] kinds = ConfigChange.Kind.values();
        int operation = config.configOperation();
        if (operation < 0 || operation >= kinds.length) {
            throw new TopicException(
                    ErrorCode.INVALID_REQUEST,
                    "There is no config operation " + operation + ", named for " + config.name());
        }
        if (kinds[operation] != ConfigChange.Kind.DELETE && config.value() == null) {
            throw new TopicException(
                    ErrorCode.INVALID_REQUEST, "No value is given for " + config.name());
        }
        return new ConfigChange(
                config.name(), kinds[operation], Optional.ofNullable(config.value()));
    }

    private static boolean repeated(
            IncrementalAlterConfigsRequest request, AlterConfigsResource resource) {
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
