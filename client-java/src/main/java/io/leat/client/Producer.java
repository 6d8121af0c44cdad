package io.leat.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends records.
 *
 * <p>Records gather in a batch for each partition and travel in the background. By default a record
 * counts as delivered when all in-sync replicas have it, is retried until {@link
 * ProducerOptions#deliveryTimeout} is over, and is written once however often it was retried;
 * within a partition the order of {@link #send} is kept.
 *
 * <p>Any thread may use it, several at once. It has one daemon thread of its own, on which its
 * futures complete: what hangs on them must not wait for anything.
 *
 * <pre>{@code
 * try (Producer<byte[], byte[]> producer = Producer.connect("localhost:9092")) {
 *     producer.send("flights", key, value).thenAccept(sent -> log.info("at {}", sent.offset()));
 * }
 * }</pre>
 */
public interface Producer<K, V> extends AutoCloseable {
    /**
     * Connects with default options, for keys and values that are bytes.
     *
     * @param bootstrap {@code host:port}, or several separated by commas
     * @throws LeatClientException if no broker answers there
     */
    static Producer<byte[], byte[]> connect(String bootstrap) {
        return connect(ProducerOptions.of(bootstrap));
    }

    /**
     * Connects, for keys and values that are bytes.
     *
     * @throws LeatClientException if no broker answers in time
     */
    static Producer<byte[], byte[]> connect(ProducerOptions options) {
        return connect(options, Serializer.bytes(), Serializer.bytes());
    }

    /**
     * Connects.
     *
     * @throws LeatClientException if no broker answers in time
     */
    static <K, V> Producer<K, V> connect(
            ProducerOptions options, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        Cluster cluster = Cluster.connect("leat-producer", options.connection(), true);
        return new BatchingProducer<>(cluster, options, keySerializer, valueSerializer);
    }

    /** Sends a record without a key. See {@link #send(ProducerRecord)}. */
    default CompletableFuture<RecordMetadata> send(String topic, @Nullable V value) {
        return send(ProducerRecord.of(topic, value));
    }

    /** Sends a record with a key. See {@link #send(ProducerRecord)}. */
    default CompletableFuture<RecordMetadata> send(
            String topic, @Nullable K key, @Nullable V value) {
        return send(ProducerRecord.of(topic, key, value));
    }

    /**
     * Puts a record into the batch of its partition and returns. Waits first, at most {@link
     * ProducerOptions#maxBlock}, if the topic is not known yet or the memory for records is used
     * up.
     *
     * @return where the record is, once it is delivered; fails with a {@link LeatClientException}
     *     if it was not
     * @throws LeatClientException if the topic is not there or memory did not become free in time
     * @throws IllegalArgumentException if the record alone is larger than {@link
     *     ProducerOptions#requestBytesMax}
     * @throws IllegalStateException if the producer is closed, or the call would have to wait on
     *     the producer's own thread
     */
    CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record);

    /**
     * Sends what has gathered without further delay and waits until all that was handed to {@code
     * send} before is delivered or has failed; their futures tell which.
     */
    void flush();

    /**
     * Closes and waits up to {@link ProducerOptions#deliveryTimeout} for what is on the way.
     * Idempotent.
     */
    @Override
    void close();

    /**
     * Closes and waits that long for what is on the way; what is then not delivered fails. Zero
     * gives up at once. Idempotent.
     */
    void close(Duration timeout);
}
