package io.leat.broker.api;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.broker.config.GroupKeys;
import io.leat.broker.config.TopicKeys;
import io.leat.broker.group.settings.GroupConfigs;
import io.leat.broker.group.settings.GroupSettings;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicConfig;
import io.leat.broker.topic.TopicException;
import io.leat.broker.topic.TopicName;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.DescribeConfigsRequest;
import io.leat.wire.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.leat.wire.message.DescribeConfigsResponse;
import io.leat.wire.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.leat.wire.message.DescribeConfigsResponse.DescribeConfigsResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Describes the configuration of topics, of groups and of the broker. */
public final class DescribeConfigsHandler
        implements ApiHandler<DescribeConfigsRequest, DescribeConfigsResponse> {
    private final BrokerIdentity identity;
    private final BrokerConfig config;
    private final TopicCatalog topics;
    private final GroupConfigs groups;

    public DescribeConfigsHandler(
            BrokerIdentity identity,
            BrokerConfig config,
            TopicCatalog topics,
            GroupConfigs groups) {
        this.identity = identity;
        this.config = config;
        this.topics = topics;
        this.groups = groups;
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
            List<DescribeConfigsResourceResult> configs =
                    switch (resource.resourceType()) {
                        case ConfigView.TOPIC -> topic(request, resource);
                        case ConfigView.GROUP -> group(request, resource);
                        case ConfigView.BROKER -> broker(request, resource);
                        default ->
                                throw new TopicException(
                                        ErrorCode.INVALID_REQUEST,
                                        "Resources of type %d have no configuration here"
                                                .formatted(resource.resourceType()));
                    };
            return result(resource, ErrorCode.NONE, null, configs);
        } catch (TopicException e) {
            return result(resource, e.error(), e.getMessage(), List.of());
        }
    }

    private List<DescribeConfigsResourceResult> topic(
            DescribeConfigsRequest request, DescribeConfigsResource resource) {
        TopicName.flaw(resource.resourceName())
                .ifPresent(flaw -> {
                    throw new TopicException(ErrorCode.INVALID_TOPIC_EXCEPTION, flaw);
                });
        TopicConfig topic = topics.known(resource.resourceName()).config();
        return wanted(
                resource,
                TopicKeys.all().values().stream()
                        .map(key ->
                                ConfigView.described(
                                        key,
                                        topic,
                                        config,
                                        request.includeSynonyms(),
                                        request.includeDocumentation())));
    }

    /** A group need not be there to have a configuration. */
    private List<DescribeConfigsResourceResult> group(
            DescribeConfigsRequest request, DescribeConfigsResource resource) {
        if (resource.resourceName().isEmpty()) {
            throw new TopicException(
                    ErrorCode.INVALID_REQUEST, "The id of a group must not be empty");
        }
        GroupSettings settings = groups.of(resource.resourceName());
        return wanted(
                resource,
                GroupKeys.all().values().stream()
                        .map(key ->
                                ConfigView.described(
                                        key,
                                        settings,
                                        config,
                                        request.includeSynonyms(),
                                        request.includeDocumentation())));
    }

    /** An empty name stands for what was set on all brokers at run time, which is nothing. */
    private List<DescribeConfigsResourceResult> broker(
            DescribeConfigsRequest request, DescribeConfigsResource resource) {
        if (resource.resourceName().isEmpty()) {
            return List.of();
        }
        BrokerResource.check(resource.resourceName(), identity.nodeId());
        return wanted(
                resource,
                BrokerKeys.all().values().stream()
                        .map(key ->
                                ConfigView.described(
                                        key,
                                        config,
                                        request.includeSynonyms(),
                                        request.includeDocumentation())));
    }

    private static List<DescribeConfigsResourceResult> wanted(
            DescribeConfigsResource resource, Stream<DescribeConfigsResourceResult> all) {
        List<String> keys = resource.configurationKeys();
        return keys == null || keys.isEmpty()
                ? all.toList()
                : all.filter(described -> keys.contains(described.name())).toList();
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
