package io.leat.broker.api;

import io.leat.broker.topic.TopicException;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.DescribeConfigsRequest;
import io.leat.wire.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.leat.wire.message.DescribeConfigsResponse;
import io.leat.wire.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.leat.wire.message.DescribeConfigsResponse.DescribeConfigsResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Describes the configurations of resources. */
public final class DescribeConfigsHandler
        implements ApiHandler<DescribeConfigsRequest, DescribeConfigsResponse> {
    private final ConfigDomains domains;

    public DescribeConfigsHandler(ConfigDomains domains) {
        this.domains = domains;
    }

    @Override
    public CompletionStage<DescribeConfigsResponse> handle(
            RequestContext context, DescribeConfigsRequest request) {
        List<DescribeConfigsResult> results =
                request.resources().stream().map(resource -> describe(request, resource)).toList();
        return CompletableFuture.completedFuture(new DescribeConfigsResponse(0, results));
    }

    private DescribeConfigsResult describe(
            DescribeConfigsRequest request, DescribeConfigsResource resource) {
        try {
            List<String> keys = resource.configurationKeys();
            List<DescribeConfigsResourceResult> configs =
                    domains
                            .known(resource.resourceType())
                            .describe(resource.resourceName())
                            .stream()
                            .filter(value ->
                                    keys == null
                                            || keys.isEmpty()
                                            || keys.contains(value.key().name()))
                            .map(value ->
                                    value.described(
                                            request.includeSynonyms(),
                                            request.includeDocumentation()))
                            .toList();
            return result(resource, ErrorCode.NONE, null, configs);
        } catch (TopicException e) {
            return result(resource, e.error(), e.getMessage(), List.of());
        }
    }

    private static DescribeConfigsResult result(
            DescribeConfigsResource resource,
            ErrorCode error,
            @Nullable String message,
            List<DescribeConfigsResourceResult> configs) {
        return new DescribeConfigsResult(
                error.code(), message, resource.resourceType(), resource.resourceName(), configs);
    }
}
