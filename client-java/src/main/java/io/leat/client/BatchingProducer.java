package io.leat.client;

import io.leat.client.ClusterView.TopicView;
import io.leat.wire.ErrorCode;
import io.leat.wire.record.InvalidBatchException;
import io.leat.wire.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@link Producer} that gathers records in batches; those who call fill them, the {@link Sender}
 * empties them.
 */
final class BatchingProducer<K, V> implements Producer<K, V> {
    private final Cluster cluster;
    private final ProducerOptions options;
    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final MemoryBudget memory;
    private final Sender sender;
    private final Map<TopicPartition, PartitionQueue> queues = new ConcurrentHashMap<>();
    private final Map<String, StickyChoice> choices = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    BatchingProducer(
            Cluster cluster,
            ProducerOptions options,
            Serializer<K> keySerializer,
            Serializer<V> valueSerializer) {
        this(cluster, options, keySerializer, valueSerializer, System::nanoTime);
    }

    BatchingProducer(
            Cluster cluster,
            ProducerOptions options,
            Serializer<K> keySerializer,
            Serializer<V> valueSerializer,
            LongSupplier nanoClock) {
        this.cluster = cluster;
        this.options = options;
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
        this.memory = new MemoryBudget(options.bufferBytes());
        this.sender = new Sender(cluster, options, memory, nanoClock);
        sender.start();
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record) {
        if (closed.get()) {
            throw new IllegalStateException("the producer is closed");
        }
        String topic = record.topic();
        K key = record.key();
        V value = record.value();
        byte[] keyBytes = key == null ? null : keySerializer.serialize(topic, key);
        byte[] valueBytes = value == null ? null : valueSerializer.serialize(topic, value);
        long bytes = sizeBytes(record, keyBytes, valueBytes);
        Deadline deadline = Deadline.after(options.maxBlock());
        TopicView view = topic(record, deadline);
        TopicPartition partition =
                new TopicPartition(topic, choosePartition(record, view, keyBytes, bytes));
        reserve(bytes, deadline);
        return append(partition, record, keyBytes, valueBytes, bytes);
    }

    private long sizeBytes(
            ProducerRecord<K, V> record, byte @Nullable [] key, byte @Nullable [] value) {
        long bytes =
                RecordBatchBuilder.recordSizeBytesMax(
                        key == null ? null : ByteBuffer.wrap(key),
                        value == null ? null : ByteBuffer.wrap(value),
                        record.headers());
        if (bytes + PendingBatch.OVERHEAD_BYTES > options.requestBytesMax()) {
            throw new IllegalArgumentException(
                    "a record of "
                            + bytes
                            + " bytes for "
                            + Requests.subject(record.topic())
                            + " is larger than requestBytesMax allows, "
                            + options.requestBytesMax());
        }
        return bytes;
    }

    private CompletableFuture<RecordMetadata> append(
            TopicPartition partition,
            ProducerRecord<K, V> record,
            byte @Nullable [] key,
            byte @Nullable [] value,
            long bytes) {
        PartitionQueue queue = queues.computeIfAbsent(partition, this::open);
        if (closed.get()) {
            // It may have come to be behind the back of close().
            queue.close();
        }
        long timestamp = record.timestampMillis().orElseGet(System::currentTimeMillis);
        PartitionQueue.Appended appended;
        try {
            appended = queue.append(timestamp, key, value, record.headers(), bytes);
        } catch (RuntimeException e) {
            memory.release(bytes);
            throw e;
        }
        PendingBatch filled = appended.filled();
        if (filled != null) {
            seal(filled);
        }
        if (appended.opened()) {
            sender.wake();
        }
        return appended.future();
    }

    /** Compressed by who filled it: the loop has enough to do. */
    private static void seal(PendingBatch filled) {
        try {
            filled.seal();
        } catch (InvalidBatchException e) {
            // The sender comes to the same, and tells the records' futures.
        }
    }

    private PartitionQueue open(TopicPartition partition) {
        PartitionQueue queue = new PartitionQueue(partition, options);
        sender.add(new PartitionWindow(queue, options));
        return queue;
    }

    private int choosePartition(
            ProducerRecord<K, V> record, TopicView view, byte @Nullable [] key, long bytes) {
        if (record.partition().isPresent()) {
            return record.partition().getAsInt();
        }
        if (key != null) {
            return KeyHash.partition(key, view.partitionCount());
        }
        return choices.computeIfAbsent(
                        record.topic(), name -> new StickyChoice(options.batchBytes()))
                .next(view.leaders(), bytes);
    }

    /** The topic as far as it is known, looked up first if need be. */
    private TopicView topic(ProducerRecord<K, V> record, Deadline deadline) {
        cluster.refreshIfStale();
        Optional<TopicView> known = usable(cluster.view(), record);
        if (known.isPresent()) {
            return known.get();
        }
        String what = "send to " + Requests.subject(record.topic());
        return Blocking.call(
                cluster.loop(),
                deadline,
                what,
                () -> {
                    cluster.track(List.of(record.topic()));
                    return Retry.until(
                            cluster,
                            deadline,
                            what,
                            () ->
                                    cluster.refresh()
                                            .thenApply(view ->
                                                    usable(view, record)
                                                            .orElseThrow(
                                                                    () -> unusable(view, record))));
                });
    }

    private Optional<TopicView> usable(ClusterView view, ProducerRecord<K, V> record) {
        return view.topic(record.topic())
                .filter(topic ->
                        topic.exists() && record.partition().orElse(0) < topic.partitionCount());
    }

    private BrokerException unusable(ClusterView view, ProducerRecord<K, V> record) {
        Optional<TopicView> topic = view.topic(record.topic());
        if (topic.filter(TopicView::exists).isPresent()) {
            return BrokerException.of(
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                    Requests.subject(
                            new TopicPartition(record.topic(), record.partition().orElse(0))),
                    "the topic has " + topic.get().partitionCount() + " partitions");
        }
        ErrorCode error = topic.map(TopicView::error).orElse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        return BrokerException.of(
                error == ErrorCode.NONE ? ErrorCode.LEADER_NOT_AVAILABLE : error,
                Requests.subject(record.topic()),
                null);
    }

    private void reserve(long bytes, Deadline deadline) {
        if (memory.tryReserve(bytes)) {
            return;
        }
        if (cluster.loop().inLoop()) {
            throw new IllegalStateException(
                    full()
                            + " and the producer's own thread, which frees it, must not wait for"
                            + " it; send from another thread");
        }
        // What lingers is to go now.
        cluster.loop().execute(sender::wake);
        try {
            if (!memory.reserve(bytes, deadline)) {
                throw closed.get()
                        ? new IllegalStateException("the producer was closed")
                        : new ClientTimeoutException(
                                full()
                                        + " and "
                                        + bytes
                                        + " bytes did not become free within "
                                        + deadline
                                        + "; send more slowly, or raise bufferBytes or maxBlock",
                                null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientInterruptedException("interrupted while waiting for memory to send", e);
        }
    }

    private String full() {
        return "the producer's memory is full ("
                + memory.usedBytes()
                + " of "
                + memory.totalBytes()
                + " bytes)";
    }

    @Override
    public void flush() {
        Deadline deadline = Deadline.after(longestDelivery());
        Blocking.call(cluster.loop(), deadline, "flush", sender::flush);
    }

    /** A batch whose time is over may still be waited for, as long as a request may take. */
    private Duration longestDelivery() {
        ConnectionOptions connection = options.connection();
        return options.deliveryTimeout()
                .plus(connection.requestTimeout())
                .plus(connection.connectTimeout());
    }

    @Override
    public void close() {
        close(longestDelivery());
    }

    @Override
    public void close(Duration timeout) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        queues.values().forEach(PartitionQueue::close);
        memory.close();
        try {
            if (!timeout.isZero()) {
                Blocking.call(
                        cluster.loop(),
                        Deadline.after(timeout),
                        "deliver all before closing",
                        sender::flush);
            }
        } catch (ClientTimeoutException | ClientInterruptedException e) {
            // Those who sent hear of it through their futures.
        } finally {
            cluster.loop().run(() -> sender.failAll(closedEarly(timeout)));
            cluster.close();
        }
    }

    private static ClientTimeoutException closedEarly(Duration timeout) {
        return new ClientTimeoutException(
                "the producer was closed before the record was delivered, after waiting "
                        + timeout.toMillis()
                        + " ms",
                null);
    }
}
