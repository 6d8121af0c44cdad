package io.leat.client;

import io.leat.wire.record.RecordHeader;
import io.leat.wire.record.TimestampType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that was read.
 *
 * @param topic where it comes from
 * @param partition where in the topic
 * @param offset its place in the partition
 * @param timestampMillis milliseconds since 1970, or -1 where the producer gave none
 * @param timestampType whose clock that is
 * @param key the key, or null
 * @param value the value, or null
 * @param headers in the producer's order
 */
public record ConsumerRecord<K, V>(
        String topic,
        int partition,
        long offset,
        long timestampMillis,
        TimestampType timestampType,
        @Nullable K key,
        @Nullable V value,
        List<RecordHeader> headers) {

    /** The partition that the record comes from. */
    public TopicPartition topicPartition() {
        return new TopicPartition(topic, partition);
    }
}
