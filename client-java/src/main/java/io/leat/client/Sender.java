package io.leat.client;

import io.leat.client.network.Backoff;
import io.leat.client.network.NetworkLoop;
import io.leat.client.network.Outcome;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.InitProducerIdRequest;
import io.leat.wire.message.ProduceRequest;
import io.leat.wire.message.ProduceResponse;
import io.leat.wire.record.InvalidBatchException;
import io.leat.wire.schema.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings batches to the leaders of their partitions: decides what may go, sends it, and deals with
 * the answers. Of the loop, but for {@link #start}, {@link #add} and {@link #wake}.
 */
final class Sender {
    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);
    private static final long NEVER = Long.MAX_VALUE;

    /** What a request has around its batches, generously. */
    private static final int REQUEST_OVERHEAD_BYTES = 512;

    /** Batches for one broker, by partition, in the order in which they joined. */
    private static final class Shipment {
        final Map<PartitionWindow, PendingBatch> batches = new LinkedHashMap<>();
        long bytes = REQUEST_OVERHEAD_BYTES;
    }

    private final Cluster cluster;
    private final NetworkLoop loop;
    private final ProducerOptions options;
    private final MemoryBudget memory;
    private final LongSupplier nanoClock;
    private final List<PartitionWindow> windows = new CopyOnWriteArrayList<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Map<Integer, Integer> inFlightByNode = new HashMap<>();
    private Optional<ProducerIdentity> freshIdentity = Optional.empty();
    private boolean identityAsked;
    private boolean refreshing;
    private int flushes;
    private int firstServed;
    private long timerNanos;
    private NetworkLoop.@Nullable Timer timer;

    /**
     * @param nanoClock as {@link System#nanoTime}
     */
    Sender(Cluster cluster, ProducerOptions options, MemoryBudget memory, LongSupplier nanoClock) {
        this.cluster = cluster;
        this.loop = cluster.loop();
        this.options = options;
        this.memory = memory;
        this.nanoClock = nanoClock;
    }

    /** Gets what the first batch will need, to have it in time. Any thread. */
    void start() {
        if (options.idempotent()) {
            loop.execute(this::askIdentity);
        }
    }

    /** Takes on a partition. Any thread. */
    void add(PartitionWindow window) {
        windows.add(window);
    }

    /** Looks soon for what may be sent. Any thread. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            loop.execute(this::run);
        }
    }

    /**
     * Sends without delay all that is there now; completes when all of it is delivered or has
     * failed.
     */
    CompletableFuture<Void> flush() {
        flushes++;
        List<CompletableFuture<Void>> all = new ArrayList<>();
        windows.forEach(window -> window.unfinished().forEach(batch -> all.add(batch.done())));
        run();
        return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]))
                .whenComplete((done, no) -> flushes--);
    }

    /** Gives up all that is not delivered. */
    void failAll(RuntimeException why) {
        for (PartitionWindow window : windows) {
            window.takeAll().forEach(batch -> finish(batch, () -> batch.fail(why)));
        }
    }

    private void run() {
        woken.set(false);
        windows.forEach(window -> window.takeExpired().forEach(this::expire));
        long now = nanoClock.getAsLong();
        while (sendOnce(now)) {
            now = nanoClock.getAsLong();
        }
        // By the same clock: what was not due then must not be taken for under way.
        scheduleNext(now);
    }

    /** Sends at most one request to each broker; says whether it sent any. */
    private boolean sendOnce(long now) {
        Map<Node, Shipment> shipments = new LinkedHashMap<>();
        int count = windows.size();
        // The start moves on, so that no partition is always the one that finds the request full.
        firstServed = count == 0 ? 0 : (firstServed + 1) % count;
        for (int i = 0; i < count; i++) {
            PartitionWindow window = windows.get((firstServed + i) % count);
            PendingBatch batch = window.peek(now);
            if (batch != null && isDue(window, batch, now) && canNumber(window)) {
                load(shipments, window, batch);
            }
        }
        shipments.values().removeIf(shipment -> shipment.batches.isEmpty());
        shipments.forEach(this::send);
        return !shipments.isEmpty();
    }

    private boolean isDue(PartitionWindow window, PendingBatch batch, long now) {
        return batch.state == PendingBatch.State.RETRY
                || window.queue().hasFull()
                || now - batch.createdNanos() >= options.linger().toNanos()
                || flushes > 0
                || memory.isShort();
    }

    private boolean canNumber(PartitionWindow window) {
        if (!window.needsIdentity()) {
            return true;
        }
        freshIdentity.ifPresent(window::identify);
        if (window.needsIdentity()) {
            freshIdentity = Optional.empty();
            askIdentity();
            return false;
        }
        return true;
    }

    private void load(Map<Node, Shipment> shipments, PartitionWindow window, PendingBatch batch) {
        Optional<Node> leader = cluster.view().leader(window.partition());
        if (leader.isEmpty()) {
            refresh();
            return;
        }
        Node node = leader.get();
        if (inFlightByNode.getOrDefault(node.id(), 0) >= options.inFlightMax()) {
            return;
        }
        Shipment shipment = shipments.computeIfAbsent(node, key -> new Shipment());
        long bytes = window.peekedBytes(batch);
        if (shipment.batches.isEmpty() || shipment.bytes + bytes <= options.requestBytesMax()) {
            try {
                PendingBatch taken = window.take(batch);
                taken.seal();
                shipment.bytes += bytes;
                shipment.batches.put(window, taken);
            } catch (InvalidBatchException e) {
                window.failed(batch);
                giveUp(
                        batch,
                        BrokerException.fatal(
                                ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                                what(window.partition()),
                                e.getMessage()));
                wake();
            }
        }
    }

    private void send(Node node, Shipment shipment) {
        Map<TopicPartition, PendingBatch> byPartition = new HashMap<>();
        shipment.batches.forEach((window, batch) -> byPartition.put(window.partition(), batch));
        List<ProduceRequest.TopicProduceData> topics =
                Requests.byTopic(
                        byPartition.keySet(),
                        byPartition,
                        (number, batch) ->
                                new ProduceRequest.PartitionProduceData(
                                        number, new Payload.OfBuffer(batch.seal())),
                        (name, parts) ->
                                new ProduceRequest.TopicProduceData(name, Requests.NO_ID, parts));
        int timeoutMillis =
                (int) Math.min(Integer.MAX_VALUE, options.connection().requestTimeout().toMillis());
        ProduceRequest request =
                new ProduceRequest(null, options.acks().wire(), timeoutMillis, topics);
        if (options.acks() == Acks.NONE) {
            ProduceResponse nothing = new ProduceResponse(List.of(), 0, List.of());
            Outcome.whenDone(
                    cluster.endpoint(node, Lane.CONTROL)
                            .sendUnanswered(Apis.PRODUCE, request, nothing),
                    (answer, failure) -> unanswered(shipment, failure));
            return;
        }
        inFlightByNode.merge(node.id(), 1, Integer::sum);
        Outcome.whenDone(
                cluster.ask(node, Lane.CONTROL, Apis.PRODUCE, request),
                (answer, failure) -> {
                    inFlightByNode.merge(node.id(), -1, Integer::sum);
                    if (answer != null) {
                        answered(shipment, answer);
                    } else if (failure != null) {
                        shipment.batches.forEach(
                                (window, batch) -> failed(window, batch, Failures.unwrap(failure)));
                    }
                    wake();
                });
    }

    private void unanswered(Shipment shipment, @Nullable Throwable failure) {
        shipment.batches.forEach((window, batch) -> {
            if (failure == null) {
                succeed(window, batch, -1, -1);
            } else {
                failed(window, batch, Failures.unwrap(failure));
            }
        });
        wake();
    }

    private void answered(Shipment shipment, ProduceResponse answer) {
        Map<TopicPartition, ProduceResponse.PartitionProduceResponse> byPartition = new HashMap<>();
        for (ProduceResponse.TopicProduceResponse topic : answer.responses()) {
            for (ProduceResponse.PartitionProduceResponse each : topic.partitionResponses()) {
                byPartition.put(new TopicPartition(topic.name(), each.index()), each);
            }
        }
        shipment.batches.forEach((window, batch) -> {
            ProduceResponse.PartitionProduceResponse mine = byPartition.get(window.partition());
            if (mine == null) {
                String subject = what(window.partition());
                failed(
                        window,
                        batch,
                        BrokerException.fatal(
                                ErrorCode.UNKNOWN_SERVER_ERROR, subject, "no answer"));
            } else {
                answered(window, batch, mine);
            }
        });
    }

    private void answered(
            PartitionWindow window,
            PendingBatch batch,
            ProduceResponse.PartitionProduceResponse answer) {
        if (batch.state == PendingBatch.State.DONE) {
            return;
        }
        ErrorCode error = ErrorCode.of(answer.errorCode());
        switch (error) {
            case NONE, DUPLICATE_SEQUENCE_NUMBER ->
                    succeed(window, batch, answer.baseOffset(), answer.logAppendTimeMs());
            case OUT_OF_ORDER_SEQUENCE_NUMBER, UNKNOWN_PRODUCER_ID ->
                    outOfOrder(window, batch, answer);
            default ->
                    failed(
                            window,
                            batch,
                            BrokerException.of(error, what(window.partition()), why(answer)));
        }
    }

    private static @Nullable String why(ProduceResponse.PartitionProduceResponse answer) {
        if (answer.recordErrors().isEmpty()) {
            return answer.errorMessage();
        }
        ProduceResponse.BatchIndexAndErrorMessage first = answer.recordErrors().get(0);
        return "record " + first.batchIndex() + " of its batch: " + first.batchIndexErrorMessage();
    }

    private void succeed(
            PartitionWindow window, PendingBatch batch, long baseOffset, long appendTimeMillis) {
        window.succeeded(batch);
        finish(batch, () -> batch.succeed(baseOffset, appendTimeMillis));
    }

    private void outOfOrder(
            PartitionWindow window,
            PendingBatch batch,
            ProduceResponse.PartitionProduceResponse answer) {
        ErrorCode error = ErrorCode.of(answer.errorCode());
        BrokerException why = BrokerException.of(error, what(window.partition()), why(answer));
        if (!options.idempotent()) {
            failed(window, batch, why);
        } else if (window.outOfOrder(batch, why, retryAt(batch))) {
            LOG.debug("{} starts its sequence anew: {}", window.partition(), error);
        }
    }

    private void failed(PartitionWindow window, PendingBatch batch, Throwable why) {
        if (batch.state == PendingBatch.State.DONE) {
            return;
        }
        if (Failures.isRetriable(why)) {
            window.retry(batch, why, retryAt(batch));
            refresh();
        } else {
            window.failed(batch);
            giveUp(batch, Failures.toThrow(why, what(batch.partition())));
        }
    }

    private void expire(PendingBatch batch) {
        giveUp(
                batch,
                Failures.timedOut(what(batch.partition()), batch.deadline(), batch.lastFailure));
    }

    private void giveUp(PendingBatch batch, RuntimeException why) {
        LOG.warn("{} records were not delivered: {}", batch.recordCount(), why.getMessage());
        finish(batch, () -> batch.fail(why));
    }

    private void finish(PendingBatch batch, Runnable outcome) {
        memory.release(batch.reservedBytes());
        outcome.run();
    }

    private long retryAt(PendingBatch batch) {
        ConnectionOptions connection = options.connection();
        Duration pause =
                Backoff.delay(
                        batch.attempts, connection.retryBackoff(), connection.retryBackoffMax());
        return nanoClock.getAsLong() + pause.toNanos();
    }

    private static String what(TopicPartition partition) {
        return "send to " + Requests.subject(partition);
    }

    private void refresh() {
        if (!refreshing) {
            refreshing = true;
            Outcome.whenDone(
                    cluster.refresh(),
                    (view, failure) -> {
                        refreshing = false;
                        later(
                                failure == null
                                        ? Duration.ZERO
                                        : options.connection().retryBackoff());
                    });
        }
    }

    private void askIdentity() {
        if (identityAsked) {
            return;
        }
        identityAsked = true;
        InitProducerIdRequest request =
                new InitProducerIdRequest(null, Integer.MAX_VALUE, -1, (short) -1);
        Outcome.whenDone(
                cluster.askAny(Apis.INIT_PRODUCER_ID, request)
                        .thenApply(answer -> {
                            if (answer.errorCode() != ErrorCode.NONE.code()) {
                                throw BrokerException.of(
                                        answer.errorCode(), "get a producer id", null);
                            }
                            return new ProducerIdentity(
                                    answer.producerId(), answer.producerEpoch());
                        }),
                (identity, failure) -> {
                    identityAsked = false;
                    if (failure == null) {
                        freshIdentity = Optional.of(identity);
                        wake();
                    } else {
                        identityRefused(failure);
                    }
                });
    }

    private void identityRefused(Throwable failure) {
        if (Failures.isRetriable(failure)) {
            windows.forEach(
                    window -> window.unfinished().forEach(batch -> batch.lastFailure = failure));
            later(options.connection().retryBackoff());
        } else {
            failAll(Failures.toThrow(failure, "get a producer id"));
        }
    }

    private void later(Duration delay) {
        loop.schedule(delay, this::wake);
    }

    /** Sets the timer for the next thing that happens by time alone. */
    private void scheduleNext(long now) {
        long next = NEVER;
        for (PartitionWindow window : windows) {
            PendingBatch batch = window.nextToExpire();
            if (batch != null) {
                next = Math.min(next, batch.deadline().remainingNanos());
                long due =
                        window.isRecovering()
                                ? window.retryAtNanos() - now
                                : batch.createdNanos() + options.linger().toNanos() - now;
                // What is due already waits for an answer, which wakes the sender.
                next = due > 0 ? Math.min(next, due) : next;
            }
        }
        setTimer(next, now);
    }

    private void setTimer(long delayNanos, long now) {
        if (delayNanos == NEVER) {
            return;
        }
        if (timer != null) {
            // A timer that is early does no harm.
            if (timerNanos - now <= delayNanos) {
                return;
            }
            timer.cancel();
        }
        timerNanos = now + delayNanos;
        timer =
                loop.schedule(
                        Duration.ofNanos(delayNanos),
                        () -> {
                            timer = null;
                            wake();
                        });
    }
}
