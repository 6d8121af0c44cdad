package io.leat.broker.group;

/**
 * How far a group is behind in a partition.
 *
 * @param committed the offset it reads next, as it last said
 * @param highWatermark the end of what it can read
 * @param lag how many offsets lie between the two, 0 or more
 */
public record PartitionLag(
        String topic, int partition, long committed, long highWatermark, long lag) {
    /** A consumer that is set beyond the end is not behind. */
    static PartitionLag between(String topic, int partition, long committed, long highWatermark) {
        long lag = Math.max(0, highWatermark - Math.max(0, committed));
        return new PartitionLag(topic, partition, committed, highWatermark, lag);
    }
}
