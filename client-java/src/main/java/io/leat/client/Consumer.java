package io.leat.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads records.
 *
 * <p>Reads the partitions that it is {@linkplain #assign assigned}. Records are fetched ahead in
 * the background, as many as {@link ConsumerOptions#prefetchBytes} allows, and handed out by {@link
 * #poll}.
 *
 * <p>One thread at a time may use it; only {@link #wakeup} may be called from any. It has one
 * daemon thread of its own.
 *
 * <pre>{@code
 * try (Consumer<byte[], byte[]> consumer = Consumer.connect("localhost:9092")) {
 *     consumer.assign(consumer.partitions("flights"));
 *     consumer.seekToBeginning(consumer.assignment());
 *     for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
 *         handle(record);
 *     }
 * }
 * }</pre>
 */
public interface Consumer<K, V> extends AutoCloseable {
    /**
     * Connects with default options, for keys and values that are bytes.
     *
     * @param bootstrap {@code host:port}, or several separated by commas
     * @throws LeatClientException if no broker answers there
     */
    static Consumer<byte[], byte[]> connect(String bootstrap) {
        return connect(ConsumerOptions.of(bootstrap));
    }

    /**
     * Connects, for keys and values that are bytes.
     *
     * @throws LeatClientException if no broker answers in time
     */
    static Consumer<byte[], byte[]> connect(ConsumerOptions options) {
        return connect(options, Deserializer.bytes(), Deserializer.bytes());
    }

    /**
     * Connects.
     *
     * @throws LeatClientException if no broker answers in time
     */
    static <K, V> Consumer<K, V> connect(
            ConsumerOptions options,
            Deserializer<K> keyDeserializer,
            Deserializer<V> valueDeserializer) {
        Cluster cluster = Cluster.connect("leat-consumer", options.connection(), false);
        return new PollingConsumer<>(cluster, options, keyDeserializer, valueDeserializer);
    }

    /**
     * Reads these partitions and no others. Those that were assigned before keep their positions.
     * Reading starts at the group's committed offset if there is a group id and a commit, else
     * where {@link ConsumerOptions#offsetReset} says, unless {@link #seek} says otherwise.
     */
    void assign(Collection<TopicPartition> partitions);

    /** What is read now. */
    Set<TopicPartition> assignment();

    /**
     * Waits for records and returns some: those that are there already, at most {@link
     * ConsumerOptions#pollRecordsMax}, in the order of each partition.
     *
     * @param timeout how long to wait if there are none
     * @return the records; empty if none came in time or {@link #wakeup} was called
     * @throws BrokerException if a partition cannot be read, such as with {@code
     *     OFFSET_OUT_OF_RANGE} where {@link OffsetReset#NONE} is set; {@link #seek} or {@link
     *     #assign} repair it
     * @throws RecordDeserializationException if the next record cannot be read; the consumer stays
     *     in front of it
     */
    List<ConsumerRecord<K, V>> poll(Duration timeout);

    /** Ends the current call of {@link #poll}, or the next one, at once. Any thread. */
    void wakeup();

    /**
     * Commits the positions: {@link #poll} has returned all in front of them. Waits until it is
     * done.
     */
    void commit();

    /** Commits these offsets, each that of the next record to read. Waits until it is done. */
    void commit(Map<TopicPartition, OffsetAndMetadata> offsets);

    /** What the group has committed in these partitions; those without a commit are left out. */
    Map<TopicPartition, OffsetAndMetadata> committed(Collection<TopicPartition> partitions);

    /** Goes on reading a partition at this offset. */
    void seek(TopicPartition partition, long offset);

    /** Goes on reading these partitions at their first record. */
    void seekToBeginning(Collection<TopicPartition> partitions);

    /** Goes on reading these partitions behind their last record. */
    void seekToEnd(Collection<TopicPartition> partitions);

    /**
     * The offset of the next record that {@link #poll} will return; looked up first where it is not
     * known yet.
     */
    long position(TopicPartition partition);

    /** Returns no records of these partitions until they are {@linkplain #resume resumed}. */
    void pause(Collection<TopicPartition> partitions);

    /** Goes on with partitions that were paused. */
    void resume(Collection<TopicPartition> partitions);

    /** The partitions that are paused. */
    Set<TopicPartition> paused();

    /** The partitions of a topic. */
    List<TopicPartition> partitions(String topic);

    /** The offsets of the first records that are still there. */
    Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions);

    /** The offsets behind the last records that this consumer may see. */
    Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions);

    /**
     * The first records that are not older than these times.
     *
     * @param timestampMillis milliseconds since 1970
     * @return without the partitions that have no such record
     */
    Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> timestampMillis);

    /** Ends reading and the connections. Idempotent. */
    @Override
    void close();
}
