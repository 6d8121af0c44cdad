package io.leat.broker.topic;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.ConfigChange;
import io.leat.broker.config.ConfigException;
import io.leat.broker.config.ConfigKey;
import io.leat.broker.config.Nearest;
import io.leat.broker.config.TopicKey;
import io.leat.broker.config.TopicKeys;
import io.leat.storage.api.LogConfig;
import io.leat.wire.ErrorCode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A topic's configuration: what was set on it, over the broker's defaults. Immutable. The values
 * that every append asks for are read once.
 */
public final class TopicConfig {
    private final BrokerConfig broker;
    private final SortedMap<String, String> overrides;
    private final int batchBytesMax;
    private final int inflatedBytesMax;
    private final boolean compacted;
    private final boolean logAppendTime;
    private final long beforeMillisMax;
    private final long afterMillisMax;
    private final boolean delayedDelivery;
    private final LogConfig logConfig;

    /**
     * Checks and joins.
     *
     * @param overrides what is set on the topic, by name
     * @throws TopicException INVALID_CONFIG, naming the first key that is unknown or whose value is
     *     not valid
     */
    public TopicConfig(BrokerConfig broker, Map<String, String> overrides) {
        this.broker = broker;
        this.overrides = Collections.unmodifiableSortedMap(new TreeMap<>(overrides));
        this.overrides.forEach(TopicConfig::check);
        batchBytesMax = get(TopicKeys.MAX_MESSAGE_BYTES);
        inflatedBytesMax = get(TopicKeys.MAX_DECOMPRESSED_MESSAGE_BYTES);
        compacted = get(TopicKeys.CLEANUP_POLICY).contains("compact");
        logAppendTime = get(TopicKeys.MESSAGE_TIMESTAMP_TYPE).equals("LogAppendTime");
        beforeMillisMax = get(TopicKeys.MESSAGE_TIMESTAMP_BEFORE_MAX_MS);
        afterMillisMax = get(TopicKeys.MESSAGE_TIMESTAMP_AFTER_MAX_MS);
        delayedDelivery = get(TopicKeys.DELAYED_DELIVERY);
        logConfig =
                new LogConfig(
                        get(TopicKeys.SEGMENT_BYTES),
                        segmentMillis(),
                        get(TopicKeys.SEGMENT_JITTER_MS),
                        get(TopicKeys.INDEX_INTERVAL_BYTES),
                        get(TopicKeys.SEGMENT_INDEX_BYTES),
                        logAppendTime
                                ? LogConfig.TimestampType.LOG_APPEND_TIME
                                : LogConfig.TimestampType.CREATE_TIME);
    }

    /** A record must be sealed in time for {@code max.compaction.lag.ms} to be kept. */
    private long segmentMillis() {
        long millis = get(TopicKeys.SEGMENT_MS);
        return compacted ? Math.min(millis, get(TopicKeys.MAX_COMPACTION_LAG_MS)) : millis;
    }

    /** What is set on the topic, by name. */
    public SortedMap<String, String> overrides() {
        return overrides;
    }

    /** The value that holds: the topic's own, or the broker's default. */
    public <T> T get(TopicKey<T> key) {
        String override = overrides.get(key.name());
        return override == null ? key.resolve(broker) : key.key().parse(override);
    }

    /** The value that holds, as text. */
    public <T> String text(TopicKey<T> key) {
        String override = overrides.get(key.name());
        return override == null ? key.key().format(key.resolve(broker)) : override;
    }

    /** The largest record batch, in bytes. */
    public int batchBytesMax() {
        return batchBytesMax;
    }

    /** The largest size of a batch's records once decompressed, in bytes. */
    public int inflatedBytesMax() {
        return inflatedBytesMax;
    }

    /** Whether records need a key. */
    public boolean compacted() {
        return compacted;
    }

    /** Whether records get the time of their append. */
    public boolean logAppendTime() {
        return logAppendTime;
    }

    /** How far a record's time may lie before now. */
    public long beforeMillisMax() {
        return beforeMillisMax;
    }

    /** How far a record's time may lie after now. */
    public long afterMillisMax() {
        return afterMillisMax;
    }

    /** Whether records may ask to be delivered later. */
    public boolean delayedDelivery() {
        return delayedDelivery;
    }

    /** What the topic's logs need to know. */
    public LogConfig logConfig() {
        return logConfig;
    }

    /** The broker's configuration that gives the defaults. */
    public BrokerConfig broker() {
        return broker;
    }

    /** The same overrides over other defaults. */
    TopicConfig over(BrokerConfig newBroker) {
        return new TopicConfig(newBroker, overrides);
    }

    /**
     * This configuration with changes.
     *
     * @throws TopicException INVALID_CONFIG
     */
    public TopicConfig with(List<ConfigChange> changes) {
        try {
            return new TopicConfig(
                            broker,
                            ConfigChange.apply(
                                    overrides,
                                    changes,
                                    name -> key(name).key(),
                                    name -> text(key(name))))
                    .coherent();
        } catch (ConfigException e) {
            throw new TopicException(ErrorCode.INVALID_CONFIG, String.valueOf(e.getMessage()));
        }
    }

    /**
     * This configuration, when its values fit each other. Not asked of topics that are there
     * already: the broker's defaults may have moved under them.
     *
     * @throws TopicException INVALID_CONFIG
     */
    TopicConfig coherent() {
        long min = get(TopicKeys.MIN_COMPACTION_LAG_MS);
        long max = get(TopicKeys.MAX_COMPACTION_LAG_MS);
        if (min > max) {
            throw new TopicException(
                    ErrorCode.INVALID_CONFIG,
                    "%s=%d is above %s=%d"
                            .formatted(
                                    TopicKeys.MIN_COMPACTION_LAG_MS.name(),
                                    min,
                                    TopicKeys.MAX_COMPACTION_LAG_MS.name(),
                                    max));
        }
        return this;
    }

    private static void check(String name, String value) {
        ConfigKey<?> key = key(name).key();
        try {
            key.parse(value);
        } catch (ConfigException e) {
            throw new TopicException(ErrorCode.INVALID_CONFIG, String.valueOf(e.getMessage()));
        }
    }

    private static TopicKey<?> key(String name) {
        return TopicKeys.find(name)
                .orElseThrow(() ->
                        new TopicException(
                                ErrorCode.INVALID_CONFIG,
                                "Unknown topic config name: "
                                        + name
                                        + Nearest.to(name, TopicKeys.all().keySet())
                                                .map(near -> "; did you mean " + near + "?")
                                                .orElse("")));
    }
}
