package io.leat.broker.api;

import io.leat.broker.config.TopicKeys;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.DeleteRecordsRequest;
import io.leat.wire.message.DeleteRecordsRequest.DeleteRecordsPartition;
import io.leat.wire.message.DeleteRecordsRequest.DeleteRecordsTopic;
import io.leat.wire.message.DeleteRecordsResponse;
import io.leat.wire.message.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import io.leat.wire.message.DeleteRecordsResponse.DeleteRecordsTopicResult;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Deletes the records of partitions up to an offset (KIP-107). */
public final class DeleteRecordsHandler
        implements ApiHandler<DeleteRecordsRequest, DeleteRecordsResponse> {
    private static final long UP_TO_HIGH_WATERMARK = -1;
    private static final long NONE = -1;

    private final TopicCatalog topics;

    public DeleteRecordsHandler(TopicCatalog topics) {
        this.topics = topics;
    }

    @Override
    public CompletionStage<DeleteRecordsResponse> handle(
            RequestContext context, DeleteRecordsRequest request) {
        return Partitions.all(request.topics(), this::delete)
                .thenApply(deleted -> new DeleteRecordsResponse(0, deleted));
    }

    private CompletableFuture<DeleteRecordsTopicResult> delete(DeleteRecordsTopic asked) {
        Optional<Topic> topic = topics.find(asked.name());
        return Partitions.all(asked.partitions(), partition -> delete(topic, partition))
                .thenApply(deleted -> new DeleteRecordsTopicResult(asked.name(), deleted));
    }

    private static CompletableFuture<DeleteRecordsPartitionResult> delete(
            Optional<Topic> topic, DeleteRecordsPartition asked) {
        Optional<Partition> partition =
                topic.flatMap(found -> found.partition(asked.partitionIndex()));
        if (topic.isEmpty() || partition.isEmpty()) {
            return failed(asked, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (topic.get().internal()) {
            return failed(asked, ErrorCode.INVALID_TOPIC_EXCEPTION);
        }
        if (!topic.get().config().get(TopicKeys.CLEANUP_POLICY).contains("delete")) {
            return failed(asked, ErrorCode.POLICY_VIOLATION);
        }
        long end = partition.get().highWatermark();
        long offset = asked.offset() == UP_TO_HIGH_WATERMARK ? end : asked.offset();
        if (offset < 0 || offset > end) {
            return failed(asked, ErrorCode.OFFSET_OUT_OF_RANGE);
        }
        return partition
                .get()
                .log()
                .trim(offset)
                .handle((bounds, error) ->
                        error == null
                                ? result(asked, bounds.logStart(), ErrorCode.NONE)
                                : result(asked, NONE, ErrorCode.KAFKA_STORAGE_ERROR));
    }

    private static CompletableFuture<DeleteRecordsPartitionResult> failed(
            DeleteRecordsPartition asked, ErrorCode error) {
        return CompletableFuture.completedFuture(result(asked, NONE, error));
    }

    private static DeleteRecordsPartitionResult result(
            DeleteRecordsPartition asked, long lowWatermark, ErrorCode error) {
        return new DeleteRecordsPartitionResult(asked.partitionIndex(), lowWatermark, error.code());
    }
}
