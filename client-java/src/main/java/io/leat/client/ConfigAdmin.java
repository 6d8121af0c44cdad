package io.leat.client;

import io.leat.client.network.Api;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.DescribeConfigsRequest;
import io.leat.wire.message.DescribeConfigsResponse;
import io.leat.wire.message.IncrementalAlterConfigsRequest;
import io.leat.wire.message.ListConfigResourcesRequest;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Settings of topics and brokers. On the loop. */
final class ConfigAdmin {
    private final Cluster cluster;

    ConfigAdmin(Cluster cluster) {
        this.cluster = cluster;
    }

    CompletableFuture<List<ConfigEntry>> describe(ConfigResource resource, Deadline deadline) {
        String what = "describe the settings of " + resource;
        DescribeConfigsRequest request =
                new DescribeConfigsRequest(
                        List.of(
                                new DescribeConfigsRequest.DescribeConfigsResource(
                                        resource.type().wire(), resource.name(), null)),
                        false,
                        false);
        return Retry.until(
                        cluster,
                        deadline,
                        what,
                        () ->
                                ask(resource, Apis.DESCRIBE_CONFIGS, request)
                                        .thenApply(
                                                answer -> require(answer.results().get(0), what)))
                .thenApply(result ->
                        result.configs().stream()
                                .map(ConfigAdmin::entry)
                                .sorted(Comparator.comparing(ConfigEntry::name))
                                .toList());
    }

    private static DescribeConfigsResponse.DescribeConfigsResult require(
            DescribeConfigsResponse.DescribeConfigsResult result, String what) {
        require(result.errorCode(), what, result.errorMessage());
        return result;
    }

    private static void require(
            short code, String what, @org.jspecify.annotations.Nullable String message) {
        ErrorCode error = ErrorCode.of(code);
        if (error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
            throw BrokerException.fatal(error, what, message);
        }
        if (error != ErrorCode.NONE) {
            throw BrokerException.of(error, what, message);
        }
    }

    private static ConfigEntry entry(DescribeConfigsResponse.DescribeConfigsResourceResult config) {
        return new ConfigEntry(
                config.name(),
                Optional.ofNullable(config.value()),
                ConfigEntry.Source.of(config.configSource()),
                config.readOnly(),
                config.isSensitive());
    }

    CompletableFuture<Void> alter(
            ConfigResource resource,
            List<ConfigChange> changes,
            boolean validateOnly,
            Deadline deadline) {
        String what = "change the settings of " + resource;
        List<IncrementalAlterConfigsRequest.AlterableConfig> configs =
                changes.stream()
                        .map(change ->
                                new IncrementalAlterConfigsRequest.AlterableConfig(
                                        change.name(),
                                        change.operation().wire(),
                                        change.value().orElse(null)))
                        .toList();
        IncrementalAlterConfigsRequest request =
                new IncrementalAlterConfigsRequest(
                        List.of(
                                new IncrementalAlterConfigsRequest.AlterConfigsResource(
                                        resource.type().wire(), resource.name(), configs)),
                        validateOnly);
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        ask(resource, Apis.INCREMENTAL_ALTER_CONFIGS, request)
                                .thenAccept(answer ->
                                        answer.responses()
                                                .forEach(each ->
                                                        require(
                                                                each.errorCode(),
                                                                what,
                                                                each.errorMessage()))));
    }

    CompletableFuture<List<String>> list(ConfigResource.Type type, Deadline deadline) {
        String what = "list what has settings";
        ListConfigResourcesRequest request = new ListConfigResourcesRequest(List.of(type.wire()));
        return Retry.until(
                cluster,
                deadline,
                what,
                () ->
                        cluster.askAny(Apis.LIST_CONFIG_RESOURCES, request)
                                .thenApply(answer -> {
                                    require(answer.errorCode(), what, null);
                                    return answer.configResources().stream()
                                            .map(each -> each.resourceName())
                                            .sorted()
                                            .toList();
                                }));
    }

    /** Settings of one broker are that broker's own affair. */
    private <Q extends RequestMessage, R extends ResponseMessage> CompletableFuture<R> ask(
            ConfigResource resource, Api<Q, R> api, Q request) {
        if (resource.type() != ConfigResource.Type.BROKER || resource.name().isEmpty()) {
            return cluster.askAny(api, request);
        }
        Node node =
                cluster.view().nodes().values().stream()
                        .filter(each -> resource.name().equals(Integer.toString(each.id())))
                        .findFirst()
                        .orElseThrow(() ->
                                BrokerException.fatal(
                                        ErrorCode.BROKER_NOT_AVAILABLE,
                                        resource.toString(),
                                        "the brokers are " + cluster.view().nodes().keySet()));
        return cluster.ask(node, Lane.CONTROL, api, request);
    }
}
