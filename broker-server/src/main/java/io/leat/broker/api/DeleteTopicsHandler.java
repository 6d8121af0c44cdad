package io.leat.broker.api;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicException;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.DeleteTopicsRequest;
import io.leat.wire.message.DeleteTopicsRequest.DeleteTopicState;
import io.leat.wire.message.DeleteTopicsResponse;
import io.leat.wire.message.DeleteTopicsResponse.DeletableTopicResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Deletes topics, by name or by id. */
public final class DeleteTopicsHandler
        implements ApiHandler<DeleteTopicsRequest, DeleteTopicsResponse> {

    /** The first version that takes ids. */
    private static final int IDS_SINCE = 6;

    /** The first version whose clients know THROTTLING_QUOTA_EXCEEDED. */
    private static final int STRICT_SINCE = 5;

    private final TopicCatalog topics;
    private final Throttle throttle;
    private final Executor blocking;
    private final boolean enabled;

    public DeleteTopicsHandler(
            BrokerConfig config, TopicCatalog topics, Throttle throttle, Executor blocking) {
        this.topics = topics;
        this.throttle = throttle;
        this.blocking = blocking;
        this.enabled = config.get(BrokerKeys.DELETE_TOPIC_ENABLE);
    }

    @Override
    public CompletionStage<DeleteTopicsResponse> handle(
            RequestContext context, DeleteTopicsRequest request) {
        List<DeleteTopicState> asked =
                context.apiVersion() >= IDS_SINCE
                        ? request.topics()
                        : request.topicNames().stream()
                                .map(name -> new DeleteTopicState(name, TopicIds.NONE))
                                .toList();
        Throttle.Mutations mutations =
                throttle.mutations(context, context.apiVersion() >= STRICT_SINCE);
        return CompletableFuture.supplyAsync(() -> delete(asked, mutations), blocking);
    }

    private DeleteTopicsResponse delete(
            List<DeleteTopicState> asked, Throttle.Mutations mutations) {
        // By name or by id, one topic is one topic.
        Map<DeleteTopicState, List<DeleteTopicState>> byTopic =
                asked.stream()
                        .collect(
                                Collectors.groupingBy(
                                        this::meant, LinkedHashMap::new, Collectors.toList()));
        List<DeletableTopicResult> results = new ArrayList<>();
        for (List<DeleteTopicState> same : byTopic.values()) {
            if (same.size() == 1) {
                results.add(delete(same.getFirst(), mutations));
            } else {
                same.stream()
                        .distinct()
                        .map(each ->
                                failed(
                                        each,
                                        ErrorCode.INVALID_REQUEST,
                                        "The topic is named more than once"))
                        .forEach(results::add);
            }
        }
        return new DeleteTopicsResponse(0, results);
    }

    /** What is asked for, by id where there is such a topic. */
    private DeleteTopicState meant(DeleteTopicState asked) {
        String name = asked.name();
        if (name == null || !asked.topicId().equals(TopicIds.NONE)) {
            return asked;
        }
        return topics.find(name).map(topic -> new DeleteTopicState(null, topic.id())).orElse(asked);
    }

    private DeletableTopicResult delete(DeleteTopicState asked, Throttle.Mutations mutations) {
        String name = asked.name();
        boolean byId = !asked.topicId().equals(TopicIds.NONE);
        if (byId == (name != null)) {
            return failed(
                    asked,
                    ErrorCode.INVALID_REQUEST,
                    byId
                            ? "A topic is named both by its name and by its id"
                            : "A topic is named neither by its name nor by its id");
        }
        if (!enabled) {
            return failed(
                    asked,
                    ErrorCode.TOPIC_DELETION_DISABLED,
                    BrokerKeys.DELETE_TOPIC_ENABLE.name() + " is false");
        }
        Optional<Topic> topic = name == null ? topics.find(asked.topicId()) : topics.find(name);
        if (topic.isEmpty()) {
            ErrorCode error =
                    byId ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            return failed(asked, error, error.message());
        }
        if (!mutations.take(topic.get().partitions().size())) {
            ErrorCode error = ErrorCode.THROTTLING_QUOTA_EXCEEDED;
            return failed(asked, error, error.message());
        }
        try {
            topics.delete(topic.get().id());
            return result(topic.get().name(), topic.get().id(), ErrorCode.NONE, null);
        } catch (TopicException e) {
            return failed(asked, e.error(), String.valueOf(e.getMessage()));
        }
    }

    private static DeletableTopicResult failed(
            DeleteTopicState asked, ErrorCode error, String message) {
        return result(asked.name(), asked.topicId(), error, message);
    }

    private static DeletableTopicResult result(
            @Nullable String name, UUID id, ErrorCode error, @Nullable String message) {
        return new DeletableTopicResult(name, id, error.code(), message);
    }
}
