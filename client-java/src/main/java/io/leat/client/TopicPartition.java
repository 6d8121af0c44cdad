package io.leat.client;

import java.util.Comparator;
import java.util.Objects;

/**
 * One partition of a topic.
 *
 * @param topic the topic's name
 * @param partition the partition's number, from 0
 */
public record TopicPartition(String topic, int partition) implements Comparable<TopicPartition> {
    private static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    public TopicPartition {
        Objects.requireNonNull(topic, "topic");
        if (partition < 0) {
            throw new IllegalArgumentException(
                    "partition of topic " + topic + " must be 0 or more: " + partition);
        }
    }

    /** By topic, then by number. */
    @Override
    public int compareTo(TopicPartition other) {
        return ORDER.compare(this, other);
    }

    /** {@code topic-partition}, the form of log lines and file names. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
