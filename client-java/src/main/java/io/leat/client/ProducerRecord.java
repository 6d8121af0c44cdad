package io.leat.client;

import io.leat.wire.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A record to be sent.
 *
 * @param topic where it goes
 * @param partition where in the topic; empty leaves the choice to the producer: by the hash of the
 *     key, or, without a key, to any partition
 * @param key what groups records, or null; records of the same key keep their order
 * @param value the content, or null, which on a compacted topic removes the key
 * @param timestampMillis milliseconds since 1970; empty for the time of {@link Producer#send}
 * @param headers names and bytes that travel along, in this order
 */
public record ProducerRecord<K, V>(
        String topic,
        OptionalInt partition,
        @Nullable K key,
        @Nullable V value,
        OptionalLong timestampMillis,
        List<RecordHeader> headers) {

    public ProducerRecord {
        Objects.requireNonNull(topic, "topic");
        if (partition.isPresent() && partition.getAsInt() < 0) {
            throw new IllegalArgumentException(
                    "partition must be 0 or more: " + partition.getAsInt());
        }
        if (timestampMillis.isPresent() && timestampMillis.getAsLong() < 0) {
            throw new IllegalArgumentException(
                    "timestampMillis must be 0 or more: " + timestampMillis.getAsLong());
        }
        headers = List.copyOf(headers);
    }

    /** A record with a key. */
    public static <K, V> ProducerRecord<K, V> of(String topic, @Nullable K key, @Nullable V value) {
        return new ProducerRecord<>(
                topic, OptionalInt.empty(), key, value, OptionalLong.empty(), List.of());
    }

    /** A record without a key. */
    public static <K, V> ProducerRecord<K, V> of(String topic, @Nullable V value) {
        return of(topic, null, value);
    }

    /** This record, for that partition. */
    public ProducerRecord<K, V> withPartition(int number) {
        return new ProducerRecord<>(
                topic, OptionalInt.of(number), key, value, timestampMillis, headers);
    }

    /** This record, at that time. */
    public ProducerRecord<K, V> withTimestampMillis(long millis) {
        return new ProducerRecord<>(topic, partition, key, value, OptionalLong.of(millis), headers);
    }

    /** This record with one more header. */
    public ProducerRecord<K, V> withHeader(String name, byte @Nullable [] content) {
        List<RecordHeader> more = new ArrayList<>(headers);
        more.add(new RecordHeader(name, content == null ? null : ByteBuffer.wrap(content)));
        return new ProducerRecord<>(topic, partition, key, value, timestampMillis, more);
    }
}
