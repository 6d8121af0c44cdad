package io.leat.broker.config;

import static io.leat.broker.config.ConfigKey.bool;
import static io.leat.broker.config.ConfigKey.choice;
import static io.leat.broker.config.ConfigKey.integer;
import static io.leat.broker.config.ConfigKey.longInteger;
import static io.leat.broker.config.ConfigKey.string;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Every group config of Apache Kafka 4.4, with its defaults and ranges. */
public final class GroupKeys {
    private static final int INT_MAX = Integer.MAX_VALUE;
    private static final String BY_DURATION = "by_duration:";
    private static final Map<String, GroupKey<?>> ALL = new TreeMap<>();

    /** How long a member may be silent, and how often it is to be heard of. */
    public record Pulse(
            GroupKey<Integer> sessionTimeoutMs,
            GroupKey<Integer> heartbeatIntervalMs,
            GroupKey<Integer> assignmentIntervalMs) {}

    public static final Pulse CONSUMER = pulse("consumer", GroupBrokerKeys.CONSUMER);
    public static final Pulse SHARE = pulse("share", GroupBrokerKeys.SHARE);
    public static final Pulse STREAMS = pulse("streams", GroupBrokerKeys.STREAMS);

    public static final GroupKey<String> SHARE_AUTO_OFFSET_RESET =
            add(
                    GroupKey.of(
                            string(
                                            "share.auto.offset.reset",
                                            "latest",
                                            "Where a share group begins in a partition that it has"
                                                    + " not read: the end, the beginning, or what"
                                                    + " was written in a time before now.")
                                    .readBy(
                                            "latest, earliest, or by_duration:PnDTnHnMn.nS",
                                            GroupKeys::readReset)));

    public static final GroupKey<String> SHARE_ISOLATION_LEVEL =
            add(
                    GroupKey.of(
                            choice(
                                    "share.isolation.level",
                                    "read_uncommitted",
                                    List.of("read_uncommitted", "read_committed"),
                                    "Whether a share group sees records of transactions that are"
                                            + " open or aborted.")));

    public static final GroupKey<Boolean> SHARE_RENEW_ACKNOWLEDGE_ENABLE =
            add(
                    GroupKey.of(
                            bool(
                                    "share.renew.acknowledge.enable",
                                    true,
                                    "Whether members may prolong the time for which they hold a"
                                            + " record.")));

    public static final GroupKey<Integer> SHARE_DELIVERY_COUNT_LIMIT =
            add(
                    GroupKey.of(
                                    integer(
                                            "share.delivery.count.limit",
                                            5,
                                            2,
                                            INT_MAX,
                                            "How often a record is given to members."),
                                    GroupBrokerKeys.SHARE_DELIVERY_COUNT_LIMIT)
                            .between(
                                    GroupBrokerKeys.SHARE_MIN_DELIVERY_COUNT_LIMIT,
                                    GroupBrokerKeys.SHARE_MAX_DELIVERY_COUNT_LIMIT));

    public static final GroupKey<Integer> SHARE_RECORD_LOCK_DURATION_MS =
            add(
                    GroupKey.of(
                                    integer(
                                            "share.record.lock.duration.ms",
                                            30_000,
                                            1_000,
                                            INT_MAX,
                                            "How long a member may hold a record."),
                                    GroupBrokerKeys.SHARE_RECORD_LOCK_DURATION_MS)
                            .between(
                                    GroupBrokerKeys.SHARE_MIN_RECORD_LOCK_DURATION_MS,
                                    GroupBrokerKeys.SHARE_MAX_RECORD_LOCK_DURATION_MS));

    public static final GroupKey<Integer> SHARE_PARTITION_MAX_RECORD_LOCKS =
            add(
                    GroupKey.of(
                                    integer(
                                            "share.partition.max.record.locks",
                                            2_000,
                                            100,
                                            INT_MAX,
                                            "How many records of a partition members may hold."),
                                    GroupBrokerKeys.SHARE_PARTITION_MAX_RECORD_LOCKS)
                            .between(
                                    GroupBrokerKeys.SHARE_MIN_PARTITION_MAX_RECORD_LOCKS,
                                    GroupBrokerKeys.SHARE_MAX_PARTITION_MAX_RECORD_LOCKS));

    public static final GroupKey<String> DEAD_LETTER_TOPIC =
            add(
                    GroupKey.of(
                            string(
                                    "errors.deadletterqueue.topic.name",
                                    "",
                                    "Where a share group's records go that were rejected, or"
                                        + " delivered as often as they may be. Empty: nowhere.")));

    public static final GroupKey<Boolean> DEAD_LETTER_COPY =
            add(
                    GroupKey.of(
                            bool(
                                    "errors.deadletterqueue.copy.record.enable",
                                    true,
                                    "Whether the record itself goes to the dead-letter topic, or"
                                            + " only headers that say which it was. Kafka's false"
                                            + " leaves little once the topic has lost it.")));

    public static final GroupKey<Integer> STREAMS_NUM_STANDBY_REPLICAS =
            add(
                    GroupKey.of(
                                    integer(
                                            "streams.num.standby.replicas",
                                            0,
                                            0,
                                            INT_MAX,
                                            "How many members keep a copy of a task's state"
                                                    + " without running it."),
                                    GroupBrokerKeys.STREAMS_NUM_STANDBY_REPLICAS)
                            .atMost(GroupBrokerKeys.STREAMS_MAX_STANDBY_REPLICAS));

    public static final GroupKey<Integer> STREAMS_NUM_WARMUP_REPLICAS =
            add(
                    GroupKey.of(
                                    integer(
                                            "streams.num.warmup.replicas",
                                            2,
                                            0,
                                            INT_MAX,
                                            "How many tasks at once have their state built up"
                                                    + " where they are to move."),
                                    GroupBrokerKeys.STREAMS_NUM_WARMUP_REPLICAS)
                            .atMost(GroupBrokerKeys.STREAMS_MAX_WARMUP_REPLICAS));

    public static final GroupKey<Integer> STREAMS_INITIAL_REBALANCE_DELAY_MS =
            add(
                    GroupKey.of(
                            integer(
                                    "streams.initial.rebalance.delay.ms",
                                    100,
                                    0,
                                    INT_MAX,
                                    "How long the group waits for more members when it is empty."),
                            GroupBrokerKeys.STREAMS_INITIAL_REBALANCE_DELAY_MS));

    public static final GroupKey<Long> STREAMS_ACCEPTABLE_RECOVERY_LAG =
            add(
                    GroupKey.of(
                            longInteger(
                                    "streams.acceptable.recovery.lag",
                                    10_000,
                                    0,
                                    "How far the copy of a task's state may be behind to count as"
                                            + " caught up, in records."),
                            GroupBrokerKeys.STREAMS_ACCEPTABLE_RECOVERY_LAG));

    public static final GroupKey<Integer> STREAMS_TASK_OFFSET_INTERVAL_MS =
            add(
                    GroupKey.of(
                                    integer(
                                            "streams.task.offset.interval.ms",
                                            60_000,
                                            1,
                                            INT_MAX,
                                            "How often members tell how far their tasks are."),
                                    GroupBrokerKeys.STREAMS_TASK_OFFSET_INTERVAL_MS)
                            .atLeast(GroupBrokerKeys.STREAMS_MIN_TASK_OFFSET_INTERVAL_MS));

    private GroupKeys() {}

    /** Every key by name, in order. */
    public static Map<String, GroupKey<?>> all() {
        return Collections.unmodifiableMap(ALL);
    }

    public static Optional<GroupKey<?>> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    private static <T> GroupKey<T> add(GroupKey<T> key) {
        GroupKey<?> before = ALL.put(key.name(), key);
        assert before == null : "declared twice: " + key.name();
        return key;
    }

    private static Pulse pulse(String type, GroupBrokerKeys.Pulse broker) {
        return new Pulse(
                add(
                        millis(
                                        type + ".session.timeout.ms",
                                        1,
                                        "How long a member may be silent before it is taken out.",
                                        broker.sessionTimeoutMs())
                                .between(
                                        broker.minSessionTimeoutMs(),
                                        broker.maxSessionTimeoutMs())),
                add(
                        millis(
                                        type + ".heartbeat.interval.ms",
                                        1,
                                        "How often members are told to be heard of.",
                                        broker.heartbeatIntervalMs())
                                .between(
                                        broker.minHeartbeatIntervalMs(),
                                        broker.maxHeartbeatIntervalMs())),
                add(
                        millis(
                                        type + ".assignment.interval.ms",
                                        0,
                                        "How long to gather changes of members before assigning"
                                                + " anew.",
                                        broker.assignmentIntervalMs())
                                .between(
                                        broker.minAssignmentIntervalMs(),
                                        broker.maxAssignmentIntervalMs())));
    }

    private static GroupKey<Integer> millis(
            String name, int min, String documentation, ConfigKey<Integer> broker) {
        return GroupKey.of(
                integer(name, broker.defaultValue(), min, INT_MAX, documentation), broker);
    }

    private static String readReset(String text) {
        if (text.equals("latest") || text.equals("earliest")) {
            return text;
        }
        String wanted = "expected latest, earliest, or by_duration:PnDTnHnMn.nS";
        if (!text.startsWith(BY_DURATION)) {
            throw new IllegalArgumentException(wanted);
        }
        try {
            if (Duration.parse(text.substring(BY_DURATION.length())).isNegative()) {
                throw new IllegalArgumentException("the duration must not be negative");
            }
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(wanted, e);
        }
        return text;
    }
}
