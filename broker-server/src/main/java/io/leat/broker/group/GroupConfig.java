package io.leat.broker.group;

/**
 * Limits and waits of consumer groups.
 *
 * @param sessionTimeoutMillisMin Kafka's {@code group.min.session.timeout.ms}
 * @param sessionTimeoutMillisMax Kafka's {@code group.max.session.timeout.ms}
 * @param membersMax Kafka's {@code group.max.size}
 * @param initialRebalanceDelayMillis Kafka's {@code group.initial.rebalance.delay.ms}: how long an
 *     empty group waits for more members after the last that came, so that members that start
 *     together are assigned once
 * @param offsetMetadataMax Kafka's {@code offset.metadata.max.bytes}; like Kafka, counted in
 *     characters
 * @param offsetsRetentionMillis Kafka's {@code offsets.retention.minutes}, in ms
 * @param offsetsRetentionCheckMillis Kafka's {@code offsets.retention.check.interval.ms}
 */
public record GroupConfig(
        int sessionTimeoutMillisMin,
        int sessionTimeoutMillisMax,
        int membersMax,
        int initialRebalanceDelayMillis,
        int offsetMetadataMax,
        long offsetsRetentionMillis,
        long offsetsRetentionCheckMillis) {
    /**
     * Kafka's defaults, but for the initial rebalance delay: 100 ms instead of 3 s. Members of one
     * process, or of a test, come within milliseconds of each other; services that start over
     * seconds are not gathered by 3 s either, and a rebalance among few members costs less than
     * every first start being late.
     */
    public static final GroupConfig DEFAULT =
            new GroupConfig(
                    6_000, 1_800_000, Integer.MAX_VALUE, 100, 4_096, 7L * 24 * 3_600_000, 600_000);
}
