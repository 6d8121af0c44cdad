package io.leat.broker.cleaning;

import io.leat.broker.api.ApiRegistry;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.broker.coordinator.Time;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicListener;
import io.leat.compaction.cleaning.CleaningPolicy;
import io.leat.compaction.cleaning.CleaningReport;
import io.leat.compaction.cleaning.Dirt;
import io.leat.compaction.cleaning.LogCleaning;
import io.leat.compaction.segment.Supervisor;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StorageException;
import io.leat.wire.ApiKey;
import io.leat.wire.message.LeatDescribeCompactionRequest;
import io.leat.wire.message.LeatDescribeCompactionResponse;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compacts the logs of topics with {@code compact} in their {@code cleanup.policy}: {@code
 * log.cleaner.threads} threads take the dirtiest log that is due, one after the other, those first
 * whose {@code max.compaction.lag.ms} is over.
 *
 * <p>A log that is being erased from is left to the erasure: it is not chosen, and a pass over it
 * stops. What fails is tried again after {@code log.cleaner.backoff.ms} and at doubling waits.
 */
public final class Cleaners implements TopicListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cleaners.class);
    private static final long STOP_MILLIS_MAX = 10_000;

    private final TopicCatalog topics;
    private final CleaningStore store;
    private final Predicate<UUID> reserved;
    private final Time time;
    private final CleaningMetrics metrics;
    private final int threadCount;
    private final long backoffMillis;
    private final LogCleaning.Memory memory;
    private final Pace pace;
    private final Map<CleaningStore.Key, PartitionCleaning> partitions = new ConcurrentHashMap<>();
    private final Map<CleaningStore.Key, CleaningState> loaded = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Object choosing = new Object();
    private volatile boolean stopping;

    /** A log with what a pass over it is for. */
    private record Choice(Topic topic, PartitionCleaning log, Dirt dirt, boolean overdue) {
        boolean before(Choice other) {
            return overdue != other.overdue ? overdue : dirt.ratio() > other.dirt.ratio();
        }
    }

    /**
     * Cleaners that have not begun.
     *
     * @param reserved topics, by id, whose logs others rewrite at the moment
     */
    public Cleaners(
            BrokerConfig config,
            StateStore state,
            TopicCatalog topics,
            Predicate<UUID> reserved,
            Time time,
            MeterRegistry meters) {
        this.topics = topics;
        this.store = new CleaningStore(state);
        this.reserved = reserved;
        this.time = time;
        this.metrics = new CleaningMetrics(meters, this::compacted, time::wallMillis);
        this.threadCount =
                config.get(BrokerKeys.LOG_CLEANER_ENABLE)
                        ? config.get(BrokerKeys.LOG_CLEANER_THREADS)
                        : 0;
        this.backoffMillis = config.get(BrokerKeys.LOG_CLEANER_BACKOFF_MS);
        this.memory =
                new LogCleaning.Memory(
                        config.get(BrokerKeys.LOG_CLEANER_DEDUPE_BUFFER_SIZE)
                                / Math.max(1, threadCount),
                        config.get(BrokerKeys.LOG_CLEANER_IO_BUFFER_LOAD_FACTOR));
        this.pace =
                new Pace(
                        config.get(BrokerKeys.LOG_CLEANER_IO_MAX_BYTES_PER_SECOND),
                        time::monotonicNanos);
    }

    /**
     * Begins, once the topics are open.
     *
     * @throws StorageException when the state store cannot be read
     */
    public void start() {
        loaded.putAll(store.load(id -> topics.find(id).isPresent()));
        for (int i = 0; i < threadCount; i++) {
            threads.add(Thread.ofPlatform().daemon().name("leat-cleaner-" + i).start(this::run));
        }
    }

    /** Serves the API that only Leat has. */
    public void register(ApiRegistry registry, Executor blocking) {
        registry.add(
                ApiKey.LEAT_DESCRIBE_COMPACTION,
                LeatDescribeCompactionRequest.class,
                LeatDescribeCompactionResponse.class,
                new DescribeCompactionHandler(topics, this, time, blocking));
    }

    private void run() {
        while (!stopping) {
            try {
                Optional<Choice> choice = choose();
                if (choice.isPresent()) {
                    clean(choice.get());
                } else {
                    pause();
                }
            } catch (RuntimeException | Error e) {
                // The thread has to outlive what is wrong with one log.
                LOG.error("A cleaner failed", e);
                pause();
            }
        }
    }

    private void pause() {
        long until = time.monotonicNanos() + backoffMillis * 1_000_000;
        synchronized (choosing) {
            long left = backoffMillis;
            while (!stopping && left > 0) {
                try {
                    choosing.wait(left);
                } catch (InterruptedException e) {
                    return;
                }
                left = (until - time.monotonicNanos()) / 1_000_000;
            }
        }
    }

    /** The log to be cleaned next, reserved for the caller. */
    private Optional<Choice> choose() {
        synchronized (choosing) {
            Choice best = null;
            for (Topic topic : topics.all()) {
                if (!topic.config().compacted() || reserved.test(topic.id())) {
                    continue;
                }
                CleaningPolicy policy = PartitionCleaning.policy(topic.config());
                for (Partition partition : topic.partitions()) {
                    Optional<Choice> choice = look(topic, partition, policy);
                    if (choice.isPresent() && (best == null || choice.get().before(best))) {
                        best = choice.get();
                    }
                    if (stopping) {
                        return Optional.empty();
                    }
                }
            }
            if (best != null) {
                best.log().begin();
            }
            return Optional.ofNullable(best);
        }
    }

    private Optional<Choice> look(Topic topic, Partition partition, CleaningPolicy policy) {
        PartitionCleaning log = cleaning(topic, partition);
        long now = time.wallMillis();
        if (!log.free(now)) {
            return Optional.empty();
        }
        try {
            Dirt dirt = LogCleaning.survey(partition.log(), policy, log.point(), now);
            log.dirt(dirt);
            boolean due = log.unfinished() || dirt.due(policy, log.point(), now);
            return due
                    ? Optional.of(new Choice(topic, log, dirt, dirt.overdue(policy, now)))
                    : Optional.empty();
        } catch (StorageException | InternalError e) {
            failed(topic, log, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private PartitionCleaning cleaning(Topic topic, Partition partition) {
        CleaningStore.Key key = new CleaningStore.Key(topic.id(), partition.number());
        return partitions.computeIfAbsent(
                key,
                k ->
                        new PartitionCleaning(
                                k,
                                partition,
                                Optional.ofNullable(loaded.remove(k)).orElse(CleaningState.NEW)));
    }

    /** Of those that were ever looked at, the ones whose topics are still compacted. */
    private Collection<PartitionCleaning> compacted() {
        return partitions.values().stream()
                .filter(each ->
                        topics.find(each.key().topicId())
                                .filter(topic -> topic.config().compacted())
                                .isPresent())
                .toList();
    }

    /** The compaction of a partition, if it was ever looked at. */
    Optional<PartitionCleaning> find(UUID topicId, int partition) {
        return Optional.ofNullable(partitions.get(new CleaningStore.Key(topicId, partition)));
    }

    private void clean(Choice choice) {
        PartitionCleaning log = choice.log();
        CleaningPolicy policy = PartitionCleaning.policy(choice.topic().config());
        long began = time.monotonicNanos();
        try {
            CleaningReport report =
                    LogCleaning.clean(
                            log.partition().log(),
                            policy,
                            choice.dirt(),
                            memory,
                            time.wallMillis(),
                            new Watch(log));
            Duration took = Duration.ofNanos(time.monotonicNanos() - began);
            log.cleaned(report, time.wallMillis());
            metrics.passed(report, took);
            tell(log, report, took);
            keep(log);
            log.dirt(Dirt.of(log.partition().log(), policy, log.point(), time.wallMillis()));
        } catch (StorageException | InternalError e) {
            failed(choice.topic(), log, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("Compaction of {} failed", log, e);
            var _ = log.failed(e.toString(), time.wallMillis(), backoffMillis);
        } finally {
            log.end();
        }
    }

    private static void tell(PartitionCleaning log, CleaningReport report, Duration took) {
        LOG.info(
                "Compacted {} up to offset {} in {} ms: {} records removed, {} bytes freed, {} read"
                        + " and {} written, {} segments of {} left{}",
                log,
                report.reached().offset(),
                took.toMillis(),
                report.recordsRemoved(),
                report.bytesFreed(),
                report.bytesRead(),
                report.bytesWritten(),
                report.segmentsAfter(),
                report.segmentsBefore(),
                report.complete() ? "" : "; its keys do not fit into memory, more passes follow");
        if (report.keylessRemoved() > 0) {
            LOG.warn(
                    "{} records of {} had no key, and were removed: compaction keeps records by"
                            + " their keys",
                    report.keylessRemoved(),
                    log);
        }
    }

    private void keep(PartitionCleaning log) {
        if (log.cancelled()) {
            return;
        }
        try {
            store.save(log.key(), log.state());
        } catch (StorageException e) {
            LOG.warn("How far {} is compacted is not kept: {}", log, e.getMessage());
        }
    }

    private void failed(Topic topic, PartitionCleaning log, String why) {
        boolean expected = stopping || log.cancelled() || reserved.test(topic.id());
        if (!expected && log.failed(why, time.wallMillis(), backoffMillis)) {
            LOG.warn("Compaction of {} has to wait: {}", log, why);
        }
    }

    /** Slows a pass down, and stops it. */
    private final class Watch implements Supervisor {
        private final PartitionCleaning log;

        Watch(PartitionCleaning log) {
            this.log = log;
        }

        @Override
        public void read(long bytes) {
            pace.take(bytes, this::stopped);
        }

        @Override
        public void written(long bytes) {
            pace.take(bytes, this::stopped);
        }

        @Override
        public boolean stopped() {
            return stopping || log.cancelled() || reserved.test(log.key().topicId());
        }
    }

    @Override
    public void deleted(Topic topic) {
        List<CleaningStore.Key> keys = new ArrayList<>();
        for (Partition partition : topic.partitions()) {
            CleaningStore.Key key = new CleaningStore.Key(topic.id(), partition.number());
            PartitionCleaning gone = partitions.remove(key);
            boolean kept = loaded.remove(key) != null;
            if (gone != null) {
                gone.cancel();
                kept |= gone.state().endedMillis() != CleaningState.NEVER;
            }
            if (kept) {
                keys.add(key);
            }
        }
        if (!keys.isEmpty()) {
            try {
                store.forget(keys);
            } catch (StorageException e) {
                LOG.debug("The next start forgets it: {}", e.getMessage());
            }
        }
    }

    /** Stops soon; a pass that runs is begun again after the next start. Idempotent. */
    @Override
    public void close() {
        stopping = true;
        synchronized (choosing) {
            choosing.notifyAll();
        }
        long until = time.monotonicNanos() + STOP_MILLIS_MAX * 1_000_000;
        for (Thread thread : threads) {
            try {
                // Not interrupted: that would close the file channel that the thread is in.
                thread.join(Math.max(1, (until - time.monotonicNanos()) / 1_000_000));
                if (thread.isAlive()) {
                    LOG.warn("{} did not stop within {} ms", thread.getName(), STOP_MILLIS_MAX);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
