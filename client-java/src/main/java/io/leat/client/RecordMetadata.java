package io.leat.client;

/**
 * Where a sent record is.
 *
 * @param topic its topic
 * @param partition its partition
 * @param offset its place in the partition, or -1 if {@link Acks#NONE} was asked for
 * @param timestampMillis its timestamp: the record's own, or the broker's on a topic that sets
 *     {@code message.timestamp.type=LogAppendTime}
 */
public record RecordMetadata(String topic, int partition, long offset, long timestampMillis) {
    /** The partition that holds the record. */
    public TopicPartition topicPartition() {
        return new TopicPartition(topic, partition);
    }
}
