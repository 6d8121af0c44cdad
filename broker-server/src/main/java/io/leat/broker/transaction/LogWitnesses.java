package io.leat.broker.transaction;

import io.leat.broker.coordinator.Time;
import io.leat.broker.group.Groups;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.TopicCatalog;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.Durability;
import io.leat.wire.ErrorCode;
import io.leat.wire.record.TransactionMarker;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The broker's partitions and groups. */
final class LogWitnesses implements Witnesses {
    private static final Logger LOG = LoggerFactory.getLogger(LogWitnesses.class);

    private final TopicCatalog topics;
    private final Groups groups;
    private final PartitionEnds ends;
    private final Time time;

    /**
     * @param ends hears of every marker that was appended
     */
    LogWitnesses(TopicCatalog topics, Groups groups, PartitionEnds ends, Time time) {
        this.topics = topics;
        this.groups = groups;
        this.ends = ends;
        this.time = time;
    }

    @Override
    public CompletionStage<ErrorCode> mark(Place place, TransactionMarker marker) {
        Optional<Partition> partition =
                topics.find(place.topicId()).flatMap(topic -> topic.partition(place.partition()));
        if (partition.isEmpty()) {
            return CompletableFuture.completedFuture(ErrorCode.NONE);
        }
        return append(partition.get(), marker, time.wallMillis())
                .thenApply(error -> {
                    if (error == ErrorCode.INVALID_PRODUCER_EPOCH) {
                        LOG.warn(
                                "{} knows a newer epoch of producer {} than {}: its transaction"
                                        + " has ended there",
                                place,
                                marker.producerId(),
                                marker.producerEpoch());
                        return ErrorCode.NONE;
                    }
                    return error;
                })
                .thenCompose(error -> tell(error, partition.get(), marker, ends));
    }

    /** Where a marker was appended, tells of it; else leaves it at the error. */
    static CompletionStage<ErrorCode> tell(
            ErrorCode error, Partition partition, TransactionMarker marker, PartitionEnds ends) {
        return error == ErrorCode.NONE
                ? ends.ended(
                        partition.id().topicId(),
                        partition.number(),
                        marker.producerId(),
                        marker.committed())
                : CompletableFuture.completedFuture(error);
    }

    /** Appends a marker, forced. */
    static CompletionStage<ErrorCode> append(
            Partition partition, TransactionMarker marker, long nowMillis) {
        return partition
                .log()
                .append(marker.batch(nowMillis), Durability.FORCED)
                .thenApply(LogWitnesses::error);
    }

    private static ErrorCode error(AppendOutcome outcome) {
        return switch (outcome) {
            case AppendOutcome.Appended appended -> ErrorCode.NONE;
            case AppendOutcome.Duplicate duplicate -> ErrorCode.NONE;
            case AppendOutcome.Refused refused ->
                    switch (refused.reason()) {
                        case STALE_PRODUCER_EPOCH -> ErrorCode.INVALID_PRODUCER_EPOCH;
                        case OVERLOADED -> ErrorCode.REQUEST_TIMED_OUT;
                        case CLOSED -> ErrorCode.NOT_LEADER_OR_FOLLOWER;
                        default -> ErrorCode.KAFKA_STORAGE_ERROR;
                    };
        };
    }

    @Override
    public CompletionStage<ErrorCode> endOffsets(
            String groupId, long producerId, boolean committed) {
        return groups.endTransaction(groupId, producerId, committed);
    }
}
