package io.leat.broker.config;

import static io.leat.broker.config.ConfigKey.bool;
import static io.leat.broker.config.ConfigKey.fraction;
import static io.leat.broker.config.ConfigKey.integer;
import static io.leat.broker.config.ConfigKey.list;
import static io.leat.broker.config.ConfigKey.longInteger;
import static io.leat.broker.config.ConfigKey.string;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every key of the broker, with its default and range. Names are Kafka's where Kafka has one. */
public final class BrokerKeys {
    private static final int INT_MAX = Integer.MAX_VALUE;
    private static final Map<String, ConfigKey<?>> ALL = new LinkedHashMap<>();

    public static final ConfigKey<Integer> NODE_ID =
            add(integer("node.id", 0, 0, INT_MAX, "The broker's number, as clients see it."));

    public static final ConfigKey<String> LOG_DIR =
            add(string("log.dir", "data", "The directory that holds everything the broker keeps."));

    public static final ConfigKey<List<String>> LISTENERS =
            add(
                    list(
                            "listeners",
                            List.of("PLAINTEXT://127.0.0.1:9092"),
                            BrokerKeys::readEndpoint,
                            "NAME://HOST:PORT,...",
                            "Where clients connect to. Port 0 takes any free port; an empty host or"
                                    + " 0.0.0.0 stands for every interface."));

    public static final ConfigKey<List<String>> ADVERTISED_LISTENERS =
            add(
                    list(
                            "advertised.listeners",
                            List.of(),
                            BrokerKeys::readEndpoint,
                            "NAME://HOST:PORT,...",
                            "The addresses that clients are told, by listener name. Without it a"
                                + " client is told the address by which it reached the broker."));

    public static final ConfigKey<Integer> NETWORK_THREADS =
            add(
                    integer(
                            "num.network.threads",
                            Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8),
                            1,
                            256,
                            "Event loops that serve the connections."));

    public static final ConfigKey<Integer> SOCKET_REQUEST_MAX_BYTES =
            add(
                    integer(
                            "socket.request.max.bytes",
                            100 << 20,
                            1024,
                            1 << 30,
                            "The largest request. A larger one closes its connection."));

    public static final ConfigKey<Integer> SOCKET_LISTEN_BACKLOG_SIZE =
            add(
                    integer(
                            "socket.listen.backlog.size",
                            512,
                            1,
                            65_535,
                            "How many connections may wait to be accepted."));

    public static final ConfigKey<Integer> SOCKET_SEND_BUFFER_BYTES =
            add(socketBuffer("socket.send.buffer.bytes", "SO_SNDBUF"));

    public static final ConfigKey<Integer> SOCKET_RECEIVE_BUFFER_BYTES =
            add(socketBuffer("socket.receive.buffer.bytes", "SO_RCVBUF"));

    public static final ConfigKey<Integer> MAX_CONNECTIONS =
            add(
                    integer(
                            "max.connections",
                            100_000,
                            1,
                            INT_MAX,
                            "How many connections may be open, and never more than three quarters"
                                + " of the files that the system lets the process open. More are"
                                + " closed at once."));

    public static final ConfigKey<Integer> MAX_CONNECTIONS_PER_IP =
            add(
                    integer(
                            "max.connections.per.ip",
                            INT_MAX,
                            0,
                            INT_MAX,
                            "How many connections one address may have open. More are closed at"
                                    + " once."));
    public static final ConfigKey<List<String>> MAX_CONNECTIONS_PER_IP_OVERRIDES =
            add(
                    list(
                            "max.connections.per.ip.overrides",
                            List.of(),
                            BrokerKeys::readAddressLimit,
                            "ADDRESS:NUMBER,...",
                            "Other numbers than max.connections.per.ip, for single addresses."));
    public static final ConfigKey<Integer> MAX_CONNECTION_CREATION_RATE =
            add(
                    integer(
                            "max.connection.creation.rate",
                            INT_MAX,
                            1,
                            INT_MAX,
                            "How many connections are accepted in a second; the others wait in the"
                                    + " system's backlog."));
    public static final ConfigKey<Long> CONNECTIONS_MAX_IDLE_MS =
            add(
                    longInteger(
                            "connections.max.idle.ms",
                            600_000,
                            -1,
                            "How long a connection may be silent; -1 for ever."));

    public static final ConfigKey<Integer> INFLIGHT_REQUESTS_MAX =
            add(
                    integer(
                            "leat.connection.inflight.requests.max",
                            64,
                            1,
                            10_000,
                            "How many requests of one connection may be unanswered before the"
                                    + " broker stops reading from it."));

    public static final ConfigKey<Integer> INFLIGHT_BYTES_MAX =
            add(
                    integer(
                            "leat.connection.inflight.bytes.max",
                            32 << 20,
                            1024,
                            1 << 30,
                            "How many bytes of requests of one connection may be unanswered before"
                                    + " the broker stops reading from it."));

    public static final ConfigKey<Long> QUEUED_MAX_REQUEST_BYTES =
            add(
                    longInteger(
                            "queued.max.request.bytes",
                            -1,
                            -1,
                            "How many bytes of requests of all connections may be unanswered"
                                    + " before the broker stops reading; -1 for a quarter of the"
                                    + " memory that it may use for buffers."));
    public static final ConfigKey<Long> REQUEST_RECEIVE_MAX_MS =
            add(
                    longInteger(
                            "leat.request.receive.max.ms",
                            120_000,
                            1,
                            "How long a request may take to come in, from its first byte to its"
                                    + " last, before its connection is closed."));
    public static final ConfigKey<Integer> QUOTA_WINDOW_NUM =
            add(
                    integer(
                            "quota.window.num",
                            11,
                            2,
                            3600,
                            "How many windows a quota's rate is measured over."));
    public static final ConfigKey<Integer> QUOTA_WINDOW_SIZE_SECONDS =
            add(
                    integer(
                            "quota.window.size.seconds",
                            1,
                            1,
                            3600,
                            "The length of each window of a quota."));
    public static final ConfigKey<Integer> CONTROLLER_QUOTA_WINDOW_NUM =
            add(
                    integer(
                            "controller.quota.window.num",
                            11,
                            1,
                            3600,
                            "How many seconds' worth of controller_mutation_rate can be used at"
                                    + " once."));
    public static final ConfigKey<Integer> TELEMETRY_MAX_BYTES =
            add(
                    integer(
                            "telemetry.max.bytes",
                            1 << 20,
                            1,
                            16 << 20,
                            "The largest telemetry that a client may push (KIP-714)."));
    public static final ConfigKey<Integer> NUM_PARTITIONS =
            add(
                    integer(
                            "num.partitions",
                            1,
                            1,
                            100_000,
                            "Partitions of a topic whose creator does not say how many."));

    public static final ConfigKey<Integer> DEFAULT_REPLICATION_FACTOR =
            add(integer("default.replication.factor", 1, 1, 1, "One: there is one broker."));

    public static final ConfigKey<Boolean> AUTO_CREATE_TOPICS_ENABLE =
            add(
                    bool(
                            "auto.create.topics.enable",
                            true,
                            "Whether a client that asks for an unknown topic makes it. A topic that"
                                    + " was deleted is made again by creating it, and never by"
                                    + " asking."));

    public static final ConfigKey<Boolean> DELETE_TOPIC_ENABLE =
            add(bool("delete.topic.enable", true, "Whether topics can be deleted."));

    public static final ConfigKey<Integer> PARTITIONS_MAX =
            add(
                    integer(
                            "leat.partitions.max",
                            100_000,
                            1,
                            INT_MAX,
                            "How many partitions all topics may have together."));

    public static final ConfigKey<Integer> MAX_REQUEST_PARTITION_SIZE_LIMIT =
            add(
                    integer(
                            "max.request.partition.size.limit",
                            2000,
                            1,
                            1_000_000,
                            "How many partitions one page of DescribeTopicPartitions has."));

    public static final ConfigKey<Integer> FETCH_MAX_BYTES =
            add(
                    integer(
                            "fetch.max.bytes",
                            55 << 20,
                            1024,
                            1 << 30,
                            "The largest answer to a fetch, whatever the client asks for."));

    public static final ConfigKey<Integer> FETCH_SESSION_CACHE_SLOTS =
            add(
                    integer(
                            "max.incremental.fetch.session.cache.slots",
                            1000,
                            0,
                            1_000_000,
                            "How many incremental fetch sessions (KIP-227) are kept."));

    public static final ConfigKey<Integer> PRODUCER_ID_EXPIRATION_MS =
            add(
                    integer(
                            "producer.id.expiration.ms",
                            86_400_000,
                            1,
                            INT_MAX,
                            "How long a silent idempotent producer is remembered."));

    public static final ConfigKey<Integer> GROUP_INITIAL_REBALANCE_DELAY_MS =
            add(
                    integer(
                            "group.initial.rebalance.delay.ms",
                            100,
                            0,
                            INT_MAX,
                            "How long an empty group waits for more members after the last that"
                                    + " came. Kafka's 3000 makes every first start late; 100"
                                    + " gathers members that start together."));

    public static final ConfigKey<Integer> GROUP_MIN_SESSION_TIMEOUT_MS =
            add(
                    integer(
                            "group.min.session.timeout.ms",
                            6000,
                            0,
                            INT_MAX,
                            "The shortest session timeout a member may ask for."));

    public static final ConfigKey<Integer> GROUP_MAX_SESSION_TIMEOUT_MS =
            add(
                    integer(
                            "group.max.session.timeout.ms",
                            1_800_000,
                            0,
                            INT_MAX,
                            "The longest session timeout a member may ask for."));

    public static final ConfigKey<Integer> GROUP_MAX_SIZE =
            add(
                    integer(
                            "group.max.size",
                            INT_MAX,
                            1,
                            INT_MAX,
                            "How many members a group may have."));

    public static final ConfigKey<Long> COORDINATOR_STATE_MAX_BYTES =
            add(
                    longInteger(
                            "leat.coordinator.state.max.bytes",
                            -1,
                            -1,
                            "How much heap groups with their members and offsets, and transactions"
                                    + " may take before new ones are refused; a quarter of it"
                                    + " for a single one. -1 for a quarter of the heap."));

    public static final ConfigKey<Integer> OFFSET_METADATA_MAX_BYTES =
            add(
                    integer(
                            "offset.metadata.max.bytes",
                            4096,
                            0,
                            INT_MAX,
                            "The largest metadata of a committed offset."));

    public static final ConfigKey<Integer> OFFSETS_RETENTION_MINUTES =
            add(
                    integer(
                            "offsets.retention.minutes",
                            10_080,
                            1,
                            INT_MAX,
                            "How long the offsets of an empty group are kept."));

    public static final ConfigKey<Integer> GROUP_SHARE_MAX_SHARE_SESSIONS =
            add(
                    integer(
                            "group.share.max.share.sessions",
                            2000,
                            1,
                            1_000_000,
                            "How many members of share groups may fetch."));

    public static final ConfigKey<String> ERRORS_DEADLETTERQUEUE_TOPIC_NAME_PREFIX =
            add(
                    string(
                            "errors.deadletterqueue.topic.name.prefix",
                            "dlq.",
                            "What the name of a dead-letter topic begins with (KIP-1191)."));

    public static final ConfigKey<Boolean> ERRORS_DEADLETTERQUEUE_AUTO_CREATE_TOPICS_ENABLE =
            add(
                    bool(
                            "errors.deadletterqueue.auto.create.topics.enable",
                            true,
                            "Whether the dead-letter topic that a group names is made where there"
                                    + " is none. Kafka's default is false; there the records are"
                                    + " lost, here they would wait."));

    public static final ConfigKey<Long> OFFSETS_RETENTION_CHECK_INTERVAL_MS =
            add(
                    longInteger(
                            "offsets.retention.check.interval.ms",
                            600_000,
                            1,
                            "How often the broker looks for expired offsets."));

    public static final ConfigKey<Long> LOG_RETENTION_CHECK_INTERVAL_MS =
            add(
                    longInteger(
                            "log.retention.check.interval.ms",
                            300_000,
                            1,
                            "How often the broker looks for records that are not kept any"
                                    + " longer."));

    public static final ConfigKey<Boolean> LOG_CLEANER_ENABLE =
            add(
                    bool(
                            "log.cleaner.enable",
                            true,
                            "Whether topics with compact in their cleanup.policy are compacted."));

    public static final ConfigKey<Integer> LOG_CLEANER_THREADS =
            add(integer("log.cleaner.threads", 1, 1, 64, "How many logs are compacted at once."));

    public static final ConfigKey<Double> LOG_CLEANER_IO_MAX_BYTES_PER_SECOND =
            add(
                    rate(
                            "log.cleaner.io.max.bytes.per.second",
                            "How many bytes compaction reads and writes in a second, on the"
                                    + " average."));

    public static final ConfigKey<Long> LOG_CLEANER_DEDUPE_BUFFER_SIZE =
            add(
                    longInteger(
                            "log.cleaner.dedupe.buffer.size",
                            128L << 20,
                            1 << 20,
                            "Bytes of memory outside the heap for the keys of the logs that are"
                                    + " being compacted, 24 for each key; more keys take more"
                                    + " passes."));

    public static final ConfigKey<Double> LOG_CLEANER_IO_BUFFER_LOAD_FACTOR =
            add(
                    fraction(
                                    "log.cleaner.io.buffer.load.factor",
                                    0.9,
                                    "How full the memory for keys may become.")
                            .readBy("0.1 to 0.95", BrokerKeys::readLoadFactor));

    public static final ConfigKey<Long> LOG_CLEANER_BACKOFF_MS =
            add(
                    longInteger(
                            "log.cleaner.backoff.ms",
                            15_000,
                            1,
                            "How long the cleaner sleeps when there is nothing to compact."));

    public static final ConfigKey<Long> LEAT_SCRUB_INTERVAL_MS =
            add(
                    longInteger(
                            "leat.scrub.interval.ms",
                            604_800_000,
                            1,
                            "How often a round begins that reads all closed segments and checks"
                                    + " them for damage."));

    public static final ConfigKey<Long> LEAT_SCRUB_BYTES_PER_SECOND =
            add(
                    longInteger(
                            "leat.scrub.bytes.per.second",
                            10 << 20,
                            0,
                            "How fast that reads at the most; 0 pauses it."));

    public static final ConfigKey<Integer> TRANSACTION_MAX_TIMEOUT_MS =
            add(
                    integer(
                            "transaction.max.timeout.ms",
                            900_000,
                            1,
                            INT_MAX,
                            "The longest transaction timeout a producer may ask for."));

    public static final ConfigKey<Long> TRANSACTIONAL_ID_EXPIRATION_MS =
            add(
                    longInteger(
                            "transactional.id.expiration.ms",
                            604_800_000,
                            1,
                            "How long a silent transactional id is remembered."));

    /**
     * Keys that a Kafka properties file may hold and that have no meaning for one broker without a
     * quorum: read over, and named once in the log.
     */
    static final Set<String> FOREIGN =
            Set.of(
                    "broker.id",
                    "process.roles",
                    "controller.quorum.voters",
                    "controller.quorum.bootstrap.servers",
                    "controller.listener.names",
                    "inter.broker.listener.name",
                    "num.io.threads",
                    "log.cleaner.io.buffer.size",
                    "num.recovery.threads.per.data.dir",
                    "num.replica.fetchers",
                    "offsets.topic.replication.factor",
                    "offsets.topic.num.partitions",
                    "transaction.state.log.replication.factor",
                    "transaction.state.log.min.isr",
                    "transaction.state.log.num.partitions",
                    "transaction.state.log.segment.bytes",
                    "transaction.partition.verification.enable",
                    "transaction.abort.timed.out.transaction.cleanup.interval.ms",
                    "transaction.remove.expired.transaction.cleanup.interval.ms",
                    "share.coordinator.state.topic.replication.factor",
                    "share.coordinator.state.topic.min.isr",
                    "security.inter.broker.protocol",
                    "sasl.mechanism.inter.broker.protocol",
                    "ssl.endpoint.identification.algorithm");

    static {
        for (TopicKey<?> key : TopicKeys.all().values()) {
            for (TopicKey.Synonym<?> synonym : key.synonyms()) {
                add(synonym.key());
            }
        }
    }

    static {
        SecurityKeys.all().forEach(BrokerKeys::add);
        GroupBrokerKeys.all().values().forEach(BrokerKeys::add);
    }

    /** The keys that can be set at run time, with effect at once. */
    private static final Set<String> DYNAMIC = dynamicNames();

    private BrokerKeys() {}

    /** Whether {@code key} can be set at run time; all others are read at start. */
    public static boolean isDynamic(ConfigKey<?> key) {
        return DYNAMIC.contains(key.name());
    }

    /** As in Kafka: the limits of connections, and the strongest default of each topic config. */
    private static Set<String> dynamicNames() {
        Set<String> names = new HashSet<>();
        names.add(MAX_CONNECTIONS.name());
        names.add(MAX_CONNECTIONS_PER_IP.name());
        names.add(MAX_CONNECTIONS_PER_IP_OVERRIDES.name());
        names.add(MAX_CONNECTION_CREATION_RATE.name());
        for (TopicKey<?> key : TopicKeys.all().values()) {
            if (!key.synonyms().isEmpty()) {
                names.add(key.synonyms().getFirst().key().name());
            }
        }
        return Set.copyOf(names);
    }

    /** Every key by name, in the order of declaration. */
    public static Map<String, ConfigKey<?>> all() {
        return Collections.unmodifiableMap(ALL);
    }

    public static Optional<ConfigKey<?>> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    private static <T> ConfigKey<T> add(ConfigKey<T> key) {
        ConfigKey<?> before = ALL.put(key.name(), key);
        assert before == null : "declared twice: " + key.name();
        return key;
    }

    private static ConfigKey<Integer> socketBuffer(String name, String option) {
        return integer(
                name, -1, -1, INT_MAX, option + " of the connections; -1 leaves it to the system.");
    }

    private static ConfigKey<Double> rate(String name, String documentation) {
        return fraction(name, Double.MAX_VALUE, documentation)
                .readBy("more than 0", BrokerKeys::readRate);
    }

    private static Double readRate(String text) {
        double rate = readNumber(text);
        if (!(rate > 0)) {
            throw new IllegalArgumentException("expected more than 0");
        }
        return rate;
    }

    private static Double readLoadFactor(String text) {
        double factor = readNumber(text);
        if (!(factor >= 0.1 && factor <= 0.95)) {
            throw new IllegalArgumentException("expected 0.1 to 0.95");
        }
        return factor;
    }

    private static double readNumber(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a number", e);
        }
    }

    private static String readAddressLimit(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("expected ADDRESS:NUMBER, not '" + text + "'");
        }
        return text.substring(0, colon)
                + ":"
                + ConfigKey.readLong(text.substring(colon + 1), 0, INT_MAX, INT_MAX);
    }

    private static String readEndpoint(String text) {
        return Endpoint.parse(text).toString();
    }
}
