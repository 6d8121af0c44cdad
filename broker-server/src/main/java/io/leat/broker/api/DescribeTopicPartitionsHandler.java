package io.leat.broker.api;

import io.leat.broker.access.Access;
import io.leat.broker.access.Operation;
import io.leat.broker.access.ResourceType;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicName;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.DescribeTopicPartitionsRequest;
import io.leat.wire.message.DescribeTopicPartitionsRequest.TopicRequest;
import io.leat.wire.message.DescribeTopicPartitionsResponse;
import io.leat.wire.message.DescribeTopicPartitionsResponse.Cursor;
import io.leat.wire.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition;
import io.leat.wire.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Describes partitions page by page, in the order of topic names (KIP-966). */
public final class DescribeTopicPartitionsHandler
        implements ApiHandler<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse> {

    private final BrokerIdentity identity;
    private final TopicCatalog topics;
    private final int pageMax;

    public DescribeTopicPartitionsHandler(
            BrokerIdentity identity, BrokerConfig config, TopicCatalog topics) {
        this.identity = identity;
        this.topics = topics;
        this.pageMax = config.get(BrokerKeys.MAX_REQUEST_PARTITION_SIZE_LIMIT);
    }

    @Override
    public CompletionStage<DescribeTopicPartitionsResponse> handle(
            RequestContext context, DescribeTopicPartitionsRequest request) {
        return CompletableFuture.completedFuture(describe(context.access(), request));
    }

    private DescribeTopicPartitionsResponse describe(
            Access access, DescribeTopicPartitionsRequest request) {
        DescribeTopicPartitionsRequest.Cursor cursor = request.cursor();
        String firstTopic = cursor == null ? "" : cursor.topicName();
        int firstPartition = cursor == null ? 0 : cursor.partitionIndex();
        boolean all = request.topics().isEmpty();
        NavigableSet<String> names = new TreeSet<>();
        if (all) {
            topics.all().stream()
                    .map(Topic::name)
                    .filter(name -> access.sees(Operation.DESCRIBE, ResourceType.TOPIC, name))
                    .forEach(names::add);
        } else {
            request.topics().forEach(topic -> names.add(topic.name()));
        }
        boolean cursorElsewhere = !all && cursor != null && !names.contains(firstTopic);
        if (cursorElsewhere || firstPartition < 0) {
            return refused(request);
        }
        int room = Math.clamp(request.responsePartitionLimit(), 1, pageMax);
        List<DescribeTopicPartitionsResponseTopic> page = new ArrayList<>();
        Cursor next = null;
        for (String name : names.tailSet(firstTopic, true)) {
            Optional<Topic> topic = topics.find(name);
            if (room == 0) {
                next = new Cursor(name, 0);
                break;
            }
            if (topic.isEmpty()) {
                if (!all) {
                    page.add(unknown(name));
                }
                continue;
            }
            int from = name.equals(firstTopic) ? firstPartition : 0;
            int count = topic.get().partitions().size();
            int to = (int) Math.min(count, (long) from + room);
            page.add(described(access, topic.get(), from, to));
            room -= Math.max(0, to - from);
            if (to < count) {
                next = new Cursor(name, to);
                break;
            }
        }
        return new DescribeTopicPartitionsResponse(0, page, next);
    }

    private DescribeTopicPartitionsResponseTopic described(
            Access access, Topic topic, int from, int to) {
        List<DescribeTopicPartitionsResponsePartition> partitions = new ArrayList<>();
        List<Integer> replicas = List.of(identity.nodeId());
        for (int number = from; number < to; number++) {
            partitions.add(
                    new DescribeTopicPartitionsResponsePartition(
                            ErrorCode.NONE.code(),
                            number,
                            identity.nodeId(),
                            Partition.LEADER_EPOCH,
                            replicas,
                            replicas,
                            List.of(),
                            List.of(),
                            List.of()));
        }
        return new DescribeTopicPartitionsResponseTopic(
                ErrorCode.NONE.code(),
                topic.name(),
                topic.id(),
                topic.internal(),
                partitions,
                AuthorizedOperations.onTopic(access, topic.name()));
    }

    private static DescribeTopicPartitionsResponseTopic unknown(String name) {
        ErrorCode error =
                TopicName.flaw(name).isPresent()
                        ? ErrorCode.INVALID_TOPIC_EXCEPTION
                        : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        return failed(error, name);
    }

    private static DescribeTopicPartitionsResponse refused(DescribeTopicPartitionsRequest request) {
        return new DescribeTopicPartitionsResponse(
                0,
                request.topics().stream()
                        .map(TopicRequest::name)
                        .map(name -> failed(ErrorCode.INVALID_REQUEST, name))
                        .toList(),
                null);
    }

    private static DescribeTopicPartitionsResponseTopic failed(ErrorCode error, String name) {
        return new DescribeTopicPartitionsResponseTopic(
                error.code(),
                name,
                TopicIds.NONE,
                false,
                List.of(),
                AuthorizedOperations.NOT_ASKED);
    }
}
