package io.leat.broker.config;

import static io.leat.broker.config.ConfigKey.choice;
import static io.leat.broker.config.ConfigKey.integer;
import static io.leat.broker.config.ConfigKey.list;
import static io.leat.broker.config.ConfigKey.longInteger;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The broker's keys for groups whose partitions the broker assigns: Apache Kafka 4.4's, with its
 * defaults. They are part of {@link BrokerKeys}.
 */
public final class GroupBrokerKeys {
    private static final int INT_MAX = Integer.MAX_VALUE;
    private static final Map<String, ConfigKey<?>> ALL = new LinkedHashMap<>();

    /** How long a member may be silent, what groups may ask for, and how often it is heard of. */
    public record Pulse(
            ConfigKey<Integer> sessionTimeoutMs,
            ConfigKey<Integer> minSessionTimeoutMs,
            ConfigKey<Integer> maxSessionTimeoutMs,
            ConfigKey<Integer> heartbeatIntervalMs,
            ConfigKey<Integer> minHeartbeatIntervalMs,
            ConfigKey<Integer> maxHeartbeatIntervalMs,
            ConfigKey<Integer> assignmentIntervalMs,
            ConfigKey<Integer> minAssignmentIntervalMs,
            ConfigKey<Integer> maxAssignmentIntervalMs) {}

    public static final Pulse CONSUMER = pulse("consumer");
    public static final Pulse SHARE = pulse("share");
    public static final Pulse STREAMS = pulse("streams");

    public static final ConfigKey<Integer> CONSUMER_MAX_SIZE = maxSize("consumer", INT_MAX);
    public static final ConfigKey<Integer> SHARE_MAX_SIZE = maxSize("share", 200);
    public static final ConfigKey<Integer> STREAMS_MAX_SIZE = maxSize("streams", INT_MAX);

    public static final ConfigKey<List<String>> CONSUMER_ASSIGNORS =
            add(
                    list(
                            "group.consumer.assignors",
                            List.of("uniform", "range"),
                            GroupBrokerKeys::readAssignor,
                            "uniform, range, or both",
                            "How the broker may deal partitions out to the members of consumer"
                                    + " groups; the first is used where members have no wish."));

    public static final ConfigKey<String> CONSUMER_MIGRATION_POLICY =
            add(
                    choice(
                            "group.consumer.migration.policy",
                            "bidirectional",
                            List.of("bidirectional", "upgrade", "downgrade", "disabled"),
                            "Whether a group with members moves between the classic and the"
                                    + " consumer protocol when members of the other one come"
                                    + " (upgrade) or the last of the new one goes (downgrade)."));

    public static final ConfigKey<Integer> CONSUMER_REGEX_REFRESH_INTERVAL_MS =
            add(
                    integer(
                            "group.consumer.regex.refresh.interval.ms",
                            600_000,
                            10_000,
                            INT_MAX,
                            "Kept for Kafka's sake: Leat looks for topics that match as soon as"
                                    + " topics come or go."));

    public static final ConfigKey<Integer> SHARE_DELIVERY_COUNT_LIMIT =
            add(
                    integer(
                            "group.share.delivery.count.limit",
                            5,
                            2,
                            10,
                            "How often a record is given to members of a share group."));

    public static final ConfigKey<Integer> SHARE_MIN_DELIVERY_COUNT_LIMIT =
            add(
                    integer(
                            "group.share.min.delivery.count.limit",
                            2,
                            2,
                            5,
                            "The least that a share group may set."));

    public static final ConfigKey<Integer> SHARE_MAX_DELIVERY_COUNT_LIMIT =
            add(
                    integer(
                            "group.share.max.delivery.count.limit",
                            10,
                            5,
                            25,
                            "The most that a share group may set."));

    public static final ConfigKey<Integer> SHARE_RECORD_LOCK_DURATION_MS =
            add(
                    integer(
                            "group.share.record.lock.duration.ms",
                            30_000,
                            1_000,
                            3_600_000,
                            "How long a member of a share group may hold a record."));

    public static final ConfigKey<Integer> SHARE_MIN_RECORD_LOCK_DURATION_MS =
            add(
                    integer(
                            "group.share.min.record.lock.duration.ms",
                            15_000,
                            1_000,
                            30_000,
                            "The shortest that a share group may set."));

    public static final ConfigKey<Integer> SHARE_MAX_RECORD_LOCK_DURATION_MS =
            add(
                    integer(
                            "group.share.max.record.lock.duration.ms",
                            60_000,
                            30_000,
                            3_600_000,
                            "The longest that a share group may set."));

    public static final ConfigKey<Integer> SHARE_PARTITION_MAX_RECORD_LOCKS =
            add(
                    integer(
                            "group.share.partition.max.record.locks",
                            2_000,
                            100,
                            10_000,
                            "How many records of a partition the members of a share group may"
                                    + " hold."));

    public static final ConfigKey<Integer> SHARE_MIN_PARTITION_MAX_RECORD_LOCKS =
            add(
                    integer(
                            "group.share.min.partition.max.record.locks",
                            100,
                            1,
                            10_000,
                            "The least that a share group may set."));

    public static final ConfigKey<Integer> SHARE_MAX_PARTITION_MAX_RECORD_LOCKS =
            add(
                    integer(
                            "group.share.max.partition.max.record.locks",
                            4_000,
                            100,
                            10_000,
                            "The most that a share group may set."));

    public static final ConfigKey<Integer> STREAMS_NUM_STANDBY_REPLICAS =
            add(
                    integer(
                            "group.streams.num.standby.replicas",
                            0,
                            0,
                            INT_MAX,
                            "How many members keep a copy of a task's state without running it."));

    public static final ConfigKey<Integer> STREAMS_MAX_STANDBY_REPLICAS =
            add(
                    integer(
                            "group.streams.max.standby.replicas",
                            2,
                            0,
                            INT_MAX,
                            "The most that a streams group may set."));

    public static final ConfigKey<Integer> STREAMS_NUM_WARMUP_REPLICAS =
            add(
                    integer(
                            "group.streams.num.warmup.replicas",
                            2,
                            0,
                            INT_MAX,
                            "How many tasks at once have their state built up where they are to"
                                    + " move."));

    public static final ConfigKey<Integer> STREAMS_MAX_WARMUP_REPLICAS =
            add(
                    integer(
                            "group.streams.max.warmup.replicas",
                            20,
                            0,
                            INT_MAX,
                            "The most that a streams group may set."));

    public static final ConfigKey<Integer> STREAMS_INITIAL_REBALANCE_DELAY_MS =
            add(
                    integer(
                            "group.streams.initial.rebalance.delay.ms",
                            100,
                            0,
                            INT_MAX,
                            "How long an empty streams group waits for more members. Kafka's 3000"
                                    + " makes every first start late."));

    public static final ConfigKey<Long> STREAMS_ACCEPTABLE_RECOVERY_LAG =
            add(
                    longInteger(
                            "group.streams.acceptable.recovery.lag",
                            10_000,
                            0,
                            "How far the copy of a task's state may be behind to count as caught"
                                    + " up, in records."));

    public static final ConfigKey<Integer> STREAMS_TASK_OFFSET_INTERVAL_MS =
            add(
                    integer(
                            "group.streams.task.offset.interval.ms",
                            60_000,
                            1,
                            INT_MAX,
                            "How often members of streams groups tell how far their tasks are."));

    public static final ConfigKey<Integer> STREAMS_MIN_TASK_OFFSET_INTERVAL_MS =
            add(
                    integer(
                            "group.streams.min.task.offset.interval.ms",
                            15_000,
                            1,
                            INT_MAX,
                            "The least that a streams group may set."));

    private GroupBrokerKeys() {}

    /** Every key by name, in the order of declaration. */
    static Map<String, ConfigKey<?>> all() {
        return Collections.unmodifiableMap(ALL);
    }

    private static <T> ConfigKey<T> add(ConfigKey<T> key) {
        ALL.put(key.name(), key);
        return key;
    }

    private static Pulse pulse(String type) {
        String of = " of " + type + " groups";
        return new Pulse(
                millis(
                        type,
                        "session.timeout",
                        45_000,
                        1,
                        "How long a member may be silent before it is taken out, by default" + of),
                millis(type, "min.session.timeout", 45_000, 1, "The shortest session timeout" + of),
                millis(type, "max.session.timeout", 60_000, 1, "The longest session timeout" + of),
                millis(
                        type,
                        "heartbeat.interval",
                        5_000,
                        1,
                        "How often members are told to be heard of, by default" + of),
                millis(
                        type,
                        "min.heartbeat.interval",
                        5_000,
                        1,
                        "The shortest heartbeat interval" + of),
                millis(
                        type,
                        "max.heartbeat.interval",
                        15_000,
                        1,
                        "The longest heartbeat interval" + of),
                millis(
                        type,
                        "assignment.interval",
                        0,
                        0,
                        "How long to gather changes of members before assigning anew, by default"
                                + of
                                + ". Kafka's 1000 lets newcomers wait; assigning takes little"),
                millis(
                        type,
                        "min.assignment.interval",
                        0,
                        0,
                        "The shortest assignment interval" + of),
                millis(
                        type,
                        "max.assignment.interval",
                        15_000,
                        0,
                        "The longest assignment interval" + of));
    }

    private static ConfigKey<Integer> millis(
            String type, String what, int defaultMillis, int min, String documentation) {
        return add(
                integer(
                        "group." + type + "." + what + ".ms",
                        defaultMillis,
                        min,
                        INT_MAX,
                        documentation + "."));
    }

    private static ConfigKey<Integer> maxSize(String type, int max) {
        return add(
                integer(
                        "group." + type + ".max.size",
                        max,
                        1,
                        INT_MAX,
                        "How many members one of the " + type + " groups may have."));
    }

    private static String readAssignor(String name) {
        if (!name.equals("uniform") && !name.equals("range")) {
            throw new IllegalArgumentException("expected uniform or range, not '" + name + "'");
        }
        return name;
    }
}
