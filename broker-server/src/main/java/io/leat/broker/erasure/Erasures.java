package io.leat.broker.erasure;

import io.leat.broker.api.ApiRegistry;
import io.leat.broker.coordinator.Time;
import io.leat.broker.erasure.Erasure.State;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicException;
import io.leat.broker.topic.TopicListener;
import io.leat.compaction.erasure.KeyHash;
import io.leat.compaction.erasure.LogProgress;
import io.leat.compaction.erasure.LogProgress.Stage;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StorageException;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.LeatDescribeErasuresRequest;
import io.leat.wire.message.LeatDescribeErasuresResponse;
import io.leat.wire.message.LeatEraseKeysRequest;
import io.leat.wire.message.LeatEraseKeysResponse;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The erasures of the broker, those that run and those that ended.
 *
 * <p>At most {@value #RUNNING_MAX} run, and the last {@value #ENDED_MAX} that ended are remembered.
 *
 * <p>Any thread. {@link #start} and the look-ups block on the disk.
 */
public final class Erasures implements TopicListener, AutoCloseable {
    static final int KEYS_MAX = 1_000;
    static final int RUNNING_MAX = 100;
    static final int ENDED_MAX = 10_000;
    private static final long FORCE_SECONDS_MAX = 20;

    private static final Logger LOG = LoggerFactory.getLogger(Erasures.class);

    private final ErasureStore store;
    private final ErasureHistory history = new ErasureHistory(ENDED_MAX);
    private final ErasureWorker worker;
    private final TopicCatalog topics;
    private final PendingRecords pending;
    private final Time time;
    private final ReentrantLock accepting = new ReentrantLock();

    /** An erasure as it is shown, with how many bytes it has read of how many. */
    record View(Erasure erasure, long workBytes, long workBytesDone) {}

    /**
     * @param pending records that are not in the logs yet, and are erased too
     */
    public Erasures(
            StateStore state,
            TopicCatalog topics,
            PendingRecords pending,
            Time time,
            MeterRegistry meters) {
        this.store = new ErasureStore(state);
        this.topics = topics;
        this.pending = pending;
        this.time = time;
        this.worker = new ErasureWorker(store, history, topics, pending, time, meters);
    }

    /**
     * Takes up what was cut short. Once, when the topics are open and before anybody can append.
     *
     * @throws StorageException when the state store cannot be read
     */
    public void open() {
        List<Erasure> all = store.all();
        history.fill(all);
        all.stream()
                .filter(erasure -> erasure.state() == State.RUNNING)
                .sorted(Comparator.comparingLong(Erasure::acceptedMillis))
                .forEach(this::resume);
    }

    /** Serves the APIs that only Leat has. */
    public void register(ApiRegistry registry, Executor blocking) {
        registry.add(
                        ApiKey.LEAT_ERASE_KEYS,
                        LeatEraseKeysRequest.class,
                        LeatEraseKeysResponse.class,
                        new EraseKeysHandler(this, blocking))
                .add(
                        ApiKey.LEAT_DESCRIBE_ERASURES,
                        LeatDescribeErasuresRequest.class,
                        LeatDescribeErasuresResponse.class,
                        new DescribeErasuresHandler(this, blocking));
    }

    private void resume(Erasure erasure) {
        Map<Integer, LogProgress> progress = store.progress(erasure.id());
        Optional<Topic> topic = topics.find(erasure.topicId());
        if (topic.isEmpty()) {
            worker.launchWithoutTopic(erasure, progress);
            return;
        }
        for (Partition partition : topic.get().partitions()) {
            Optional.ofNullable(progress.get(partition.number()))
                    .map(log -> shortened(erasure, partition, log))
                    .ifPresent(log -> progress.put(partition.number(), log));
        }
        LOG.info("Erasure {} goes on", erasure.id());
        worker.launch(erasure, progress, topic.get());
    }

    /**
     * The log may be shorter than it was when the erasure was accepted, as one is that comes from a
     * backup. Records that get the offsets now are not those that shall go.
     */
    private LogProgress shortened(Erasure erasure, Partition partition, LogProgress log) {
        if (log.stage() != Stage.ERASING || partition.failure().isPresent()) {
            return log;
        }
        LogProgress shortened = log.endingBefore(partition.log().bounds().writtenEnd());
        if (!shortened.equals(log)) {
            store.save(erasure.id(), partition.number(), shortened);
        }
        return shortened;
    }

    /**
     * Accepts an erasure: once this returns it is durable. Asked again with the same id, it does
     * nothing.
     *
     * @param id its name, random
     * @param keys at least one, at most {@value #KEYS_MAX}
     * @param requestedBy who asks
     * @throws TopicException UNKNOWN_TOPIC_OR_PARTITION, POLICY_VIOLATION, INVALID_REQUEST,
     *     THROTTLING_QUOTA_EXCEEDED, KAFKA_STORAGE_ERROR
     */
    void start(
            UUID id,
            String topicName,
            Set<KeyHash> keys,
            boolean leaveTombstone,
            String requestedBy) {
        accepting.lock();
        try {
            if (isKnown(id, topicName, keys, leaveTombstone)) {
                return;
            }
            Topic topic = topics.known(topicName);
            check(topic);
            // Before the boundaries are drawn: what is pending is gone, or in the logs before them.
            Map<Integer, Integer> removed = pending.erase(topic.id(), keys);
            Map<Integer, LogProgress> boundaries = boundaries(topic, removed);
            Erasure erasure =
                    new Erasure(
                            id,
                            topicName,
                            topic.id(),
                            keys.stream().sorted().toList(),
                            leaveTombstone,
                            requestedBy,
                            time.wallMillis(),
                            boundaries.size(),
                            State.RUNNING,
                            Optional.empty(),
                            Erasure.NOT_ENDED,
                            ErasureTotals.NOTHING);
            store.accept(erasure, boundaries);
            history.add(erasure);
            LOG.info(
                    "Erasure {} of {} from topic {} accepted, {} partitions, requested by {}",
                    id,
                    ErasureText.keys(erasure),
                    topicName,
                    erasure.partitions(),
                    requestedBy);
            worker.launch(erasure, boundaries, topic);
        } catch (StorageException e) {
            throw new TopicException(ErrorCode.KAFKA_STORAGE_ERROR, String.valueOf(e.getMessage()));
        } finally {
            accepting.unlock();
        }
    }

    private boolean isKnown(UUID id, String topic, Set<KeyHash> keys, boolean leaveTombstone) {
        Optional<Erasure> known = store.find(id);
        if (known.isEmpty()) {
            return false;
        }
        Erasure erasure = known.get();
        if (!erasure.topic().equals(topic)
                || !Set.copyOf(erasure.keys()).equals(keys)
                || erasure.leaveTombstone() != leaveTombstone) {
            throw new TopicException(
                    ErrorCode.INVALID_REQUEST, "There is another erasure with the id " + id);
        }
        return true;
    }

    private void check(Topic topic) {
        if (topic.internal()) {
            throw new TopicException(
                    ErrorCode.POLICY_VIOLATION, "Topic '" + topic.name() + "' is the broker's own");
        }
        if (worker.stopping()) {
            throw new TopicException(ErrorCode.BROKER_NOT_AVAILABLE, "The broker is stopping");
        }
        if (worker.count() >= RUNNING_MAX) {
            throw new TopicException(
                    ErrorCode.THROTTLING_QUOTA_EXCEEDED,
                    RUNNING_MAX + " erasures run already; several keys can go in one");
        }
    }

    /** By partition: all that is written by now shall go. */
    private static Map<Integer, LogProgress> boundaries(
            Topic topic, Map<Integer, Integer> removed) {
        force(topic);
        Map<Integer, LogProgress> boundaries = new TreeMap<>();
        for (Partition partition : topic.partitions()) {
            boundaries.put(
                    partition.number(),
                    LogProgress.from(
                            partition.log().bounds().durableEnd(),
                            removed.getOrDefault(partition.number(), 0)));
        }
        return boundaries;
    }

    /**
     * Waits until all that is written is durable. What is not may be lost to a power cut or when
     * the log is healed; other records would get its offsets, and go in its place.
     */
    private static void force(Topic topic) {
        List<CompletableFuture<Void>> seals = new ArrayList<>();
        for (Partition partition : topic.partitions()) {
            partition
                    .failure()
                    .ifPresent(why -> {
                        throw new TopicException(
                                ErrorCode.KAFKA_STORAGE_ERROR,
                                "Partition %s is offline: %s".formatted(partition.id(), why));
                    });
            LogBounds bounds = partition.log().bounds();
            if (bounds.durableEnd() < bounds.writtenEnd()) {
                seals.add(partition.log().sealed().seal());
            }
        }
        try {
            CompletableFuture.allOf(seals.toArray(CompletableFuture[]::new))
                    .orTimeout(FORCE_SECONDS_MAX, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            String why =
                    cause instanceof StorageException
                            ? String.valueOf(cause.getMessage())
                            : "this took longer than " + FORCE_SECONDS_MAX + " s";
            throw new TopicException(
                    ErrorCode.KAFKA_STORAGE_ERROR,
                    "Topic '%s' has records that are not forced yet: %s"
                            .formatted(topic.name(), why));
        }
    }

    /** Some erasures, in the order of the ids; those that are not known are left out. */
    List<View> find(List<UUID> ids) {
        return ids.stream().map(this::find).flatMap(Optional::stream).toList();
    }

    /**
     * Erasures, the youngest first.
     *
     * @param topic which ones, by the topic's name
     * @param limit how many at the most
     */
    List<View> list(Predicate<String> topic, int limit) {
        return history.youngestFirst()
                .map(this::find)
                .flatMap(Optional::stream)
                .filter(view -> topic.test(view.erasure().topic()))
                .limit(limit)
                .toList();
    }

    private Optional<View> find(UUID id) {
        return worker.find(id)
                .map(job -> new View(job.now(), job.workBytes(), job.workBytesDone()))
                .or(() -> store.find(id).map(erasure -> new View(erasure, 0, 0)));
    }

    /** Whether an erasure runs in a topic. Cheap. */
    public boolean runIn(UUID topicId) {
        return worker.runsIn(topicId);
    }

    @Override
    public void deleted(Topic topic) {
        worker.deleted(topic);
    }

    /** Stops soon; what runs goes on after the next start. Idempotent. */
    @Override
    public void close() {
        worker.close();
    }
}
