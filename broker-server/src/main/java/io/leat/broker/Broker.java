package io.leat.broker;

import io.leat.broker.access.AccessRules;
import io.leat.broker.api.ApiRegistry;
import io.leat.broker.api.BrokerConfigs;
import io.leat.broker.api.BrokerIdentity;
import io.leat.broker.api.BrokerLoggers;
import io.leat.broker.api.ConfigDomains;
import io.leat.broker.api.DynamicConfigStore;
import io.leat.broker.api.FirstRequests;
import io.leat.broker.api.ProducerIds;
import io.leat.broker.api.RequestRouter;
import io.leat.broker.api.TopicConfigs;
import io.leat.broker.api.Witness;
import io.leat.broker.audit.Audit;
import io.leat.broker.cleaning.Cleaners;
import io.leat.broker.cluster.ClusterApis;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.broker.config.ConfigException;
import io.leat.broker.config.Endpoint;
import io.leat.broker.config.LiveConfig;
import io.leat.broker.coordinator.CoordinatorLoop;
import io.leat.broker.coordinator.Time;
import io.leat.broker.delay.DelayedDelivery;
import io.leat.broker.erasure.Erasures;
import io.leat.broker.group.CatalogInternalTopics;
import io.leat.broker.group.CatalogTopics;
import io.leat.broker.group.Groups;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.broker.group.settings.GroupConfigs;
import io.leat.broker.metrics.DiskMetrics;
import io.leat.broker.metrics.PartitionMetrics;
import io.leat.broker.metrics.RequestMetrics;
import io.leat.broker.metrics.StorageMetrics;
import io.leat.broker.metrics.TopicMetrics;
import io.leat.broker.network.NetworkServer;
import io.leat.broker.offline.OfflineData;
import io.leat.broker.quota.Quotas;
import io.leat.broker.sasl.ScramUsers;
import io.leat.broker.security.Security;
import io.leat.broker.share.Shares;
import io.leat.broker.telemetry.Telemetry;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.transaction.TransactionConfig;
import io.leat.broker.transaction.Transactions;
import io.leat.broker.upkeep.Scrubber;
import io.leat.broker.upkeep.Upkeep;
import io.leat.storage.api.LogStore;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StorageException;
import io.leat.storage.api.StoredEntry;
import io.leat.storage.api.StoredFile;
import io.leat.storage.local.DataDirectory;
import io.leat.storage.local.DataVerification;
import io.leat.storage.local.FileDump;
import io.leat.storage.local.LocalLogStore;
import io.leat.storage.local.LocalStoreSettings;
import io.leat.storage.rocks.RocksStateStore;
import io.leat.storage.rocks.RocksStateStore.Use;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running broker, and the composition root: the one place that picks implementations and joins
 * the rooms.
 *
 * <p>{@link #close} answers what is under way, makes everything durable, and takes less than two
 * seconds.
 */
public final class Broker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    /** The folders of the two state stores in the data directory. */
    private static final String STATE = "state";

    private static final String DELAYED = "delayed";

    private final BrokerIdentity identity;
    private final Health health;
    private final Groups groups;
    private final PartitionMetrics partitionMetrics;
    private final Telemetry telemetry;
    private final NetworkServer network;
    private final Opened opened;
    private volatile boolean closed;

    private Broker(
            BrokerIdentity identity,
            Health health,
            Groups groups,
            PartitionMetrics partitionMetrics,
            Telemetry telemetry,
            NetworkServer network,
            Opened opened) {
        this.identity = identity;
        this.health = health;
        this.groups = groups;
        this.partitionMetrics = partitionMetrics;
        this.telemetry = telemetry;
        this.network = network;
        this.opened = opened;
    }

    /**
     * Starts a broker; it serves clients when this returns.
     *
     * @param meters where it counts and measures
     * @throws ConfigException when the configuration cannot be followed, such as an address in use
     *     or a data directory that cannot be used; the message is one line for people
     */
    public static Broker start(BrokerConfig config, MeterRegistry meters) {
        long begin = System.nanoTime();
        FirstRequests.prepare();
        Opened opened = new Opened();
        try {
            Broker broker = compose(config, meters, opened);
            LOG.info(
                    "Leat {} on JDK {}: {}, data in {}, ready in {} ms",
                    Version.text(),
                    Runtime.version(),
                    broker.addresses().entrySet().stream()
                            .map(entry -> text(entry.getKey(), entry.getValue()))
                            .collect(Collectors.joining(", ")),
                    config.dataDirectory().toAbsolutePath().normalize(),
                    (System.nanoTime() - begin) / 1_000_000);
            return broker;
        } catch (StorageException e) {
            opened.close();
            throw unusable(e);
        } catch (RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    /**
     * Looks at or changes the users of a broker that does not run.
     *
     * @throws ConfigException when there is no such data directory, or it cannot be used, as while
     *     the broker runs
     */
    public static <T> T withUsers(Path dataDirectory, Function<ScramUsers, T> use) {
        return forPeople(() -> withUsers(DataDirectory.holdExisting(dataDirectory), use));
    }

    /** Makes the data directory first where there is none: how the first user comes to be. */
    public static <T> T withFirstUsers(Path dataDirectory, Function<ScramUsers, T> use) {
        return forPeople(() -> withUsers(DataDirectory.hold(dataDirectory), use));
    }

    private static <T> T withUsers(DataDirectory held, Function<ScramUsers, T> use) {
        try (held;
                StateStore state = RocksStateStore.open(held.path().resolve(STATE))) {
            return use.apply(new ScramUsers(state));
        }
    }

    private static <T> T forPeople(Supplier<T> action) {
        try {
            return action.get();
        } catch (StorageException e) {
            throw unusable(e);
        }
    }

    /** A look at data without a broker. */
    public static OfflineData offline() {
        return new LocalData();
    }

    /** The files of the engine that brokers use. */
    private static final class LocalData implements OfflineData {
        @Override
        public long sizeBytes(Path directory) {
            return forPeople(() -> DataVerification.sizeBytes(directory));
        }

        @Override
        public void verify(Path directory, Consumer<FileCheck> found, LongConsumer progress) {
            var _ =
                    forPeople(() -> {
                        try (DataDirectory held = DataDirectory.holdExisting(directory)) {
                            Consumer<StoredFile> each = file -> found.accept(check(file));
                            DataVerification.run(held, each, progress);
                            Path state = directory.resolve(STATE);
                            RocksStateStore.verify(state, Use.STATE).ifPresent(each);
                            Path delayed = directory.resolve(DELAYED);
                            RocksStateStore.verify(delayed, Use.RECORDS).ifPresent(each);
                            return true;
                        }
                    });
        }

        private static FileCheck check(StoredFile file) {
            return new FileCheck(
                    file.kind(),
                    file.path(),
                    file.sizeBytes(),
                    file.content(),
                    file.flaws().stream()
                            .map(f -> new Flaw(f.position(), f.damage(), f.message()))
                            .toList());
        }

        @Override
        public boolean dump(Path file, boolean records, Entries entries, LongConsumer progress) {
            Consumer<StoredEntry> each = entry -> entries.entry(entry.kind(), entry.fields());
            return forPeople(() -> FileDump.run(file, records, each, progress));
        }
    }

    private static ConfigException unusable(StorageException e) {
        ConfigException unusable = new ConfigException(String.valueOf(e.getMessage()));
        unusable.initCause(e);
        return unusable;
    }

    /** Whether clients can be served. */
    public boolean ready() {
        return obstacles().isEmpty();
    }

    /** Why clients cannot be served, or not all of them; one line each, the first few. */
    public List<String> obstacles() {
        if (closed) {
            return List.of("the broker is stopping");
        }
        return health.obstacles();
    }

    /** What is lost or spoilt while all else is served; one line each, the first few. */
    public List<String> warnings() {
        return closed ? List.of() : health.warnings();
    }

    /** The addresses that it listens on, by listener name, in the order of configuration. */
    public Map<String, InetSocketAddress> addresses() {
        return network.addresses();
    }

    /** The address of the first listener. */
    public InetSocketAddress address() {
        return addresses().values().iterator().next();
    }

    /** The consumer groups, to be looked at. */
    public Groups groups() {
        return groups;
    }

    public String clusterId() {
        return identity.clusterId();
    }

    /** To be called before meters are read: makes those that nobody needs before, ends old ones. */
    public void refreshMeters() {
        partitionMetrics.refresh();
        telemetry.refreshMeters();
    }

    /** Stops. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            opened.close();
            LOG.info("Stopped");
        }
    }

    /** What was opened, to be closed in the opposite order. */
    private static final class Opened implements AutoCloseable {
        private final List<AutoCloseable> resources = new ArrayList<>();

        synchronized <T extends AutoCloseable> T add(T resource) {
            resources.add(resource);
            return resource;
        }

        @Override
        public synchronized void close() {
            for (AutoCloseable resource : resources.reversed()) {
                try {
                    resource.close();
                } catch (Exception e) {
                    LOG.error("Could not close {} cleanly", resource, e);
                }
            }
            resources.clear();
        }
    }

    private static Broker compose(BrokerConfig config, MeterRegistry meters, Opened opened) {
        if (!config.ignored().isEmpty()) {
            LOG.info("Without meaning here, and ignored: {}", String.join(", ", config.ignored()));
        }
        ExecutorService blocking =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("leat-blocking-", 0).factory());
        DataDirectory directory = opened.add(DataDirectory.hold(config.dataDirectory()));
        // Libraries, files and sockets take their time to open: let them, side by side.
        CompletableFuture<StateStore> stateOpening =
                opening(() -> RocksStateStore.open(directory.path().resolve(STATE)));
        CompletableFuture<NetworkServer> networkOpening = opening(() -> new NetworkServer(config));
        CompletableFuture<LogStore> logsOpening =
                opening(() ->
                        new LocalLogStore(
                                directory,
                                LocalStoreSettings.defaults()
                                        .withProducerIdExpirationMillis(
                                                config.get(BrokerKeys.PRODUCER_ID_EXPIRATION_MS)),
                                new StorageMetrics(meters)));
        TopicMetrics topicMetrics = new TopicMetrics(meters);
        RequestMetrics requestMetrics = new RequestMetrics(meters);
        // What has opened must be closed, also where the others fail: wait for all of them.
        CompletableFuture.allOf(stateOpening, networkOpening, logsOpening)
                .exceptionally(failure -> null)
                .join();
        for (CompletableFuture<? extends AutoCloseable> each :
                List.of(stateOpening, logsOpening, networkOpening)) {
            if (!each.isCompletedExceptionally()) {
                opened.add(each.join());
            }
        }
        StateStore state = opened(stateOpening);
        LogStore logs = opened(logsOpening);
        NetworkServer network = opened(networkOpening);

        DynamicConfigStore dynamicConfigs = new DynamicConfigStore(state);
        LiveConfig live = new LiveConfig(config);
        live.change(dynamicConfigs.load());
        TopicCatalog topics = new TopicCatalog(live.current(), state, logs);
        live.listen(topics::follow);
        topics.listen(topicMetrics);
        PartitionMetrics partitionMetrics = new PartitionMetrics(meters, topics);
        topics.listen(partitionMetrics);
        topics.open();
        BrokerIdentity identity =
                new BrokerIdentity(
                        directory.clusterId(), config.get(BrokerKeys.NODE_ID), advertised(config));
        ApiRegistry registry = new ApiRegistry();
        GroupConfigs groupConfigs = new GroupConfigs(config, state);
        Quotas quotas = new Quotas(config, state);
        quotas.register(registry, blocking);
        Telemetry telemetry = new Telemetry(config, state, meters, InstantSource.system());
        telemetry.register(registry);
        ConfigDomains configs =
                new ConfigDomains()
                        .add(new TopicConfigs(topics))
                        .add(new BrokerConfigs(identity.nodeId(), live, dynamicConfigs))
                        .add(new BrokerLoggers(identity.nodeId()))
                        .add(telemetry.configs())
                        .add(groupConfigs);
        Apis.addTopicApis(registry, config, identity, topics, configs, quotas, blocking);
        ClusterApis.register(registry, identity, topics, directory.path(), blocking);
        Apis.addVersions(registry, identity);

        // Opened last, so closed first: members that wait are answered before the network ends.
        CoordinatorLoop coordinators =
                opened.add(new CoordinatorLoop(state, Time.SYSTEM, stateBytesMax(config)));
        Gauge.builder("leat.coordinator.state", coordinators, CoordinatorLoop::stateBytes)
                .baseUnit("bytes")
                .description("Heap that groups, offsets and transactions take, roughly")
                .register(meters);
        Gauge.builder("leat.coordinator.state.max", coordinators, CoordinatorLoop::stateBytesMax)
                .baseUnit("bytes")
                .description("Heap that groups, offsets and transactions may take")
                .register(meters);
        Groups groups =
                new Groups(
                        coordinators,
                        GroupConfig.of(config),
                        groupConfigs,
                        new CatalogTopics(topics),
                        Time.SYSTEM,
                        meters);
        topics.listen(groups);
        groups.register(registry, identity, new CatalogInternalTopics(topics, blocking));
        ProducerIds producerIds = new ProducerIds(state, blocking);
        Path delayed = directory.path().resolve(DELAYED);
        boolean delayedMade = Files.isDirectory(delayed);
        DelayedDelivery delays =
                opened.add(
                        new DelayedDelivery(
                                () -> RocksStateStore.open(delayed, Use.RECORDS),
                                topics,
                                producerIds,
                                topicMetrics,
                                Time.SYSTEM,
                                meters));
        topics.listen(delays);
        delays.register(registry, blocking);
        Transactions transactions =
                new Transactions(
                        coordinators,
                        TransactionConfig.of(config),
                        topics,
                        groups,
                        delays,
                        Time.SYSTEM,
                        meters);
        transactions.register(registry, topics, producerIds, delays);
        groups.registerTransactional(registry, transactions);
        Apis.addRecordApis(
                registry,
                config,
                topics,
                transactions.gate(),
                delays,
                topicMetrics,
                quotas,
                meters);
        Shares shares =
                opened.add(
                        new Shares(
                                coordinators,
                                config,
                                topics,
                                new CatalogTopics(topics),
                                groupConfigs::of,
                                groups::inTurn,
                                producerIds,
                                Time.SYSTEM,
                                meters));
        topics.listen(shares);
        shares.register(registry, quotas);
        groups.include(shares);
        delays.open(delayedMade);
        coordinators.start();
        shares.start();
        Erasures erasures =
                opened.add(new Erasures(state, topics, delays.pending(), Time.SYSTEM, meters));
        topics.listen(erasures);
        erasures.open();
        erasures.register(registry, blocking);
        Cleaners cleaners =
                opened.add(
                        new Cleaners(config, state, topics, erasures::runIn, Time.SYSTEM, meters));
        topics.listen(cleaners);
        cleaners.start();
        cleaners.register(registry, blocking);
        opened.add(new Upkeep(topics, InstantSource.system(), meters)).start(config);
        opened.add(new Scrubber(topics, state, () -> config, InstantSource.system(), meters))
                .start();

        live.listen(network::follow);
        network.follow(live.current());
        network.hold(quotas);
        AccessRules rules = new AccessRules(id -> topics.find(id).map(Topic::name));
        Optional<Audit> audit =
                Security.audited(config)
                        ? Optional.of(opened.add(new Audit(topics, InstantSource.system())))
                        : Optional.empty();
        Security security = new Security(config, state, audit, blocking);
        security.register(registry);
        network.bind(
                security.listeners(),
                new RequestRouter(
                        registry,
                        rules,
                        requestMetrics,
                        quotas,
                        security.bareMessages(),
                        audit.<Witness>map(each -> each).orElse(Witness.NONE)));
        measure(meters, network, topics);
        DiskMetrics.measure(meters, config.dataDirectory());
        Health health = new Health(topics, state);
        health.measure(meters);
        return new Broker(identity, health, groups, partitionMetrics, telemetry, network, opened);
    }

    private static long stateBytesMax(BrokerConfig config) {
        long configured = config.get(BrokerKeys.COORDINATOR_STATE_MAX_BYTES);
        return configured >= 0 ? configured : Runtime.getRuntime().maxMemory() / 4;
    }

    private static void measure(MeterRegistry meters, NetworkServer network, TopicCatalog topics) {
        double startSeconds = System.currentTimeMillis() / 1e3;
        Gauge.builder("leat.start.time", () -> startSeconds)
                .description("When the broker started, since the epoch")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("leat.connections", network, NetworkServer::connectionCount)
                .description("Open connections")
                .register(meters);
        Gauge.builder("leat.request.bytes", network, NetworkServer::requestBytes)
                .description("Bytes of requests that are not answered yet")
                .register(meters);
        Gauge.builder("leat.topics", topics, catalog -> catalog.all().size())
                .description("Topics")
                .register(meters);
        Gauge.builder("leat.partitions", topics, TopicCatalog::partitionCount)
                .description("Partitions of all topics")
                .register(meters);
    }

    private static Map<String, Endpoint> advertised(BrokerConfig config) {
        Map<String, Endpoint> advertised = new HashMap<>();
        for (Endpoint listener : config.listeners()) {
            config.advertised(listener.name())
                    .ifPresent(endpoint -> advertised.put(listener.name(), endpoint));
        }
        return Map.copyOf(advertised);
    }

    private static <T> CompletableFuture<T> opening(Supplier<T> open) {
        return CompletableFuture.supplyAsync(
                open, task -> Thread.ofPlatform().daemon().name("leat-start").start(task));
    }

    private static <T> T opened(CompletableFuture<T> opening) {
        try {
            return opening.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static String text(String listener, InetSocketAddress address) {
        return new Endpoint(listener, address.getAddress().getHostAddress(), address.getPort())
                .toString();
    }
}
