package io.leat.broker.api;

import io.leat.broker.partition.Partition;
import io.leat.broker.topic.TopicCatalog;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.TimedOffset;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ListOffsetsRequest;
import io.leat.wire.message.ListOffsetsRequest.ListOffsetsPartition;
import io.leat.wire.message.ListOffsetsRequest.ListOffsetsTopic;
import io.leat.wire.message.ListOffsetsResponse;
import io.leat.wire.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.leat.wire.message.ListOffsetsResponse.ListOffsetsTopicResponse;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds offsets: by a record's timestamp, or by one of the negative numbers that stand for a place
 * in the log. All records are local here, so what asks for a remote tier finds nothing in it.
 */
public final class ListOffsetsHandler
        implements ApiHandler<ListOffsetsRequest, ListOffsetsResponse> {
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;

    /** From which version on each of them may be asked for. */
    private static final Map<Long, Integer> SINCE =
            Map.of(
                    LATEST, 1,
                    EARLIEST, 1,
                    MAX_TIMESTAMP, 7,
                    EARLIEST_LOCAL, 8,
                    LATEST_TIERED, 9,
                    EARLIEST_PENDING_UPLOAD, 11);

    private static final long NONE = -1;
    private static final int LEADER_EPOCHS_SINCE = 4;
    private static final byte READ_COMMITTED = 1;

    private final TopicCatalog topics;

    public ListOffsetsHandler(TopicCatalog topics) {
        this.topics = topics;
    }

    @Override
    public CompletionStage<ListOffsetsResponse> handle(
            RequestContext context, ListOffsetsRequest request) {
        Set<Place> repeated = repeated(request);
        return Partitions.all(request.topics(), topic -> find(context, request, topic, repeated))
                .thenApply(found -> new ListOffsetsResponse(0, found));
    }

    private CompletableFuture<ListOffsetsTopicResponse> find(
            RequestContext context,
            ListOffsetsRequest request,
            ListOffsetsTopic topic,
            Set<Place> repeated) {
        return Partitions.all(
                        topic.partitions(),
                        partition ->
                                repeated.contains(place(topic, partition))
                                        ? failed(partition, ErrorCode.INVALID_REQUEST)
                                        : find(context, request.isolationLevel(), topic, partition))
                .thenApply(found -> new ListOffsetsTopicResponse(topic.name(), found));
    }

    private CompletableFuture<ListOffsetsPartitionResponse> find(
            RequestContext context,
            byte isolationLevel,
            ListOffsetsTopic topic,
            ListOffsetsPartition asked) {
        Optional<Partition> partition =
                topics.find(topic.name()).flatMap(found -> found.partition(asked.partitionIndex()));
        if (partition.isEmpty()) {
            return failed(asked, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (asked.currentLeaderEpoch() > Partition.LEADER_EPOCH) {
            return failed(asked, ErrorCode.UNKNOWN_LEADER_EPOCH);
        }
        long timestamp = asked.timestamp();
        if (timestamp < 0
                && context.apiVersion() < SINCE.getOrDefault(timestamp, Integer.MAX_VALUE)) {
            return failed(asked, ErrorCode.UNSUPPORTED_VERSION);
        }
        return lookUp(partition.get(), isolationLevel, timestamp)
                .handle((found, error) ->
                        error == null
                                ? answer(context, asked, found)
                                : answer(asked, ErrorCode.KAFKA_STORAGE_ERROR));
    }

    private static CompletableFuture<Optional<TimedOffset>> lookUp(
            Partition partition, byte isolationLevel, long timestamp) {
        Isolation isolation =
                isolationLevel == READ_COMMITTED
                        ? Isolation.READ_COMMITTED
                        : Isolation.READ_UNCOMMITTED;
        long end = partition.log().bounds().readEnd(isolation);
        if (timestamp >= 0) {
            return before(end, partition.log().offsetForTime(timestamp));
        }
        if (timestamp == MAX_TIMESTAMP) {
            return before(end, partition.log().maxTimestamp());
        }
        if (timestamp == LATEST) {
            return at(end);
        }
        if (timestamp == EARLIEST || timestamp == EARLIEST_LOCAL) {
            return at(partition.log().bounds().logStart());
        }
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /** What is found counts only where it can be read. */
    private static CompletableFuture<Optional<TimedOffset>> before(
            long end, CompletableFuture<Optional<TimedOffset>> found) {
        return found.thenApply(place -> place.filter(offset -> offset.offset() < end));
    }

    private static CompletableFuture<Optional<TimedOffset>> at(long offset) {
        return CompletableFuture.completedFuture(Optional.of(new TimedOffset(offset, NONE)));
    }

    private static ListOffsetsPartitionResponse answer(
            RequestContext context, ListOffsetsPartition asked, Optional<TimedOffset> found) {
        int leaderEpoch =
                context.apiVersion() >= LEADER_EPOCHS_SINCE ? Partition.LEADER_EPOCH : (int) NONE;
        return found.map(place ->
                        new ListOffsetsPartitionResponse(
                                asked.partitionIndex(),
                                ErrorCode.NONE.code(),
                                place.timestampMillis(),
                                place.offset(),
                                leaderEpoch))
                .orElseGet(() -> answer(asked, ErrorCode.NONE));
    }

    private static CompletableFuture<ListOffsetsPartitionResponse> failed(
            ListOffsetsPartition asked, ErrorCode error) {
        return CompletableFuture.completedFuture(answer(asked, error));
    }

    private static ListOffsetsPartitionResponse answer(
            ListOffsetsPartition asked, ErrorCode error) {
        return new ListOffsetsPartitionResponse(
                asked.partitionIndex(), error.code(), NONE, NONE, (int) NONE);
    }

    private record Place(String topic, int partition) {}

    private static Place place(ListOffsetsTopic topic, ListOffsetsPartition partition) {
        return new Place(topic.name(), partition.partitionIndex());
    }

    /** Partitions that are asked for more than once, which Kafka does not allow. */
    private static Set<Place> repeated(ListOffsetsRequest request) {
        Set<Place> seen = new HashSet<>();
        Set<Place> repeated = new HashSet<>();
        for (ListOffsetsTopic topic : request.topics()) {
            for (ListOffsetsPartition partition : topic.partitions()) {
                if (!seen.add(place(topic, partition))) {
                    repeated.add(place(topic, partition));
                }
            }
        }
        return repeated;
    }
}
