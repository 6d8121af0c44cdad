package io.leat.broker.topic;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.partition.Partition;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogStore;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StorageException;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of the broker: the one place that knows them, durable in the state store.
 *
 * <p>Looking up is one volatile read and never blocks. Changes block on the disk, one at a time:
 * call them where that is no harm, never on an event loop. A change is in the store before anybody
 * sees it.
 *
 * <p>A topic's record is written before its logs are made or added to, and is turned into a record
 * of its deletion, in one write, before they are removed. So after a crash at any point a start
 * either makes the missing logs or removes the remaining ones. Logs that no record names are left
 * alone and reported: somebody's data may be in them.
 */
public final class TopicCatalog {
    private static final Logger LOG = LoggerFactory.getLogger(TopicCatalog.class);

    /** So many topics that are created together are logged one by one. */
    private static final int LOGGED_MAX = 20;

    private volatile BrokerConfig config;
    private final TopicRecords records;
    private final LogStore logs;
    private final List<TopicListener> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock changing = new ReentrantLock();
    private final AtomicLong version = new AtomicLong();
    private volatile TopicSnapshot snapshot = TopicSnapshot.of(List.of());

    public TopicCatalog(BrokerConfig config, StateStore state, LogStore logs) {
        this.config = config;
        this.records = new TopicRecords(state);
        this.logs = logs;
    }

    /** Tells {@code listener} of every change from now on; add it before {@link #open}. */
    public void listen(TopicListener listener) {
        listeners.add(listener);
    }

    /**
     * Reads the catalog, finishes what a crash left unfinished, and opens every partition. Once,
     * before use.
     *
     * @throws StorageException when the state store cannot be read
     */
    public void open() {
        records.open();
        List<TopicRecord> live = records.live();
        records.deleted().forEach(this::removeLogs);
        reportStrangers(live);
        snapshot = TopicSnapshot.of(live.parallelStream().map(this::openTopic).toList());
        all().forEach(topic -> tellAdded(topic, topic.partitions()));
    }

    public Optional<Topic> find(String name) {
        return Optional.ofNullable(snapshot.byName().get(name));
    }

    public Optional<Topic> find(UUID id) {
        return Optional.ofNullable(snapshot.byId().get(id));
    }

    /** Whether a topic of that name was deleted, and none made since. */
    public boolean wasDeleted(String name) {
        return records.wasDeleted(name);
    }

    /** Every topic, by name. */
    public Collection<Topic> all() {
        return snapshot.byName().values();
    }

    /** Goes up after every change of topics or of how many partitions they have. */
    public long version() {
        return version.get();
    }

    /** How many partitions all topics have together. */
    public int partitionCount() {
        return snapshot.partitions();
    }

    /**
     * Checks whether a topic could be created.
     *
     * @return its configuration
     * @throws TopicException INVALID_TOPIC_EXCEPTION, TOPIC_ALREADY_EXISTS, INVALID_CONFIG,
     *     INVALID_PARTITIONS
     */
    public TopicConfig check(String name, int partitions, Map<String, String> configs) {
        return rules().check(new NewTopic(name, partitions, configs));
    }

    /**
     * Creates a topic. Blocks.
     *
     * @throws TopicException as {@link #check}, and KAFKA_STORAGE_ERROR
     */
    public Topic create(String name, int partitions, Map<String, String> configs) {
        return switch (create(List.of(new NewTopic(name, partitions, configs))).getFirst()) {
            case Creation.Made made -> made.topic();
            case Creation.Refused refused -> throw refused.why();
        };
    }

    /**
     * Creates topics, with one write for all of their records. Blocks.
     *
     * @return what became of each, in the same order
     */
    public List<Creation> create(List<NewTopic> wanted) {
        changing.lock();
        try {
            List<Planned> planned = plan(wanted);
            Optional<TopicException> unwritten = writeRecords(planned);
            List<Creation> outcomes = planned.stream().map(each -> make(each, unwritten)).toList();
            publishMade(outcomes);
            return outcomes;
        } finally {
            changing.unlock();
        }
    }

    /** A topic that is about to be created, or why it will not be. */
    private sealed interface Planned {
        record Ready(TopicRecord record, TopicConfig config) implements Planned {}

        record Not(TopicException why) implements Planned {}
    }

    private List<Planned> plan(List<NewTopic> wanted) {
        List<Planned> planned = new ArrayList<>(wanted.size());
        CreationRules rules = rules();
        for (NewTopic each : wanted) {
            try {
                TopicConfig checked = rules.admit(each);
                TopicRecord record =
                        new TopicRecord(
                                freshId(), each.name(), each.partitions(), checked.overrides());
                planned.add(new Planned.Ready(record, checked));
            } catch (TopicException e) {
                planned.add(new Planned.Not(e));
            }
        }
        return planned;
    }

    /** Writes the records of all that can be created; what failed, if that did. */
    private Optional<TopicException> writeRecords(List<Planned> planned) {
        List<TopicRecord> fresh = new ArrayList<>(planned.size());
        for (Planned each : planned) {
            if (each instanceof Planned.Ready ready) {
                fresh.add(ready.record());
            }
        }
        try {
            if (!fresh.isEmpty()) {
                records.create(fresh);
            }
            return Optional.empty();
        } catch (TopicException e) {
            return Optional.of(e);
        }
    }

    private Creation make(Planned planned, Optional<TopicException> unwritten) {
        return switch (planned) {
            case Planned.Not not -> new Creation.Refused(not.why());
            case Planned.Ready ready ->
                    unwritten
                            .<Creation>map(Creation.Refused::new)
                            .orElseGet(() -> make(ready.record(), ready.config()));
        };
    }

    private Creation make(TopicRecord record, TopicConfig checked) {
        try {
            List<Partition> partitions = createPartitions(record, checked, 0);
            return new Creation.Made(new Topic(record.name(), record.id(), checked, partitions));
        } catch (StorageException e) {
            records.undoCreation(record);
            return new Creation.Refused(
                    new TopicException(
                            ErrorCode.KAFKA_STORAGE_ERROR, String.valueOf(e.getMessage())));
        }
    }

    private void publishMade(List<Creation> outcomes) {
        List<Topic> made = new ArrayList<>(outcomes.size());
        for (Creation each : outcomes) {
            if (each instanceof Creation.Made(Topic topic)) {
                made.add(topic);
            }
        }
        if (made.isEmpty()) {
            return;
        }
        publish(topics -> made.forEach(topic -> topics.put(topic.id(), topic)));
        made.forEach(topic -> tellAdded(topic, topic.partitions()));
        logMade(made);
    }

    private static void logMade(List<Topic> made) {
        if (made.size() > LOGGED_MAX) {
            // A line for each would take longer than making them.
            LOG.info(
                    "Created {} topics with {} partitions, {} to {}",
                    made.size(),
                    made.stream().mapToInt(topic -> topic.partitions().size()).sum(),
                    made.getFirst().name(),
                    made.getLast().name());
            return;
        }
        for (Topic topic : made) {
            LOG.info(
                    "Created topic {} ({}) with {} partitions",
                    topic.name(),
                    TopicIds.text(topic.id()),
                    topic.partitions().size());
        }
    }

    /**
     * Deletes a topic with its records. Blocks.
     *
     * @throws TopicException UNKNOWN_TOPIC_ID, KAFKA_STORAGE_ERROR
     */
    public void delete(UUID id) {
        changing.lock();
        try {
            Topic topic = known(id);
            TopicRecord record = record(topic);
            records.markDeleted(record);
            publish(topics -> topics.remove(id));
            listeners.forEach(listener -> listener.deleted(topic));
            removeLogs(record);
            topic.partitions().forEach(partition -> partition.waiters().wake());
            LOG.info("Deleted topic {} ({})", topic.name(), TopicIds.text(id));
        } finally {
            changing.unlock();
        }
    }

    /**
     * Adds partitions to a topic. Blocks.
     *
     * @param total how many there are to be
     * @throws TopicException UNKNOWN_TOPIC_ID, INVALID_PARTITIONS, KAFKA_STORAGE_ERROR
     */
    public Topic grow(UUID id, int total) {
        changing.lock();
        try {
            Topic topic = known(id);
            checkGrowth(topic, total);
            TopicRecord record =
                    new TopicRecord(id, topic.name(), total, topic.config().overrides());
            records.put(record);
            List<Partition> partitions = new ArrayList<>(topic.partitions());
            try {
                partitions.addAll(
                        createPartitions(record, topic.config(), topic.partitions().size()));
            } catch (StorageException e) {
                records.undoGrowth(record(topic));
                throw new TopicException(
                        ErrorCode.KAFKA_STORAGE_ERROR, String.valueOf(e.getMessage()));
            }
            Topic grown = new Topic(topic.name(), id, topic.config(), List.copyOf(partitions));
            publish(topics -> topics.put(id, grown));
            tellAdded(grown, partitions.subList(topic.partitions().size(), total));
            return grown;
        } finally {
            changing.unlock();
        }
    }

    /**
     * Checks whether a topic can have so many partitions.
     *
     * @throws TopicException INVALID_PARTITIONS
     */
    public void checkGrowth(Topic topic, int total) {
        int current = topic.partitions().size();
        if (total == current) {
            throw new TopicException(
                    ErrorCode.INVALID_PARTITIONS,
                    "Topic '" + topic.name() + "' has " + current + " partitions already");
        }
        if (total < current) {
            throw new TopicException(
                    ErrorCode.INVALID_PARTITIONS,
                    "Topic '"
                            + topic.name()
                            + "' has "
                            + current
                            + " partitions, and their number can only grow; "
                            + total
                            + " would be fewer");
        }
        rules().checkPartitions(total, total - current);
    }

    /**
     * Changes a topic's configuration. Blocks.
     *
     * @param change makes the new configuration of the one that stands; may throw
     * @throws TopicException UNKNOWN_TOPIC_OR_PARTITION, KAFKA_STORAGE_ERROR, or what {@code
     *     change} throws
     */
    public Topic configure(String name, UnaryOperator<TopicConfig> change) {
        changing.lock();
        try {
            Topic topic = known(name);
            TopicConfig changed = change.apply(topic.config());
            Topic configured = new Topic(name, topic.id(), changed, topic.partitions());
            TopicRecord record = record(configured);
            records.put(record);
            configured
                    .partitions()
                    .forEach(partition -> partition.log().reconfigure(changed.logConfig()));
            publish(topics -> topics.put(topic.id(), configured));
            return configured;
        } finally {
            changing.unlock();
        }
    }

    /** Follows other defaults of the broker: every topic's configuration is joined anew. Blocks. */
    public void follow(BrokerConfig newConfig) {
        changing.lock();
        try {
            config = newConfig;
            List<Topic> followed = new ArrayList<>();
            for (Topic topic : all()) {
                TopicConfig joined = topic.config().over(newConfig);
                topic.partitions()
                        .forEach(partition -> partition.log().reconfigure(joined.logConfig()));
                followed.add(new Topic(topic.name(), topic.id(), joined, topic.partitions()));
            }
            snapshot = TopicSnapshot.of(followed);
        } finally {
            changing.unlock();
        }
    }

    /** A configuration over this broker's defaults. */
    public TopicConfig configOf(Map<String, String> overrides) {
        return new TopicConfig(config, overrides).coherent();
    }

    /**
     * The topic of that name.
     *
     * @throws TopicException UNKNOWN_TOPIC_OR_PARTITION
     */
    public Topic known(String name) {
        return find(name)
                .orElseThrow(() ->
                        new TopicException(
                                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                                "There is no topic '" + name + "'"));
    }

    private Topic known(UUID id) {
        return find(id).orElseThrow(() ->
                new TopicException(
                        ErrorCode.UNKNOWN_TOPIC_ID,
                        "There is no topic with the id " + TopicIds.text(id)));
    }

    private void tellAdded(Topic topic, List<Partition> added) {
        listeners.forEach(listener -> listener.partitionsAdded(topic, added));
    }

    private CreationRules rules() {
        return new CreationRules(config, snapshot);
    }

    private List<Partition> createPartitions(TopicRecord record, TopicConfig config, int from) {
        List<Partition> created = new ArrayList<>(record.partitions() - from);
        try {
            for (int number = from; number < record.partitions(); number++) {
                Partition partition =
                        Partition.open(logs, logId(record, number), config.logConfig());
                created.add(partition);
                // A log that fails from the start is no reason to keep a topic at start, but to
                // refuse a new one.
                partition
                        .failure()
                        .ifPresent(cause -> {
                            throw new StorageException(cause);
                        });
            }
        } catch (StorageException e) {
            created.forEach(partition -> logs.delete(partition.id()));
            throw e;
        }
        return List.copyOf(created);
    }

    private void removeLogs(TopicRecord record) {
        try {
            for (int number = 0; number < record.partitions(); number++) {
                logs.delete(logId(record, number));
            }
            records.forget(record);
        } catch (StorageException e) {
            LOG.warn(
                    "Records of the deleted topic {} remain until the next start: {}",
                    record.name(),
                    e.getMessage());
        }
    }

    private void reportStrangers(List<TopicRecord> live) {
        Set<UUID> strangers = new HashSet<>(logs.topics());
        live.forEach(record -> strangers.remove(record.id()));
        for (UUID stranger : strangers) {
            LOG.warn(
                    "The logs of topic id {} belong to no topic; left alone",
                    TopicIds.text(stranger));
        }
    }

    private Topic openTopic(TopicRecord record) {
        TopicConfig topicConfig = new TopicConfig(config, record.configs());
        List<Partition> partitions =
                IntStream.range(0, record.partitions())
                        .parallel()
                        .mapToObj(number ->
                                Partition.open(
                                        logs, logId(record, number), topicConfig.logConfig()))
                        .toList();
        return new Topic(record.name(), record.id(), topicConfig, partitions);
    }

    private void publish(Consumer<Map<UUID, Topic>> change) {
        Map<UUID, Topic> topics = new HashMap<>(snapshot.byId());
        change.accept(topics);
        snapshot = TopicSnapshot.of(topics.values());
        version.incrementAndGet();
    }

    private static TopicRecord record(Topic topic) {
        return new TopicRecord(
                topic.id(), topic.name(), topic.partitions().size(), topic.config().overrides());
    }

    private static LogId logId(TopicRecord record, int partition) {
        return new LogId(record.name(), record.id(), partition);
    }

    /**
     * A random id: version 4, so never one that the protocol gives a meaning. Clients print ids in
     * Base64 and take them as arguments, so none begins with a dash.
     */
    private UUID freshId() {
        while (true) {
            UUID id = UUID.randomUUID();
            boolean dashed = (id.getMostSignificantBits() >>> 58) == 62;
            if (!dashed && find(id).isEmpty()) {
                return id;
            }
        }
    }
}
