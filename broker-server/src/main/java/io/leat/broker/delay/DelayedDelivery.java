package io.leat.broker.delay;

import io.leat.broker.api.ApiRegistry;
import io.leat.broker.api.Delays;
import io.leat.broker.api.ProducerIds;
import io.leat.broker.api.TopicMeters;
import io.leat.broker.config.TopicKeys;
import io.leat.broker.coordinator.Time;
import io.leat.broker.erasure.PendingRecords;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicListener;
import io.leat.broker.transaction.PartitionEnds;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import io.leat.storage.api.StorageException;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.LeatCancelDelayedRequest;
import io.leat.wire.message.LeatCancelDelayedResponse;
import io.leat.wire.message.LeatListDelayedRequest;
import io.leat.wire.message.LeatListDelayedResponse;
import io.leat.wire.message.ProduceResponse.PartitionProduceResponse;
import io.leat.wire.record.RecordBatch;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Delayed delivery, as its package draws it. Any thread.
 *
 * <p>Topics that do not have it never come here. The store of pending records is made when the
 * first batch with one comes.
 */
public final class DelayedDelivery implements Delays, PartitionEnds, TopicListener, AutoCloseable {
    /** How many batches may be on their way to the loop. */
    private static final int QUEUED_MAX = 10_000;

    private final Supplier<StateStore> opening;
    private final TopicCatalog topics;
    private final ProducerIds producerIds;
    private final Time time;
    private final Map<LaneId, Lane> lanes = new ConcurrentHashMap<>();
    private final Map<UUID, AtomicLong> pendingByTopic = new ConcurrentHashMap<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final DelayMetrics metrics;
    private final DelayLoop loop;
    private final HandOvers handOvers;
    private final PendingAdmin admin;
    private volatile Optional<StateStore> store = Optional.empty();
    private long producerId = -1;

    /**
     * @param opening opens the store of pending records, and makes it if it is not there
     */
    public DelayedDelivery(
            Supplier<StateStore> opening,
            TopicCatalog topics,
            ProducerIds producerIds,
            TopicMeters topicMeters,
            Time time,
            MeterRegistry meters) {
        this.opening = opening;
        this.topics = topics;
        this.producerIds = producerIds;
        this.time = time;
        this.metrics = new DelayMetrics(meters, lanes::values, time);
        this.loop = new DelayLoop(this::store, time, lanes::values, this::deliver);
        this.handOvers = new HandOvers(loop, this::producerId, topicMeters, metrics, time);
        this.admin = new PendingAdmin(topics, () -> store, lanes::values, loop, metrics);
    }

    /** The pending records, to be erased. */
    public PendingRecords pending() {
        return admin;
    }

    /**
     * Takes up what is pending. Once, when the topics are open and before anybody can append.
     *
     * @param made whether there is a store already
     * @throws StorageException when it cannot be read
     */
    public void open(boolean made) {
        if (made) {
            load(store());
        }
        loop.start();
    }

    private void load(StateStore from) {
        Set<UUID> gone = new HashSet<>();
        byte[] states = {DelayFormat.STATE};
        from.scan(
                states,
                (key, value) -> {
                    LaneId id = DelayFormat.laneOf(key);
                    Optional<Lane> lane = lane(id);
                    lane.ifPresent(known -> known.become(DelayFormat.readState(id, value)));
                    if (lane.isEmpty()) {
                        gone.add(id.topicId());
                    }
                });
        from.scan(
                new byte[] {DelayFormat.HOLD},
                (key, value) ->
                        lane(DelayFormat.laneOf(key))
                                .ifPresent(lane -> {
                                    Hold hold = DelayFormat.readHold(key, value);
                                    lane.holds().put(hold.first(), hold);
                                }));
        from.scan(
                new byte[] {DelayFormat.HAND_OVER},
                (key, value) ->
                        lane(DelayFormat.laneOf(key))
                                .ifPresent(lane ->
                                        handOvers.resume(
                                                lane, DelayFormat.readHandOver(lane.id(), value))));
        gone.forEach(id -> from.write(TopicGone.deletion(id), false));
        lanes.values().forEach(lane -> loop.offer(new Settle(loop, lane)));
    }

    /** Serves the APIs that only Leat has. */
    public void register(ApiRegistry registry, Executor blocking) {
        registry.add(
                        ApiKey.LEAT_LIST_DELAYED,
                        LeatListDelayedRequest.class,
                        LeatListDelayedResponse.class,
                        new ListDelayedHandler(admin, blocking))
                .add(
                        ApiKey.LEAT_CANCEL_DELAYED,
                        LeatCancelDelayedRequest.class,
                        LeatCancelDelayedResponse.class,
                        new CancelDelayedHandler(admin, blocking));
    }

    private synchronized StateStore store() {
        if (store.isEmpty()) {
            store = Optional.of(opening.get());
        }
        return store.get();
    }

    /** On the loop. */
    private long producerId() {
        if (producerId < 0) {
            StateStore from = store();
            producerId =
                    from.get(DelayFormat.PRODUCER)
                            .map(bytes -> ByteBuffer.wrap(bytes).getLong())
                            .orElseGet(() -> {
                                long fresh = freshProducerId();
                                byte[] value =
                                        ByteBuffer.allocate(Long.BYTES).putLong(fresh).array();
                                from.write(
                                        List.of(new Write.Put(DelayFormat.PRODUCER, value)), true);
                                return fresh;
                            });
        }
        return producerId;
    }

    private long freshProducerId() {
        try {
            return producerIds.next().join();
        } catch (CompletionException e) {
            throw new StorageException("no producer id for delayed records", e);
        }
    }

    private void deliver(Lane lane, Round round) {
        handOvers.begin(lane, round);
    }

    /** The lane of a partition that is there. */
    private Optional<Lane> lane(LaneId id) {
        Lane known = lanes.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        return topics.find(id.topicId())
                .flatMap(topic -> topic.partition(id.partition()))
                .map(partition -> makeLane(id, partition));
    }

    private Lane makeLane(LaneId id, Partition partition) {
        AtomicLong pending =
                pendingByTopic.computeIfAbsent(id.topicId(), topic -> new AtomicLong());
        metrics.topic(id.topicId(), partition.id().topic(), pending);
        return lanes.computeIfAbsent(id, made -> new Lane(id, partition, pending));
    }

    private Lane lane(Partition partition) {
        LaneId id = new LaneId(partition.id().topicId(), partition.number());
        Lane known = lanes.get(id);
        if (known != null) {
            return known;
        }
        Lane fresh = makeLane(id, partition);
        // Nothing is known of it in the store, so there is nothing to look for.
        loop.offer(new Settle(loop, fresh));
        return fresh;
    }

    @Override
    public CompletableFuture<PartitionProduceResponse> pass(
            Topic topic, Partition partition, RecordBatch batch, Landing landing) {
        BatchSplit split =
                BatchSplit.of(
                        batch,
                        topic.config().inflatedBytesMax(),
                        time.wallMillis(),
                        topic.config().get(TopicKeys.DELAYED_DELIVERY_HORIZON_MS));
        return switch (split) {
            case BatchSplit.Flawed(var records) ->
                    CompletableFuture.completedFuture(
                            Answers.refused(
                                    partition.number(),
                                    ErrorCode.INVALID_RECORD,
                                    String.valueOf(records.getFirst().batchIndexErrorMessage()),
                                    records));
            case BatchSplit.Whole whole -> passWhole(topic, partition, batch, landing);
            case BatchSplit.Parts parts ->
                    queue(topic, lane(partition), batch, Optional.of(parts), parts.rest(), landing);
        };
    }

    private CompletableFuture<PartitionProduceResponse> passWhole(
            Topic topic, Partition partition, RecordBatch batch, Landing landing) {
        Lane lane = lanes.get(new LaneId(partition.id().topicId(), partition.number()));
        if (lane == null || (lane.queued().get() == 0 && !lane.holdsOf(Sequence.of(batch)))) {
            return landing.land(batch.bytes(), false).thenApply(Landed::response);
        }
        return queue(topic, lane, batch, Optional.empty(), batch.bytes(), landing);
    }

    private CompletableFuture<PartitionProduceResponse> queue(
            Topic topic,
            Lane lane,
            RecordBatch batch,
            Optional<BatchSplit.Parts> parts,
            ByteBuffer rest,
            Landing landing) {
        if (queued.incrementAndGet() > QUEUED_MAX) {
            queued.decrementAndGet();
            return CompletableFuture.completedFuture(
                    Answers.refused(
                            lane.id().partition(),
                            ErrorCode.REQUEST_TIMED_OUT,
                            QUEUED_MAX + " batches with delayed records are on their way already",
                            List.of()));
        }
        Arrival arrival =
                new Arrival(
                        loop,
                        metrics,
                        lane,
                        new Arrival.Sender(Sequence.of(batch), batch.isTransactional()),
                        parts,
                        rest,
                        topic.config().get(TopicKeys.DELAYED_DELIVERY_PENDING_MAX),
                        landing);
        CompletableFuture<PartitionProduceResponse> reply =
                arrival.reply().whenComplete((answer, failure) -> queued.decrementAndGet());
        loop.offer(arrival);
        return reply;
    }

    @Override
    public CompletionStage<ErrorCode> ended(
            UUID topicId, int partition, long producerId, boolean committed) {
        Lane lane = lanes.get(new LaneId(topicId, partition));
        if (lane == null
                || lane.holds().values().stream().noneMatch(hold -> isOf(hold, producerId))) {
            return CompletableFuture.completedFuture(ErrorCode.NONE);
        }
        return LaneRequest.ask(
                        loop,
                        lane,
                        each -> !isLanding(each, producerId),
                        (each, round) -> end(each, producerId, committed, round))
                .exceptionally(failure -> ErrorCode.KAFKA_STORAGE_ERROR);
    }

    private static boolean isOf(Hold hold, long producerId) {
        return hold.transactional() && hold.producer().producerId() == producerId;
    }

    private static boolean isLanding(Lane lane, long producerId) {
        return lane.holds().values().stream()
                .anyMatch(hold -> isOf(hold, producerId) && lane.landing().contains(hold.first()));
    }

    private static ErrorCode end(Lane lane, long producerId, boolean committed, Round round) {
        for (Hold hold : List.copyOf(lane.holds().values())) {
            // One that has not landed came too late for its transaction, and will not land.
            if (!isOf(hold, producerId) || !hold.landed()) {
                continue;
            }
            if (committed) {
                HoldRules.release(lane, hold, round);
            } else {
                HoldRules.drop(lane, hold, round);
            }
        }
        return ErrorCode.NONE;
    }

    private List<Lane> lanesOf(UUID topicId) {
        return lanes.values().stream().filter(lane -> lane.id().topicId().equals(topicId)).toList();
    }

    @Override
    public void deleted(Topic topic) {
        List<Lane> gone = lanesOf(topic.id());
        gone.forEach(lane -> lanes.remove(lane.id()));
        pendingByTopic.remove(topic.id());
        metrics.topicGone(topic.id());
        if (!gone.isEmpty()) {
            loop.offer(new TopicGone(loop, topic.id(), gone));
        }
    }

    /** Stops; what is pending is delivered after the next start. Idempotent. */
    @Override
    public void close() {
        loop.close();
        store.ifPresent(StateStore::close);
    }
}
