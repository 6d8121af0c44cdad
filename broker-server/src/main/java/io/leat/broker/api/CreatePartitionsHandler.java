package io.leat.broker.api;

import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicException;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.CreatePartitionsRequest;
import io.leat.wire.message.CreatePartitionsRequest.CreatePartitionsAssignment;
import io.leat.wire.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.leat.wire.message.CreatePartitionsResponse;
import io.leat.wire.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Adds partitions to topics. */
public final class CreatePartitionsHandler
        implements ApiHandler<CreatePartitionsRequest, CreatePartitionsResponse> {
    /** The first version whose clients know THROTTLING_QUOTA_EXCEEDED. */
    private static final int STRICT_SINCE = 3;

    private final BrokerIdentity identity;
    private final TopicCatalog topics;
    private final Throttle throttle;
    private final Executor blocking;

    public CreatePartitionsHandler(
            BrokerIdentity identity, TopicCatalog topics, Throttle throttle, Executor blocking) {
        this.identity = identity;
        this.topics = topics;
        this.throttle = throttle;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<CreatePartitionsResponse> handle(
            RequestContext context, CreatePartitionsRequest request) {
        Throttle.Mutations mutations =
                throttle.mutations(context, context.apiVersion() >= STRICT_SINCE);
        return CompletableFuture.supplyAsync(() -> create(request, mutations), blocking);
    }

    private CreatePartitionsResponse create(
            CreatePartitionsRequest request, Throttle.Mutations mutations) {
        Set<String> seen = new HashSet<>();
        Set<String> repeated = new HashSet<>();
        for (CreatePartitionsTopic topic : request.topics()) {
            if (!seen.add(topic.name())) {
                repeated.add(topic.name());
            }
        }
        List<CreatePartitionsTopicResult> results = new ArrayList<>();
        for (CreatePartitionsTopic topic : request.topics()) {
            if (!repeated.contains(topic.name())) {
                results.add(create(topic, request.validateOnly(), mutations));
            }
        }
        for (String name : repeated) {
            results.add(
                    new CreatePartitionsTopicResult(
                            name,
                            ErrorCode.INVALID_REQUEST.code(),
                            "Topic '" + name + "' is named more than once"));
        }
        return new CreatePartitionsResponse(0, results);
    }

    private CreatePartitionsTopicResult create(
            CreatePartitionsTopic asked, boolean validateOnly, Throttle.Mutations mutations) {
        try {
            Topic topic = topics.known(asked.name());
            topics.checkGrowth(topic, asked.count());
            checkAssignments(asked, asked.count() - topic.partitions().size());
            if (!validateOnly) {
                if (!mutations.take(asked.count() - topic.partitions().size())) {
                    throw new TopicException(
                            ErrorCode.THROTTLING_QUOTA_EXCEEDED,
                            ErrorCode.THROTTLING_QUOTA_EXCEEDED.message());
                }
                topics.grow(topic.id(), asked.count());
            }
            return new CreatePartitionsTopicResult(asked.name(), ErrorCode.NONE.code(), null);
        } catch (TopicException e) {
            return new CreatePartitionsTopicResult(asked.name(), e.error().code(), e.getMessage());
        }
    }

    private void checkAssignments(CreatePartitionsTopic asked, int added) {
        List<CreatePartitionsAssignment> assignments = asked.assignments();
        if (assignments == null) {
            return;
        }
        if (assignments.size() != added) {
            throw new TopicException(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    added
                            + " partitions are to be added, and "
                            + assignments.size()
                            + " assignments are given");
        }
        assignments.forEach(
                assignment -> Assignments.check(assignment.brokerIds(), identity.nodeId()));
    }
}
