package io.leat.broker.cleaning;

import io.leat.broker.api.ApiHandler;
import io.leat.broker.api.RequestContext;
import io.leat.broker.coordinator.Time;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.compaction.cleaning.Dirt;
import io.leat.storage.api.StorageException;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.LeatDescribeCompactionRequest;
import io.leat.wire.message.LeatDescribeCompactionResponse;
import io.leat.wire.message.LeatDescribeCompactionResponse.PartitionCompaction;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Shows how dirty a topic's logs are, and what their last passes of compaction did. */
final class DescribeCompactionHandler
        implements ApiHandler<LeatDescribeCompactionRequest, LeatDescribeCompactionResponse> {
    private final TopicCatalog topics;
    private final Cleaners cleaners;
    private final Time time;
    private final Executor blocking;

    DescribeCompactionHandler(
            TopicCatalog topics, Cleaners cleaners, Time time, Executor blocking) {
        this.topics = topics;
        this.cleaners = cleaners;
        this.time = time;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<LeatDescribeCompactionResponse> handle(
            RequestContext context, LeatDescribeCompactionRequest request) {
        return CompletableFuture.supplyAsync(() -> describe(request.topic()), blocking);
    }

    private LeatDescribeCompactionResponse describe(String name) {
        Optional<Topic> topic = topics.find(name);
        if (topic.isEmpty()) {
            return new LeatDescribeCompactionResponse(
                    0,
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code(),
                    "There is no topic '" + name + "'",
                    List.of());
        }
        if (!topic.get().config().compacted()) {
            return new LeatDescribeCompactionResponse(0, ErrorCode.NONE.code(), null, List.of());
        }
        List<PartitionCompaction> shown =
                topic.get().partitions().stream()
                        .map(partition -> shown(topic.get(), partition))
                        .toList();
        return new LeatDescribeCompactionResponse(0, ErrorCode.NONE.code(), null, shown);
    }

    private PartitionCompaction shown(Topic topic, Partition partition) {
        Optional<PartitionCleaning> log = cleaners.find(topic.id(), partition.number());
        CleaningState state = log.map(PartitionCleaning::state).orElse(CleaningState.NEW);
        Optional<String> problem = log.flatMap(PartitionCleaning::problem);
        Optional<Dirt> dirt = Optional.empty();
        try {
            dirt =
                    Optional.of(
                            Dirt.of(
                                    partition.log(),
                                    PartitionCleaning.policy(topic.config()),
                                    state.point(),
                                    time.wallMillis()));
        } catch (StorageException e) {
            problem = Optional.of(String.valueOf(e.getMessage()));
        }
        return new PartitionCompaction(
                partition.number(),
                log.map(PartitionCleaning::running).orElse(false),
                dirt.map(Dirt::firstDirty).orElse(state.point().offset()),
                dirt.map(Dirt::cleanableEnd).orElse(state.point().offset()),
                dirt.map(Dirt::cleanBytes).orElse(0L),
                dirt.map(Dirt::cleanableBytes).orElse(0L),
                state.endedMillis(),
                state.recordsRemoved(),
                state.bytesFreed(),
                problem.orElse(null));
    }
}
