package io.leat.broker.api;

import io.leat.wire.ErrorCode;
import io.leat.wire.message.ListConfigResourcesRequest;
import io.leat.wire.message.ListConfigResourcesResponse;
import io.leat.wire.message.ListConfigResourcesResponse.ConfigResource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lists the resources that have configurations (KIP-1142). */
public final class ListConfigResourcesHandler
        implements ApiHandler<ListConfigResourcesRequest, ListConfigResourcesResponse> {
    private static final byte CLIENT_METRICS = 16;

    private final ConfigDomains domains;

    public ListConfigResourcesHandler(ConfigDomains domains) {
        this.domains = domains;
    }

    @Override
    public CompletionStage<ListConfigResourcesResponse> handle(
            RequestContext context, ListConfigResourcesRequest request) {
        return CompletableFuture.completedFuture(list(context, request));
    }

    private ListConfigResourcesResponse list(
            RequestContext context, ListConfigResourcesRequest request) {
        List<Byte> served = domains.all().stream().map(ConfigDomain::type).toList();
        // Version 0 is ListClientMetricsResources by its older name.
        List<Byte> wanted =
                context.apiVersion() == 0 ? List.of(CLIENT_METRICS) : request.resourceTypes();
        if (!served.containsAll(wanted)) {
            return new ListConfigResourcesResponse(
                    0, ErrorCode.UNSUPPORTED_VERSION.code(), List.of());
        }
        List<ConfigResource> found =
                domains.all().stream()
                        .filter(domain -> wanted.isEmpty() || wanted.contains(domain.type()))
                        .flatMap(domain ->
                                domain.names().stream()
                                        .map(name -> new ConfigResource(name, domain.type())))
                        .toList();
        return new ListConfigResourcesResponse(0, ErrorCode.NONE.code(), found);
    }
}
