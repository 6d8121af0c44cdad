package io.leat.broker.group.settings;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.broker.config.GroupBrokerKeys;
import java.util.List;

/**
 * Limits and waits of consumer groups.
 *
 * @param sessionTimeoutMillisMin Kafka's {@code group.min.session.timeout.ms}
 * @param sessionTimeoutMillisMax Kafka's {@code group.max.session.timeout.ms}
 * @param membersMax Kafka's {@code group.max.size}
 * @param consumerMembersMax Kafka's {@code group.consumer.max.size}
 * @param consumerAssignors Kafka's {@code group.consumer.assignors}, the default first
 * @param streamsMembersMax Kafka's {@code group.streams.max.size}
 * @param migration Kafka's {@code group.consumer.migration.policy}
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
        int consumerMembersMax,
        List<String> consumerAssignors,
        int streamsMembersMax,
        MigrationPolicy migration,
        int initialRebalanceDelayMillis,
        int offsetMetadataMax,
        long offsetsRetentionMillis,
        long offsetsRetentionCheckMillis) {
    /** The defaults. */
    public static final GroupConfig DEFAULT = of(BrokerConfig.defaults());

    public static GroupConfig of(BrokerConfig config) {
        return new GroupConfig(
                config.get(BrokerKeys.GROUP_MIN_SESSION_TIMEOUT_MS),
                config.get(BrokerKeys.GROUP_MAX_SESSION_TIMEOUT_MS),
                config.get(BrokerKeys.GROUP_MAX_SIZE),
                config.get(GroupBrokerKeys.CONSUMER_MAX_SIZE),
                config.get(GroupBrokerKeys.CONSUMER_ASSIGNORS),
                config.get(GroupBrokerKeys.STREAMS_MAX_SIZE),
                MigrationPolicy.named(config.get(GroupBrokerKeys.CONSUMER_MIGRATION_POLICY)),
                config.get(BrokerKeys.GROUP_INITIAL_REBALANCE_DELAY_MS),
                config.get(BrokerKeys.OFFSET_METADATA_MAX_BYTES),
                config.get(BrokerKeys.OFFSETS_RETENTION_MINUTES) * 60_000L,
                config.get(BrokerKeys.OFFSETS_RETENTION_CHECK_INTERVAL_MS));
    }
}
