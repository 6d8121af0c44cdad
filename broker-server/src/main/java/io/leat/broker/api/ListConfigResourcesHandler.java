package io.leat.broker.api;

import io.leat.broker.group.settings.GroupConfigs;
import io.leat.broker.topic.TopicCatalog;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ListConfigResourcesRequest;
import io.leat.wire.message.ListConfigResourcesResponse;
import io.leat.wire.message.ListConfigResourcesResponse.ConfigResource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lists what has a configuration: topics, the broker, and groups on which something is set. */
public final class ListConfigResourcesHandler
        implements ApiHandler<ListConfigResourcesRequest, ListConfigResourcesResponse> {
    /** From here on types are asked for; before, it was client metrics, of which there are none. */
    private static final int TYPES = 1;

    private static final List<Byte> ALL =
            List.of(
                    ConfigView.TOPIC,
                    ConfigView.BROKER,
                    ConfigView.BROKER_LOGGER,
                    ConfigView.CLIENT_METRICS,
                    ConfigView.GROUP);

    private final BrokerIdentity identity;
    private final TopicCatalog topics;
    private final GroupConfigs groups;

    public ListConfigResourcesHandler(
            BrokerIdentity identity, TopicCatalog topics, GroupConfigs groups) {
        this.identity = identity;
        this.topics = topics;
        this.groups = groups;
    }

    @Override
    public CompletionStage<ListConfigResourcesResponse> handle(
            RequestContext context, ListConfigResourcesRequest request) {
        List<Byte> types = request.resourceTypes().isEmpty() ? ALL : request.resourceTypes();
        if (context.apiVersion() < TYPES) {
            types = List.of(ConfigView.CLIENT_METRICS);
        }
        boolean known = ALL.containsAll(types);
        List<ConfigResource> found = new ArrayList<>();
        if (known) {
            types.stream().distinct().forEach(type -> list(type, found));
        }
        ErrorCode error = known ? ErrorCode.NONE : ErrorCode.UNSUPPORTED_VERSION;
        return CompletableFuture.completedFuture(
                new ListConfigResourcesResponse(0, error.code(), found));
    }

    private void list(byte type, List<ConfigResource> found) {
        List<String> names =
                switch (type) {
                    case ConfigView.TOPIC ->
                            topics.all().stream().map(topic -> topic.name()).toList();
                    case ConfigView.BROKER, ConfigView.BROKER_LOGGER ->
                            List.of(Integer.toString(identity.nodeId()));
                    case ConfigView.GROUP -> groups.groupIds();
                    default -> List.of();
                };
        names.forEach(name -> found.add(new ConfigResource(name, type)));
    }
}
