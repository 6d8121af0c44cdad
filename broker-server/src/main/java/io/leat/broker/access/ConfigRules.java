package io.leat.broker.access;

import static io.leat.broker.access.Operation.ALTER_CONFIGS;
import static io.leat.broker.access.Operation.DESCRIBE_CONFIGS;

import io.leat.wire.ApiKey;
import io.leat.wire.message.AlterConfigsRequest;
import io.leat.wire.message.AlterConfigsResponse;
import io.leat.wire.message.DescribeConfigsRequest;
import io.leat.wire.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.leat.wire.message.DescribeConfigsResponse;
import io.leat.wire.message.DescribeConfigsResponse.DescribeConfigsResult;
import io.leat.wire.message.IncrementalAlterConfigsRequest;
import io.leat.wire.message.IncrementalAlterConfigsResponse;
import java.util.List;

/** The APIs of configurations. */
final class ConfigRules {
    // Kafka's ConfigResource.Type; those of all other types are the cluster's.
    private static final byte TOPIC_CONFIGS = 2;
    private static final byte GROUP_CONFIGS = 32;

    private ConfigRules() {}

    static void addTo(AccessRules rules) {
        rules.add(
                        ApiKey.DESCRIBE_CONFIGS,
                        DescribeConfigsRequest.class,
                        DescribeConfigsResponse.class,
                        ConfigRules::describe)
                .add(
                        ApiKey.ALTER_CONFIGS,
                        AlterConfigsRequest.class,
                        AlterConfigsResponse.class,
                        ConfigRules::alter)
                .add(
                        ApiKey.INCREMENTAL_ALTER_CONFIGS,
                        IncrementalAlterConfigsRequest.class,
                        IncrementalAlterConfigsResponse.class,
                        ConfigRules::alter);
    }

    private static ResourceType type(byte resourceType) {
        return switch (resourceType) {
            case TOPIC_CONFIGS -> ResourceType.TOPIC;
            case GROUP_CONFIGS -> ResourceType.GROUP;
            default -> ResourceType.CLUSTER;
        };
    }

    private static boolean may(
            Access access, Operation operation, byte resourceType, String resourceName) {
        ResourceType type = type(resourceType);
        return access.may(
                operation,
                type,
                type == ResourceType.CLUSTER ? ResourceType.CLUSTER_NAME : resourceName);
    }

    private static Verdict<DescribeConfigsRequest, DescribeConfigsResponse> describe(
            Access access, short version, DescribeConfigsRequest request) {
        return Split.<DescribeConfigsResource>of(
                        request.resources(),
                        resource ->
                                may(
                                        access,
                                        DESCRIBE_CONFIGS,
                                        resource.resourceType(),
                                        resource.resourceName()))
                .verdict(
                        request,
                        allowed ->
                                new DescribeConfigsRequest(
                                        allowed,
                                        request.includeSynonyms(),
                                        request.includeDocumentation()),
                        resource ->
                                new DescribeConfigsResult(
                                        type(resource.resourceType()).refusal().code(),
                                        type(resource.resourceType()).refusal().message(),
                                        resource.resourceType(),
                                        resource.resourceName(),
                                        List.of()),
                        refused -> new DescribeConfigsResponse(0, refused),
                        (response, refused) ->
                                new DescribeConfigsResponse(
                                        response.throttleTimeMs(),
                                        Split.joined(response.results(), refused)));
    }

    private static Verdict<AlterConfigsRequest, AlterConfigsResponse> alter(
            Access access, short version, AlterConfigsRequest request) {
        return Split.<AlterConfigsRequest.AlterConfigsResource>of(
                        request.resources(),
                        resource ->
                                may(
                                        access,
                                        ALTER_CONFIGS,
                                        resource.resourceType(),
                                        resource.resourceName()))
                .verdict(
                        request,
                        allowed -> new AlterConfigsRequest(allowed, request.validateOnly()),
                        resource ->
                                new AlterConfigsResponse.AlterConfigsResourceResponse(
                                        type(resource.resourceType()).refusal().code(),
                                        type(resource.resourceType()).refusal().message(),
                                        resource.resourceType(),
                                        resource.resourceName()),
                        refused -> new AlterConfigsResponse(0, refused),
                        (response, refused) ->
                                new AlterConfigsResponse(
                                        response.throttleTimeMs(),
                                        Split.joined(response.responses(), refused)));
    }

    private static Verdict<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse> alter(
            Access access, short version, IncrementalAlterConfigsRequest request) {
        return Split.<IncrementalAlterConfigsRequest.AlterConfigsResource>of(
                        request.resources(),
                        resource ->
                                may(
                                        access,
                                        ALTER_CONFIGS,
                                        resource.resourceType(),
                                        resource.resourceName()))
                .verdict(
                        request,
                        allowed ->
                                new IncrementalAlterConfigsRequest(allowed, request.validateOnly()),
                        resource ->
                                new IncrementalAlterConfigsResponse.AlterConfigsResourceResponse(
                                        type(resource.resourceType()).refusal().code(),
                                        type(resource.resourceType()).refusal().message(),
                                        resource.resourceType(),
                                        resource.resourceName()),
                        refused -> new IncrementalAlterConfigsResponse(0, refused),
                        (response, refused) ->
                                new IncrementalAlterConfigsResponse(
                                        response.throttleTimeMs(),
                                        Split.joined(response.responses(), refused)));
    }
}
