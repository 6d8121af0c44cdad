package io.leat.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Reads records.
 *
 * <p>Reads the partitions that its group gives it when it {@linkplain #subscribe subscribes}, or
 * those that it is {@linkplain #assign assigned} by hand. Records are fetched ahead in the
 * background, as many as {@link ConsumerOptions#prefetchBytes} allows, and handed out by {@link
 * #poll}.
 *
 * <p>One thread at a time may use it; only {@link #wakeup} may be called from any. It has one
 * daemon thread of its own.
 *
 * <pre>{@code
 * ConsumerOptions options = ConsumerOptions.builder("localhost:9092").groupId("dashboard").build();
 * try (Consumer<byte[], byte[]> consumer = Consumer.connect(options)) {
 *     consumer.subscribe(List.of("flights"));
 *     while (running) {
 *         for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
 *             handle(record);
 *         }
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
     * Joins the group and reads what it gives. See {@link #subscribe(Collection,
     * RebalanceListener)}.
     */
    void subscribe(Collection<String> topics);

    /**
     * Joins the group and reads what it gives of these topics, instead of those that were
     * subscribed to before. The joining, and the calls of the listener, happen within {@link
     * #poll}, which therefore has to be called at least every {@link
     * ConsumerOptions#maxPollInterval}.
     *
     * @throws IllegalStateException if the options have no group id, or partitions are assigned by
     *     hand
     */
    void subscribe(Collection<String> topics, RebalanceListener listener);

    /** What is subscribed to. */
    Set<String> subscription();

    /**
     * Commits if that is automatic, leaves the group or drops what was assigned by hand, and reads
     * nothing.
     */
    void unsubscribe();

    /**
     * Reads these partitions and no others. Those that were assigned before keep their positions.
     * Reading starts at the group's committed offset if there is a group id and a commit, else
     * where {@link ConsumerOptions#offsetReset} says, unless {@link #seek} says otherwise.
     *
     * @throws IllegalStateException if the consumer subscribes
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
     * @throws LeatClientException if the group refuses this member; the next call tries again
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

    /**
     * Commits the positions in the background. The future completes on the consumer's own thread.
     */
    CompletableFuture<Void> commitAsync();

    /**
     * Commits these offsets in the background. The future completes on the consumer's own thread.
     */
    CompletableFuture<Void> commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets);

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

    /**
     * Commits if that is automatic, leaves the group and ends the connections; waits at most 10
     * seconds. Idempotent.
     */
    @Override
    void close();

    /** As {@link #close()}, but waits that long for the group's coordinator. */
    void close(Duration timeout);
}
