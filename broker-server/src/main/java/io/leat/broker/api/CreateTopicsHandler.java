package io.leat.broker.api;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.broker.topic.Creation;
import io.leat.broker.topic.NewTopic;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicConfig;
import io.leat.broker.topic.TopicException;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.CreateTopicsRequest;
import io.leat.wire.message.CreateTopicsRequest.CreatableReplicaAssignment;
import io.leat.wire.message.CreateTopicsRequest.CreatableTopic;
import io.leat.wire.message.CreateTopicsRequest.CreatableTopicConfig;
import io.leat.wire.message.CreateTopicsResponse;
import io.leat.wire.message.CreateTopicsResponse.CreatableTopicConfigs;
import io.leat.wire.message.CreateTopicsResponse.CreatableTopicResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/** Creates topics, each by itself: one that fails does not keep the others from being made. */
public final class CreateTopicsHandler
        implements ApiHandler<CreateTopicsRequest, CreateTopicsResponse> {
    private static final int DEFAULT = -1;

    /** The first version whose clients know THROTTLING_QUOTA_EXCEEDED. */
    private static final int STRICT_SINCE = 6;

    private final BrokerIdentity identity;
    private final BrokerConfig config;
    private final TopicCatalog topics;
    private final Throttle throttle;
    private final Executor blocking;

    public CreateTopicsHandler(
            BrokerIdentity identity,
            BrokerConfig config,
            TopicCatalog topics,
            Throttle throttle,
            Executor blocking) {
        this.identity = identity;
        this.config = config;
        this.topics = topics;
        this.throttle = throttle;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<CreateTopicsResponse> handle(
            RequestContext context, CreateTopicsRequest request) {
        Throttle.Mutations mutations =
                throttle.mutations(context, context.apiVersion() >= STRICT_SINCE);
        return CompletableFuture.supplyAsync(() -> create(request, mutations), blocking);
    }

    private CreateTopicsResponse create(CreateTopicsRequest request, Throttle.Mutations mutations) {
        Map<String, Long> named =
                request.topics().stream()
                        .collect(
                                Collectors.groupingBy(CreatableTopic::name, Collectors.counting()));
        List<CreatableTopicResult> results = new ArrayList<>(request.topics().size());
        List<NewTopic> wanted = new ArrayList<>();
        for (CreatableTopic topic : request.topics()) {
            if (named.getOrDefault(topic.name(), 0L) > 1) {
                continue;
            }
            try {
                NewTopic each = new NewTopic(topic.name(), partitions(topic), configs(topic));
                if (request.validateOnly()) {
                    results.add(validated(each));
                } else {
                    take(each, mutations);
                    wanted.add(each);
                }
            } catch (TopicException e) {
                results.add(failed(topic.name(), e));
            }
        }
        results.addAll(create(wanted));
        named.forEach((name, count) -> {
            if (count > 1) {
                results.add(
                        failed(
                                name,
                                ErrorCode.INVALID_REQUEST,
                                "Topic '" + name + "' is named more than once"));
            }
        });
        return new CreateTopicsResponse(0, results);
    }

    private List<CreatableTopicResult> create(List<NewTopic> wanted) {
        List<Creation> outcomes = topics.create(wanted);
        List<CreatableTopicResult> results = new ArrayList<>(outcomes.size());
        // They were made from one state of the broker's configs, and most ask for the same.
        Map<Map<String, String>, List<CreatableTopicConfigs>> shown = new HashMap<>();
        for (int i = 0; i < outcomes.size(); i++) {
            results.add(
                    switch (outcomes.get(i)) {
                        case Creation.Made(Topic topic) ->
                                created(
                                        topic.name(),
                                        topic.id(),
                                        topic.partitions().size(),
                                        shown.computeIfAbsent(
                                                topic.config().overrides(),
                                                same -> shown(topic.config())));
                        case Creation.Refused refused ->
                                failed(wanted.get(i).name(), refused.why());
                    });
        }
        return results;
    }

    private CreatableTopicResult validated(NewTopic topic) {
        TopicConfig checked = topics.check(topic.name(), topic.partitions(), topic.configs());
        return created(topic.name(), TopicIds.NONE, topic.partitions(), shown(checked));
    }

    /** What is refused anyway costs no quota. */
    private void take(NewTopic topic, Throttle.Mutations mutations) {
        var _ = topics.check(topic.name(), topic.partitions(), topic.configs());
        if (!mutations.take(topic.partitions())) {
            throw new TopicException(
                    ErrorCode.THROTTLING_QUOTA_EXCEEDED,
                    ErrorCode.THROTTLING_QUOTA_EXCEEDED.message());
        }
    }

    private int partitions(CreatableTopic topic) {
        if (topics.find(topic.name()).isPresent()) {
            return 1; // let the catalog say so
        }
        if (!topic.assignments().isEmpty()) {
            return assigned(topic);
        }
        if (topic.replicationFactor() != DEFAULT && topic.replicationFactor() <= 0) {
            throw new TopicException(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "The replication factor must be 1, or -1 for the default");
        }
        if (topic.numPartitions() != DEFAULT && topic.numPartitions() <= 0) {
            throw new TopicException(
                    ErrorCode.INVALID_PARTITIONS,
                    "The number of partitions must be positive, or -1 for the default");
        }
        if (topic.replicationFactor() > 1) {
            throw new TopicException(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "A replication factor of "
                            + topic.replicationFactor()
                            + " needs as many brokers, and there is 1");
        }
        return topic.numPartitions() == DEFAULT
                ? config.get(BrokerKeys.NUM_PARTITIONS)
                : topic.numPartitions();
    }

    private int assigned(CreatableTopic topic) {
        if (topic.replicationFactor() != DEFAULT) {
            throw new TopicException(
                    ErrorCode.INVALID_REQUEST,
                    "With replicas assigned by hand, the replication factor must be -1");
        }
        if (topic.numPartitions() != DEFAULT) {
            throw new TopicException(
                    ErrorCode.INVALID_REQUEST,
                    "With replicas assigned by hand, the number of partitions must be -1");
        }
        Map<Integer, CreatableReplicaAssignment> byPartition = new HashMap<>();
        for (CreatableReplicaAssignment assignment : topic.assignments()) {
            if (byPartition.put(assignment.partitionIndex(), assignment) != null) {
                throw new TopicException(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "Partition " + assignment.partitionIndex() + " is assigned twice");
            }
            Assignments.check(assignment.brokerIds(), identity.nodeId());
        }
        for (int partition = 0; partition < byPartition.size(); partition++) {
            if (!byPartition.containsKey(partition)) {
                throw new TopicException(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "Partitions must be numbered from 0 without a gap; "
                                + partition
                                + " is missing");
            }
        }
        return byPartition.size();
    }

    private static Map<String, String> configs(CreatableTopic topic) {
        Map<String, String> configs = new HashMap<>();
        for (CreatableTopicConfig entry : topic.configs()) {
            String value = entry.value();
            if (value == null) {
                throw new TopicException(
                        ErrorCode.INVALID_CONFIG, "No value is given for " + entry.name());
            }
            configs.put(entry.name(), value);
        }
        return configs;
    }

    private static CreatableTopicResult created(
            String name, UUID id, int partitions, List<CreatableTopicConfigs> shown) {
        return new CreatableTopicResult(
                name,
                id,
                ErrorCode.NONE.code(),
                null,
                ErrorCode.NONE.code(),
                partitions,
                (short) 1,
                shown);
    }

    private static List<CreatableTopicConfigs> shown(TopicConfig config) {
        return TopicConfigs.values(config).stream()
                .map(ConfigValue::created)
                .sorted(Comparator.comparing(CreatableTopicConfigs::name))
                .toList();
    }

    private static CreatableTopicResult failed(String name, TopicException why) {
        return failed(name, why.error(), String.valueOf(why.getMessage()));
    }

    private static CreatableTopicResult failed(String name, ErrorCode error, String message) {
        return new CreatableTopicResult(
                name,
                TopicIds.NONE,
                error.code(),
                message,
                ErrorCode.NONE.code(),
                -1,
                (short) -1,
                List.of());
    }
}
