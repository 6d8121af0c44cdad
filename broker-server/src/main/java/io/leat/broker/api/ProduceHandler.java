package io.leat.broker.api;

import io.leat.broker.api.Delays.Landed;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.Durability;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ProduceRequest;
import io.leat.wire.message.ProduceRequest.PartitionProduceData;
import io.leat.wire.message.ProduceRequest.TopicProduceData;
import io.leat.wire.message.ProduceResponse;
import io.leat.wire.message.ProduceResponse.PartitionProduceResponse;
import io.leat.wire.message.ProduceResponse.TopicProduceResponse;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.schema.Payload;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Appends record batches, each checked before a byte of it is written. With {@code acks=-1} the
 * answer says that the batches are on disk, with {@code acks=1} that they are written, and with
 * {@code acks=0} there is no answer: an error closes the connection, so that the client notices.
 *
 * <p>The batches are slices of the network's frame, which therefore stays until every append has
 * completed.
 */
public final class ProduceHandler implements ApiHandler<ProduceRequest, ProduceResponse> {
    private static final short ACKS_ALL = -1;
    private static final short ACKS_LEADER = 1;
    private static final short ACKS_NONE = 0;

    /** The first version that names topics by id. */
    private static final int IDS_SINCE = 13;

    private final TopicCatalog topics;
    private final TransactionGate transactions;
    private final Delays delays;
    private final TopicMeters meters;
    private final Throttle throttle;
    private final InstantSource clock;

    public ProduceHandler(
            TopicCatalog topics,
            TransactionGate transactions,
            Delays delays,
            TopicMeters meters,
            Throttle throttle,
            InstantSource clock) {
        this.topics = topics;
        this.transactions = transactions;
        this.delays = delays;
        this.meters = meters;
        this.throttle = throttle;
        this.clock = clock;
    }

    @Override
    public boolean replies(ProduceRequest request) {
        return request.acks() != ACKS_NONE;
    }

    @Override
    public CompletionStage<ProduceResponse> handle(RequestContext context, ProduceRequest request) {
        throttle.produced(context, bytes(request));
        List<CompletableFuture<PartitionProduceResponse>> appends = new ArrayList<>(1);
        for (TopicProduceData data : request.topicData()) {
            Optional<Topic> topic = find(context, data);
            for (PartitionProduceData partition : data.partitionData()) {
                appends.add(appendOrFail(context, request, topic, partition));
            }
        }
        CompletableFuture<?> all =
                appends.size() == 1
                        ? appends.getFirst()
                        : CompletableFuture.allOf(appends.toArray(CompletableFuture[]::new));
        return all.thenApply(done -> response(request, appends));
    }

    private static long bytes(ProduceRequest request) {
        long bytes = 0;
        for (TopicProduceData topic : request.topicData()) {
            for (PartitionProduceData partition : topic.partitionData()) {
                Payload records = partition.records();
                bytes += records == null ? 0 : records.bytes().remaining();
            }
        }
        return bytes;
    }

    private Optional<Topic> find(RequestContext context, TopicProduceData data) {
        return context.apiVersion() >= IDS_SINCE
                ? topics.find(data.topicId())
                : topics.find(data.name());
    }

    /**
     * What fails here must not end the request before its other appends end: they read the frame.
     */
    private CompletableFuture<PartitionProduceResponse> appendOrFail(
            RequestContext context,
            ProduceRequest request,
            Optional<Topic> topic,
            PartitionProduceData data) {
        try {
            return append(context, request, topic, data);
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<PartitionProduceResponse> append(
            RequestContext context,
            ProduceRequest request,
            Optional<Topic> topic,
            PartitionProduceData data) {
        short acks = request.acks();
        if (acks != ACKS_ALL && acks != ACKS_LEADER && acks != ACKS_NONE) {
            return refused(data, ErrorCode.INVALID_REQUIRED_ACKS, "acks must be -1, 0 or 1");
        }
        Optional<Partition> partition = topic.flatMap(found -> found.partition(data.index()));
        if (topic.isEmpty() || partition.isEmpty()) {
            ErrorCode error =
                    topic.isEmpty() && context.apiVersion() >= IDS_SINCE
                            ? ErrorCode.UNKNOWN_TOPIC_ID
                            : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            return refused(data, error, error.message());
        }
        ByteBuffer bytes = data.records() == null ? ByteBuffer.allocate(0) : data.records().bytes();
        RecordBatch batch = RecordBatch.of(bytes);
        ProducedBatch.Verdict verdict =
                ProducedBatch.check(batch, topic.get().config(), clock.millis());
        if (verdict instanceof ProducedBatch.Refused flaw) {
            return CompletableFuture.completedFuture(flaw.response(data.index()));
        }
        Partition to = partition.get();
        String transactionalId = request.transactionalId();
        if (batch.isTransactional() && transactionalId == null) {
            return refused(
                    data,
                    ErrorCode.INVALID_TXN_STATE,
                    "a transactional batch comes without a transactional id");
        }
        Durability durability = acks == ACKS_ALL ? Durability.FORCED : Durability.WRITTEN;
        Entrance entrance =
                new Entrance(to, topic.get().name(), batch, transactionalId, context.apiVersion());
        if (topic.get().config().delayedDelivery()) {
            return delays.pass(
                    topic.get(),
                    to,
                    batch,
                    (rest, forced) ->
                            enter(
                                    entrance,
                                    new Landing(
                                            rest,
                                            RecordBatch.of(rest).recordCount(),
                                            forced ? Durability.FORCED : durability),
                                    Landed::new));
        }
        return enter(
                entrance,
                new Landing(bytes, batch.recordCount(), durability),
                (response, appended) -> response);
    }

    /** Where a batch goes, and who sends it. */
    private record Entrance(
            Partition partition,
            String topic,
            RecordBatch batch,
            @Nullable String transactionalId,
            short apiVersion) {}

    /** What of a batch is appended, and how. */
    private record Landing(ByteBuffer bytes, int records, Durability durability) {}

    /** What is made of an append's end. */
    private interface Telling<R> {
        R of(PartitionProduceResponse response, boolean appended);
    }

    private <R> CompletableFuture<R> enter(Entrance entrance, Landing landing, Telling<R> telling) {
        String transactionalId = entrance.transactionalId();
        if (!entrance.batch().isTransactional() || transactionalId == null) {
            return append(entrance, landing, telling);
        }
        int index = entrance.partition().number();
        return transactions.pass(
                new TransactionGate.Entrant(
                        transactionalId,
                        entrance.batch().producerId(),
                        entrance.batch().producerEpoch(),
                        entrance.partition().id().topicId(),
                        entrance.topic(),
                        index,
                        entrance.apiVersion()),
                () -> append(entrance, landing, telling),
                error -> telling.of(ProducedBatch.refused(index, error, error.message()), false));
    }

    private <R> CompletableFuture<R> append(
            Entrance entrance, Landing landing, Telling<R> telling) {
        Partition partition = entrance.partition();
        int sizeBytes = landing.bytes().remaining();
        return partition
                .log()
                .append(landing.bytes(), landing.durability())
                .thenApply(outcome -> {
                    boolean appended = outcome instanceof AppendOutcome.Appended;
                    if (appended) {
                        meters.produced(entrance.topic(), sizeBytes, landing.records());
                    }
                    return telling.of(answer(partition.number(), outcome), appended);
                });
    }

    private static PartitionProduceResponse answer(int index, AppendOutcome outcome) {
        return switch (outcome) {
            case AppendOutcome.Appended(long base, long last, long time, long start) ->
                    ProducedBatch.accepted(index, base, time, start);
            case AppendOutcome.Duplicate(long base, long last, long time, long start) ->
                    ProducedBatch.accepted(index, base, time, start);
            case AppendOutcome.Refused(AppendOutcome.Refusal reason, String message) ->
                    ProducedBatch.refused(index, code(reason), message);
        };
    }

    private static ErrorCode code(AppendOutcome.Refusal reason) {
        return switch (reason) {
            case OUT_OF_ORDER_SEQUENCE -> ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER;
            case DUPLICATE_SEQUENCE -> ErrorCode.DUPLICATE_SEQUENCE_NUMBER;
            case STALE_PRODUCER_EPOCH -> ErrorCode.INVALID_PRODUCER_EPOCH;
            case BATCH_TOO_LARGE -> ErrorCode.RECORD_LIST_TOO_LARGE;
            case CORRUPT -> ErrorCode.CORRUPT_MESSAGE;
            // Both are worth another try, the second after a look at the metadata.
            case OVERLOADED -> ErrorCode.REQUEST_TIMED_OUT;
            case CLOSED -> ErrorCode.NOT_LEADER_OR_FOLLOWER;
            case STORAGE_FAILED -> ErrorCode.KAFKA_STORAGE_ERROR;
        };
    }

    private static CompletableFuture<PartitionProduceResponse> refused(
            PartitionProduceData data, ErrorCode error, String message) {
        return CompletableFuture.completedFuture(
                ProducedBatch.refused(data.index(), error, message));
    }

    private static ProduceResponse response(
            ProduceRequest request, List<CompletableFuture<PartitionProduceResponse>> appends) {
        List<TopicProduceResponse> answered = new ArrayList<>(request.topicData().size());
        int next = 0;
        for (TopicProduceData topic : request.topicData()) {
            List<PartitionProduceResponse> partitions =
                    new ArrayList<>(topic.partitionData().size());
            for (int count = topic.partitionData().size(); count > 0; count--) {
                partitions.add(appends.get(next++).join());
            }
            answered.add(new TopicProduceResponse(topic.name(), topic.topicId(), partitions));
            if (request.acks() == ACKS_NONE) {
                partitions.forEach(partition -> closeOnError(topic, partition));
            }
        }
        return new ProduceResponse(answered, 0, List.of());
    }

    private static void closeOnError(TopicProduceData topic, PartitionProduceResponse partition) {
        if (partition.errorCode() != ErrorCode.NONE.code()) {
            throw new CloseConnection(
                    "a batch sent with acks=0 to %s-%d failed with %s"
                            .formatted(
                                    topic.name().isEmpty() ? topic.topicId() : topic.name(),
                                    partition.index(),
                                    ErrorCode.of(partition.errorCode())));
        }
    }
}
