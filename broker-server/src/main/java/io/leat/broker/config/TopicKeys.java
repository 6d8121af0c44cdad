package io.leat.broker.config;

import static io.leat.broker.config.ConfigKey.bool;
import static io.leat.broker.config.ConfigKey.choice;
import static io.leat.broker.config.ConfigKey.fraction;
import static io.leat.broker.config.ConfigKey.integer;
import static io.leat.broker.config.ConfigKey.list;
import static io.leat.broker.config.ConfigKey.longInteger;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Every topic config of Apache Kafka 4.4, with its defaults and ranges. Those that Leat does not
 * act on are accepted, checked and kept, and their documentation says so.
 */
public final class TopicKeys {
    private static final String INERT = " Kept, and without effect on this broker.";
    private static final int INT_MAX = Integer.MAX_VALUE;
    private static final Pattern REPLICA = Pattern.compile("\\d+:\\d+|\\*");

    private static final Map<String, TopicKey<?>> ALL = new LinkedHashMap<>();

    public static final TopicKey<List<String>> CLEANUP_POLICY =
            add(
                    TopicKey.of(
                            list(
                                    "cleanup.policy",
                                    List.of("delete"),
                                    TopicKeys::readPolicy,
                                    "compact, delete, or both",
                                    "What happens to old segments: delete drops them by age and"
                                        + " size, compact keeps the last value of each key. Records"
                                        + " of compacted topics need a key."),
                            "log.cleanup.policy"));

    public static final TopicKey<String> COMPRESSION_TYPE =
            add(
                    TopicKey.of(
                            choice(
                                    "compression.type",
                                    "producer",
                                    List.of(
                                            "uncompressed",
                                            "zstd",
                                            "lz4",
                                            "snappy",
                                            "gzip",
                                            "producer"),
                                    "How batches are stored. Leat keeps the producer's compression"
                                            + " whatever this says."),
                            "compression.type"));

    public static final TopicKey<Integer> SEGMENT_BYTES =
            add(
                    TopicKey.of(
                            integer(
                                    "segment.bytes",
                                    1 << 30,
                                    1 << 20,
                                    INT_MAX,
                                    "The size at which a segment is rolled."),
                            "log.segment.bytes"));

    public static final TopicKey<Long> SEGMENT_MS =
            add(
                    TopicKey.ofTime(
                            longInteger(
                                    "segment.ms",
                                    604_800_000L,
                                    1,
                                    "The age at which a segment is rolled."),
                            "log.roll"));

    public static final TopicKey<Long> SEGMENT_JITTER_MS =
            add(
                    TopicKey.of(
                            longInteger(
                                    "segment.jitter.ms",
                                    0,
                                    0,
                                    "Spreads the rolling of segments by age: up to so much"
                                            + " earlier."),
                            "log.roll.jitter.ms"));

    public static final TopicKey<Integer> SEGMENT_INDEX_BYTES =
            add(
                    TopicKey.of(
                            integer(
                                    "segment.index.bytes",
                                    10 << 20,
                                    4,
                                    INT_MAX,
                                    "The largest size of a segment's offset index."),
                            "log.index.size.max.bytes"));

    public static final TopicKey<Integer> INDEX_INTERVAL_BYTES =
            add(
                    TopicKey.of(
                            integer(
                                    "index.interval.bytes",
                                    4096,
                                    0,
                                    INT_MAX,
                                    "How many bytes of records one index entry stands for."),
                            "log.index.interval.bytes"));

    public static final TopicKey<Integer> MAX_MESSAGE_BYTES =
            add(
                    TopicKey.of(
                            integer(
                                    "max.message.bytes",
                                    1_048_588,
                                    0,
                                    INT_MAX,
                                    "The largest record batch, as compressed by the producer."),
                            "message.max.bytes"));

    public static final TopicKey<Integer> MAX_DECOMPRESSED_MESSAGE_BYTES =
            add(
                    TopicKey.of(
                            integer(
                                    "max.decompressed.message.bytes",
                                    INT_MAX - 8,
                                    1,
                                    INT_MAX - 8,
                                    "The largest size of a batch's records once decompressed."),
                            "max.decompressed.message.bytes"));

    public static final TopicKey<String> MESSAGE_TIMESTAMP_TYPE =
            add(
                    TopicKey.of(
                            choice(
                                    "message.timestamp.type",
                                    "CreateTime",
                                    List.of("CreateTime", "LogAppendTime"),
                                    "Whether records carry the producer's time or the time of the"
                                            + " append."),
                            "log.message.timestamp.type"));

    public static final TopicKey<Long> MESSAGE_TIMESTAMP_BEFORE_MAX_MS =
            add(
                    TopicKey.of(
                            longInteger(
                                    "message.timestamp.before.max.ms",
                                    Long.MAX_VALUE,
                                    0,
                                    "How far a record's CreateTime may lie before the broker's"
                                            + " clock."),
                            "log.message.timestamp.before.max.ms"));

    public static final TopicKey<Long> MESSAGE_TIMESTAMP_AFTER_MAX_MS =
            add(
                    TopicKey.of(
                            longInteger(
                                    "message.timestamp.after.max.ms",
                                    3_600_000L,
                                    0,
                                    "How far a record's CreateTime may lie after the broker's"
                                            + " clock."),
                            "log.message.timestamp.after.max.ms"));

    public static final TopicKey<Long> RETENTION_MS =
            add(
                    TopicKey.ofTime(
                            longInteger(
                                    "retention.ms",
                                    604_800_000L,
                                    -1,
                                    "How long records are kept; -1 keeps them for ever."),
                            "log.retention"));

    public static final TopicKey<Long> RETENTION_BYTES =
            add(
                    TopicKey.of(
                            longInteger(
                                    "retention.bytes",
                                    -1,
                                    Long.MIN_VALUE,
                                    "How many bytes of a partition are kept; -1 sets no bound."),
                            "log.retention.bytes"));

    public static final TopicKey<Long> DELETE_RETENTION_MS =
            add(
                    TopicKey.of(
                            longInteger(
                                    "delete.retention.ms",
                                    86_400_000L,
                                    0,
                                    "How long tombstones of compacted topics are kept."),
                            "log.cleaner.delete.retention.ms"));

    public static final TopicKey<Long> MIN_COMPACTION_LAG_MS =
            add(
                    TopicKey.of(
                            longInteger(
                                    "min.compaction.lag.ms",
                                    0,
                                    0,
                                    "How long a record stays uncompacted at least."),
                            "log.cleaner.min.compaction.lag.ms"));

    public static final TopicKey<Long> MAX_COMPACTION_LAG_MS =
            add(
                    TopicKey.of(
                            longInteger(
                                    "max.compaction.lag.ms",
                                    Long.MAX_VALUE,
                                    1,
                                    "How long a record stays uncompacted at most."),
                            "log.cleaner.max.compaction.lag.ms"));

    public static final TopicKey<Double> MIN_CLEANABLE_DIRTY_RATIO =
            add(
                    TopicKey.of(
                            fraction(
                                    "min.cleanable.dirty.ratio",
                                    0.5,
                                    "The share of uncompacted bytes that makes compaction worth"
                                            + " while."),
                            "log.cleaner.min.cleanable.ratio"));

    public static final TopicKey<Long> FILE_DELETE_DELAY_MS =
            add(
                    TopicKey.of(
                            longInteger(
                                    "file.delete.delay.ms",
                                    60_000,
                                    0,
                                    "How long files stay after their segment is deleted." + INERT),
                            "log.segment.delete.delay.ms"));

    public static final TopicKey<Boolean> ERRORS_DEADLETTERQUEUE_GROUP_ENABLE =
            add(
                    TopicKey.of(
                            bool(
                                    "errors.deadletterqueue.group.enable",
                                    false,
                                    "Whether share groups may name the topic as their dead-letter"
                                            + " topic (KIP-1191).")));

    static {
        // Known and kept: what only a cluster, a tiered store or another way to flush makes use of.
        add(
                TopicKey.of(
                        longInteger(
                                "flush.messages",
                                Long.MAX_VALUE,
                                1,
                                "Forces after so many records. Leat forces by group commit."
                                        + INERT),
                        "log.flush.interval.messages"));
        add(
                TopicKey.of(
                        longInteger(
                                "flush.ms",
                                Long.MAX_VALUE,
                                0,
                                "Forces after so long a time. Leat forces by group commit."
                                        + INERT),
                        "log.flush.interval.ms"));
        add(
                TopicKey.of(
                        bool(
                                "unclean.leader.election.enable",
                                false,
                                "Whether a replica that lags may lead." + INERT),
                        "unclean.leader.election.enable"));
        add(
                TopicKey.of(
                        integer(
                                "min.insync.replicas",
                                1,
                                1,
                                INT_MAX,
                                "How many replicas must have a batch. Leat has one, on disk."
                                        + INERT),
                        "min.insync.replicas"));
        add(
                TopicKey.of(
                        integer(
                                        "compression.gzip.level",
                                        -1,
                                        -1,
                                        9,
                                        "Level for compression.type=gzip." + INERT)
                                .readBy("1 to 9, or -1", TopicKeys::readGzipLevel),
                        "compression.gzip.level"));
        add(
                TopicKey.of(
                        integer(
                                "compression.lz4.level",
                                9,
                                1,
                                17,
                                "Level for compression.type=lz4." + INERT),
                        "compression.lz4.level"));
        add(
                TopicKey.of(
                        integer(
                                "compression.zstd.level",
                                3,
                                -131_072,
                                22,
                                "Level for compression.type=zstd." + INERT),
                        "compression.zstd.level"));
        add(
                TopicKey.of(
                        bool("preallocate", false, "Allocates whole segments ahead." + INERT),
                        "log.preallocate"));
        addReplicaList("leader.replication.throttled.replicas");
        addReplicaList("follower.replication.throttled.replicas");
        add(
                TopicKey.of(
                        bool(
                                "remote.storage.enable",
                                false,
                                "Moves old segments to a remote store." + INERT)));
        add(
                TopicKey.of(
                        longInteger(
                                "local.retention.ms",
                                -2,
                                -2,
                                "How long records of a tiered topic stay local." + INERT),
                        "log.local.retention.ms"));
        add(
                TopicKey.of(
                        longInteger(
                                "local.retention.bytes",
                                -2,
                                -2,
                                "How many bytes of a tiered topic stay local." + INERT),
                        "log.local.retention.bytes"));
        add(
                TopicKey.of(
                        bool(
                                "remote.log.copy.disable",
                                false,
                                "Stops the copying to the remote store." + INERT)));
        add(
                TopicKey.of(
                        longInteger(
                                "remote.copy.lag.ms",
                                0,
                                -1,
                                "How old a segment is when it is copied." + INERT),
                        "log.remote.copy.lag.ms"));
        add(
                TopicKey.of(
                        longInteger(
                                "remote.copy.lag.bytes",
                                -1,
                                -1,
                                "How many bytes stay uncopied." + INERT),
                        "log.remote.copy.lag.bytes"));
        add(
                TopicKey.of(
                        bool(
                                "remote.log.delete.on.disable",
                                false,
                                "Deletes remote segments when tiering ends." + INERT)));
    }

    public static final TopicKey<Boolean> DELAYED_DELIVERY =
            add(
                    TopicKey.of(
                            bool(
                                    "leat.delayed.delivery",
                                    false,
                                    "Whether records with the header leat-deliver-at or leat-delay"
                                            + " appear in the topic when they are due, and not"
                                            + " before.")));

    public static final TopicKey<Long> DELAYED_DELIVERY_HORIZON_MS =
            add(
                    TopicKey.of(
                            longInteger(
                                    "leat.delayed.delivery.horizon.ms",
                                    30L * 24 * 60 * 60 * 1000,
                                    1,
                                    "How far ahead a delayed record may be due."),
                            "leat.delayed.delivery.horizon.ms"));

    public static final TopicKey<Long> DELAYED_DELIVERY_PENDING_MAX =
            add(
                    TopicKey.of(
                            longInteger(
                                    "leat.delayed.delivery.pending.max",
                                    10_000_000,
                                    0,
                                    "How many delayed records of the topic may wait to be due."),
                            "leat.delayed.delivery.pending.max"));

    private TopicKeys() {}

    /** Every key by name, in the order of declaration. */
    public static Map<String, TopicKey<?>> all() {
        return Collections.unmodifiableMap(ALL);
    }

    public static Optional<TopicKey<?>> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    private static <T> TopicKey<T> add(TopicKey<T> key) {
        ALL.put(key.name(), key);
        return key;
    }

    private static void addReplicaList(String name) {
        add(
                TopicKey.of(
                        list(
                                name,
                                List.of(),
                                TopicKeys::readReplica,
                                "[partition]:[broker],... or *",
                                "Replicas whose copying is throttled." + INERT)));
    }

    private static String readPolicy(String text) {
        if (!text.equals("compact") && !text.equals("delete")) {
            throw new IllegalArgumentException("expected compact, delete, or both");
        }
        return text;
    }

    private static String readReplica(String text) {
        if (!REPLICA.matcher(text).matches()) {
            throw new IllegalArgumentException("expected [partition]:[broker],... or *");
        }
        return text;
    }

    private static Integer readGzipLevel(String text) {
        long level = ConfigKey.readLong(text, -1, 9, INT_MAX);
        if (level == 0) {
            throw new IllegalArgumentException("expected 1 to 9, or -1");
        }
        return (int) level;
    }
}
