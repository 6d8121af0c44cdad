package io.leat.broker.access;

import static io.leat.broker.access.Operation.ALTER;
import static io.leat.broker.access.Operation.DELETE;
import static io.leat.broker.access.Operation.DESCRIBE;
import static io.leat.broker.access.Operation.DESCRIBE_CONFIGS;
import static io.leat.broker.access.ResourceType.TOPIC;

import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.CreatePartitionsRequest;
import io.leat.wire.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.leat.wire.message.CreatePartitionsResponse;
import io.leat.wire.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import io.leat.wire.message.CreateTopicsRequest;
import io.leat.wire.message.CreateTopicsRequest.CreatableTopic;
import io.leat.wire.message.CreateTopicsResponse;
import io.leat.wire.message.CreateTopicsResponse.CreatableTopicResult;
import io.leat.wire.message.DeleteTopicsRequest;
import io.leat.wire.message.DeleteTopicsRequest.DeleteTopicState;
import io.leat.wire.message.DeleteTopicsResponse;
import io.leat.wire.message.DeleteTopicsResponse.DeletableTopicResult;
import io.leat.wire.message.DescribeTopicPartitionsRequest;
import io.leat.wire.message.DescribeTopicPartitionsRequest.TopicRequest;
import io.leat.wire.message.DescribeTopicPartitionsResponse;
import io.leat.wire.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;
import io.leat.wire.message.MetadataRequest;
import io.leat.wire.message.MetadataRequest.MetadataRequestTopic;
import io.leat.wire.message.MetadataResponse;
import io.leat.wire.message.MetadataResponse.MetadataResponseTopic;
import java.util.List;
import java.util.Optional;

/** The APIs of topics. */
final class TopicRules {
    private static final short DENIED = TOPIC.refusal().code();
    private static final String DENIED_TEXT = TOPIC.refusal().message();
    private static final short NO_ERROR = ErrorCode.NONE.code();
    private static final int NOT_ASKED = Integer.MIN_VALUE;

    /** The first version of DeleteTopics that may name topics by id. */
    private static final int DELETE_STATES_SINCE = 6;

    private final TopicNames topics;

    TopicRules(TopicNames topics) {
        this.topics = topics;
    }

    void addTo(AccessRules rules) {
        rules.add(ApiKey.METADATA, MetadataRequest.class, MetadataResponse.class, this::metadata)
                .add(
                        ApiKey.DESCRIBE_TOPIC_PARTITIONS,
                        DescribeTopicPartitionsRequest.class,
                        DescribeTopicPartitionsResponse.class,
                        TopicRules::describe)
                .add(
                        ApiKey.CREATE_TOPICS,
                        CreateTopicsRequest.class,
                        CreateTopicsResponse.class,
                        TopicRules::create)
                .add(
                        ApiKey.DELETE_TOPICS,
                        DeleteTopicsRequest.class,
                        DeleteTopicsResponse.class,
                        this::delete)
                .add(
                        ApiKey.CREATE_PARTITIONS,
                        CreatePartitionsRequest.class,
                        CreatePartitionsResponse.class,
                        TopicRules::createPartitions);
    }

    /**
     * Whoever makes a topic by asking for it needs more: the handler asks when it comes to that.
     */
    private Verdict<MetadataRequest, MetadataResponse> metadata(
            Access access, short version, MetadataRequest request) {
        List<MetadataRequestTopic> asked = request.topics();
        if (asked == null || (version == 0 && asked.isEmpty())) {
            return Verdict.pass(
                    request,
                    response ->
                            withTopics(
                                    response,
                                    Split.of(
                                                    response.topics(),
                                                    topic -> {
                                                        String name = topic.name();
                                                        return name != null
                                                                && access.sees(
                                                                        DESCRIBE, TOPIC, name);
                                                    })
                                            .allowed()));
        }
        Split<MetadataRequestTopic> split = Split.of(asked, topic -> mayDescribe(access, topic));
        if (split.denied().isEmpty()) {
            return Verdict.pass(request);
        }
        List<MetadataResponseTopic> refused =
                split.denied().stream().map(TopicRules::unseen).toList();
        boolean none = split.allowed().isEmpty(); // asking for no topics is asking for brokers
        return new Verdict.Passed<>(
                new MetadataRequest(
                        split.allowed(),
                        request.allowAutoTopicCreation(),
                        request.includeClusterAuthorizedOperations(),
                        request.includeTopicAuthorizedOperations()),
                response ->
                        withTopics(
                                response,
                                none ? refused : Split.joined(response.topics(), refused)),
                true);
    }

    /** That a topic is there is not told; its id is no secret to who knows it. */
    private static MetadataResponseTopic unseen(MetadataRequestTopic topic) {
        return new MetadataResponseTopic(
                DENIED,
                topic.topicId().equals(TopicIds.NONE) ? topic.name() : null,
                topic.topicId(),
                false,
                List.of(),
                NOT_ASKED);
    }

    private static MetadataResponse withTopics(
            MetadataResponse response, List<MetadataResponseTopic> shown) {
        return new MetadataResponse(
                response.throttleTimeMs(),
                response.brokers(),
                response.clusterId(),
                response.controllerId(),
                shown,
                response.clusterAuthorizedOperations(),
                response.errorCode());
    }

    private boolean mayDescribe(Access access, MetadataRequestTopic topic) {
        Optional<String> name =
                topic.topicId().equals(TopicIds.NONE)
                        ? Optional.ofNullable(topic.name())
                        : topics.nameOf(topic.topicId());
        return name.isEmpty() || access.may(DESCRIBE, TOPIC, name.get());
    }

    /** Who asks for all topics sees some of them: the handler leaves out the others. */
    private static Verdict<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>
            describe(Access access, short version, DescribeTopicPartitionsRequest request) {
        return Split.<TopicRequest>of(
                        request.topics(), topic -> access.may(DESCRIBE, TOPIC, topic.name()))
                .verdict(
                        request,
                        allowed ->
                                new DescribeTopicPartitionsRequest(
                                        allowed,
                                        request.responsePartitionLimit(),
                                        request.cursor()),
                        topic ->
                                new DescribeTopicPartitionsResponseTopic(
                                        DENIED,
                                        topic.name(),
                                        TopicIds.NONE,
                                        false,
                                        List.of(),
                                        NOT_ASKED),
                        refused -> new DescribeTopicPartitionsResponse(0, refused, null),
                        (response, refused) ->
                                new DescribeTopicPartitionsResponse(
                                        response.throttleTimeMs(),
                                        Split.joined(response.topics(), refused),
                                        response.nextCursor()));
    }

    private static Verdict<CreateTopicsRequest, CreateTopicsResponse> create(
            Access access, short version, CreateTopicsRequest request) {
        Split<CreatableTopic> split =
                Split.of(request.topics(), topic -> access.mayCreateTopic(topic.name()));
        List<CreatableTopicResult> refused =
                split.denied().stream().map(TopicRules::uncreated).toList();
        if (split.allowed().isEmpty() && !refused.isEmpty()) {
            return Verdict.refuse(new CreateTopicsResponse(0, refused));
        }
        return new Verdict.Passed<>(
                refused.isEmpty()
                        ? request
                        : new CreateTopicsRequest(
                                split.allowed(), request.timeoutMs(), request.validateOnly()),
                response ->
                        new CreateTopicsResponse(
                                response.throttleTimeMs(),
                                Split.joined(
                                        response.topics().stream()
                                                .map(topic -> withoutConfigs(access, topic))
                                                .toList(),
                                        refused)),
                !refused.isEmpty());
    }

    private static CreatableTopicResult uncreated(CreatableTopic topic) {
        return new CreatableTopicResult(
                topic.name(),
                TopicIds.NONE,
                DENIED,
                DENIED_TEXT,
                NO_ERROR,
                -1,
                (short) -1,
                List.of());
    }

    /** How a new topic is configured is for those to see who may (KIP-525). */
    private static CreatableTopicResult withoutConfigs(Access access, CreatableTopicResult topic) {
        if (topic.errorCode() != NO_ERROR || access.sees(DESCRIBE_CONFIGS, TOPIC, topic.name())) {
            return topic;
        }
        return new CreatableTopicResult(
                topic.name(),
                topic.topicId(),
                NO_ERROR,
                topic.errorMessage(),
                DENIED,
                -1,
                (short) -1,
                null);
    }

    private Verdict<DeleteTopicsRequest, DeleteTopicsResponse> delete(
            Access access, short version, DeleteTopicsRequest request) {
        if (version < DELETE_STATES_SINCE) {
            return Split.<String>of(request.topicNames(), name -> access.may(DELETE, TOPIC, name))
                    .verdict(
                            request,
                            allowed ->
                                    new DeleteTopicsRequest(
                                            request.topics(), allowed, request.timeoutMs()),
                            name ->
                                    new DeletableTopicResult(
                                            name, TopicIds.NONE, DENIED, DENIED_TEXT),
                            refused -> new DeleteTopicsResponse(0, refused),
                            TopicRules::plus);
        }
        return Split.of(request.topics(), topic -> mayDelete(access, topic))
                .verdict(
                        request,
                        allowed ->
                                new DeleteTopicsRequest(
                                        allowed, request.topicNames(), request.timeoutMs()),
                        topic ->
                                new DeletableTopicResult(
                                        topic.name(), topic.topicId(), DENIED, DENIED_TEXT),
                        refused -> new DeleteTopicsResponse(0, refused),
                        TopicRules::plus);
    }

    private boolean mayDelete(Access access, DeleteTopicState topic) {
        Optional<String> name = Optional.ofNullable(topic.name());
        return name.or(() -> topics.nameOf(topic.topicId()))
                .map(known -> access.may(DELETE, TOPIC, known))
                .orElse(true);
    }

    private static DeleteTopicsResponse plus(
            DeleteTopicsResponse response, List<DeletableTopicResult> refused) {
        return new DeleteTopicsResponse(
                response.throttleTimeMs(), Split.joined(response.responses(), refused));
    }

    private static Verdict<CreatePartitionsRequest, CreatePartitionsResponse> createPartitions(
            Access access, short version, CreatePartitionsRequest request) {
        return Split.<CreatePartitionsTopic>of(
                        request.topics(), topic -> access.may(ALTER, TOPIC, topic.name()))
                .verdict(
                        request,
                        allowed ->
                                new CreatePartitionsRequest(
                                        allowed, request.timeoutMs(), request.validateOnly()),
                        topic -> new CreatePartitionsTopicResult(topic.name(), DENIED, DENIED_TEXT),
                        refused -> new CreatePartitionsResponse(0, refused),
                        (response, refused) ->
                                new CreatePartitionsResponse(
                                        response.throttleTimeMs(),
                                        Split.joined(response.results(), refused)));
    }
}
