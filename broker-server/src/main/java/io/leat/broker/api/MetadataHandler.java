package io.leat.broker.api;

import io.leat.broker.access.Access;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.broker.config.Endpoint;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicException;
import io.leat.broker.topic.TopicName;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.MetadataRequest;
import io.leat.wire.message.MetadataRequest.MetadataRequestTopic;
import io.leat.wire.message.MetadataResponse;
import io.leat.wire.message.MetadataResponse.MetadataResponseBroker;
import io.leat.wire.message.MetadataResponse.MetadataResponsePartition;
import io.leat.wire.message.MetadataResponse.MetadataResponseTopic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Says which brokers, topics and partitions there are. Makes a topic that is asked for by name and
 * is not there, where both the client and the configuration want it, and nobody has deleted one of
 * that name: consumers that go on asking for a deleted topic must not bring it back.
 */
public final class MetadataHandler implements ApiHandler<MetadataRequest, MetadataResponse> {
    /** Topics are asked for by id from here on; the field is there since version 10. */
    private static final int IDS_SINCE = 12;

    private final BrokerIdentity broker;
    private final TopicCatalog topics;
    private final Throttle throttle;
    private final Executor blocking;
    private final boolean autoCreate;
    private final int autoCreatePartitions;

    /**
     * Makes the handler.
     *
     * @param blocking where topics are made, which forces the disk
     */
    public MetadataHandler(
            BrokerIdentity broker,
            BrokerConfig config,
            TopicCatalog topics,
            Throttle throttle,
            Executor blocking) {
        this.broker = broker;
        this.topics = topics;
        this.throttle = throttle;
        this.blocking = blocking;
        this.autoCreate = config.get(BrokerKeys.AUTO_CREATE_TOPICS_ENABLE);
        this.autoCreatePartitions = config.get(BrokerKeys.NUM_PARTITIONS);
    }

    @Override
    public CompletionStage<MetadataResponse> handle(
            RequestContext context, MetadataRequest request) {
        List<MetadataRequestTopic> named = request.topics();
        // In version 0 no topics means all of them; null says so since.
        if (named == null || (context.apiVersion() == 0 && named.isEmpty())) {
            return CompletableFuture.completedFuture(
                    response(context, request, topics.all().stream().map(this::describe).toList()));
        }
        // Each is told of once, or a small request could have an answer of any size.
        List<MetadataRequestTopic> asked = named.stream().distinct().toList();
        if (context.apiVersion() < IDS_SINCE && asked.stream().anyMatch(MetadataHandler::byId)) {
            // The answer of these versions has no room for a topic without a name.
            return CompletableFuture.completedFuture(
                    response(context, request, asked.stream().map(MetadataHandler::bad).toList()));
        }
        boolean create =
                autoCreate
                        && request.allowAutoTopicCreation()
                        && asked.stream().anyMatch(this::creatable);
        if (!create) {
            return CompletableFuture.completedFuture(
                    response(context, request, asked.stream().map(this::describe).toList()));
        }
        Throttle.Mutations mutations = throttle.mutations(context, true);
        return CompletableFuture.supplyAsync(
                () ->
                        response(
                                context,
                                request,
                                asked.stream()
                                        .map(topic ->
                                                describeOrCreate(
                                                        context.access(), mutations, topic))
                                        .toList()),
                blocking);
    }

    private MetadataResponse response(
            RequestContext context,
            MetadataRequest request,
            List<MetadataResponseTopic> described) {
        Endpoint endpoint = broker.endpointFor(context.connection());
        return new MetadataResponse(
                0,
                List.of(
                        new MetadataResponseBroker(
                                broker.nodeId(), endpoint.host(), endpoint.port(), null)),
                broker.clusterId(),
                broker.nodeId(),
                request.includeTopicAuthorizedOperations()
                        ? described.stream()
                                .map(topic -> withOperations(context.access(), topic))
                                .toList()
                        : described,
                AuthorizedOperations.onCluster(
                        context.access(), request.includeClusterAuthorizedOperations()),
                ErrorCode.NONE.code());
    }

    private static boolean byId(MetadataRequestTopic asked) {
        return asked.name() == null || !asked.topicId().equals(TopicIds.NONE);
    }

    private static MetadataResponseTopic bad(MetadataRequestTopic asked) {
        String name = asked.name();
        return failed(ErrorCode.INVALID_REQUEST, name == null ? "" : name, asked.topicId());
    }

    private boolean creatable(MetadataRequestTopic asked) {
        String name = asked.name();
        return name != null
                && asked.topicId().equals(TopicIds.NONE)
                && topics.find(name).isEmpty()
                && !topics.wasDeleted(name)
                && TopicName.flaw(name).isEmpty();
    }

    private MetadataResponseTopic describeOrCreate(
            Access access, Throttle.Mutations mutations, MetadataRequestTopic asked) {
        String name = asked.name();
        if (name == null || !creatable(asked)) {
            return describe(asked);
        }
        if (!access.mayCreateTopic(name)) {
            return failed(ErrorCode.TOPIC_AUTHORIZATION_FAILED, name, TopicIds.NONE);
        }
        if (!mutations.take(autoCreatePartitions)) {
            return describe(asked); // not there yet: the client asks again
        }
        try {
            return describe(topics.create(name, autoCreatePartitions, Map.of()));
        } catch (TopicException e) {
            return switch (e.error()) {
                case TOPIC_ALREADY_EXISTS -> describe(asked); // somebody was faster
                default -> failed(e.error(), name, TopicIds.NONE);
            };
        }
    }

    private MetadataResponseTopic describe(MetadataRequestTopic asked) {
        String name = asked.name();
        if (!asked.topicId().equals(TopicIds.NONE)) {
            Optional<Topic> topic = topics.find(asked.topicId());
            return topic.map(this::describe)
                    .orElseGet(() -> failed(ErrorCode.UNKNOWN_TOPIC_ID, name, asked.topicId()));
        }
        if (name == null) {
            return failed(ErrorCode.UNKNOWN_TOPIC_ID, null, TopicIds.NONE);
        }
        if (TopicName.flaw(name).isPresent()) {
            return failed(ErrorCode.INVALID_TOPIC_EXCEPTION, name, TopicIds.NONE);
        }
        return topics.find(name)
                .map(this::describe)
                .orElseGet(() -> failed(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, name, TopicIds.NONE));
    }

    private MetadataResponseTopic describe(Topic topic) {
        return new MetadataResponseTopic(
                ErrorCode.NONE.code(),
                topic.name(),
                topic.id(),
                topic.internal(),
                topic.partitions().stream().map(this::describe).toList(),
                AuthorizedOperations.NOT_ASKED);
    }

    private MetadataResponsePartition describe(Partition partition) {
        List<Integer> replicas = List.of(broker.nodeId());
        return new MetadataResponsePartition(
                ErrorCode.NONE.code(),
                partition.number(),
                broker.nodeId(),
                Partition.LEADER_EPOCH,
                replicas,
                replicas,
                List.of());
    }

    private static MetadataResponseTopic withOperations(
            Access access, MetadataResponseTopic topic) {
        String name = topic.name();
        return new MetadataResponseTopic(
                topic.errorCode(),
                topic.name(),
                topic.topicId(),
                topic.isInternal(),
                topic.partitions(),
                topic.errorCode() == ErrorCode.NONE.code() && name != null
                        ? AuthorizedOperations.onTopic(access, name)
                        : AuthorizedOperations.NOT_ASKED);
    }

    private static MetadataResponseTopic failed(ErrorCode error, @Nullable String name, UUID id) {
        return new MetadataResponseTopic(
                error.code(), name, id, false, List.of(), AuthorizedOperations.NOT_ASKED);
    }
}
