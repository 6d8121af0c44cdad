package io.leat.broker.erasure;

import io.leat.broker.coordinator.Time;
import io.leat.broker.erasure.Erasure.State;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.compaction.erasure.LogProgress;
import io.leat.storage.api.StorageException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries erasures out, partition by partition, with one thread that is there only while there is
 * work. What cannot go on waits its turn, and lets the others pass. Any thread may call; none
 * waits.
 */
final class ErasureWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ErasureWorker.class);
    private static final Duration STORE_PAUSE = Duration.ofSeconds(1);
    private static final long IDLE_SECONDS_MAX = 10;
    private static final long STOP_SECONDS_MAX = 10;

    private final ErasureStore store;
    private final ErasureHistory history;
    private final TopicCatalog topics;
    private final PendingRecords pending;
    private final Time time;
    private final ErasureMetrics metrics;
    private final ScheduledThreadPoolExecutor thread;
    private final Map<UUID, RunningErasure> running = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    ErasureWorker(
            ErasureStore store,
            ErasureHistory history,
            TopicCatalog topics,
            PendingRecords pending,
            Time time,
            MeterRegistry meters) {
        this.store = store;
        this.history = history;
        this.topics = topics;
        this.pending = pending;
        this.time = time;
        this.metrics = new ErasureMetrics(meters, running::size);
        this.thread =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("leat-erasure").factory());
        thread.setKeepAliveTime(IDLE_SECONDS_MAX, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    boolean stopping() {
        return stopping;
    }

    /** How many run. */
    int count() {
        return running.size();
    }

    boolean runsIn(UUID topicId) {
        for (RunningErasure job : running.values()) {
            if (job.accepted().topicId().equals(topicId)) {
                return true;
            }
        }
        return false;
    }

    Optional<RunningErasure> find(UUID id) {
        return Optional.ofNullable(running.get(id));
    }

    /**
     * Begins an erasure, or goes on with it.
     *
     * @param progress how far it is, by partition
     */
    void launch(Erasure erasure, Map<Integer, LogProgress> progress, Topic topic) {
        int readings = erasure.leaveTombstone() ? 3 : 2;
        long workBytes =
                topic.partitions().stream()
                        .filter(partition -> progress.containsKey(partition.number()))
                        .mapToLong(partition -> sizeBytes(partition) * readings)
                        .sum();
        RunningErasure job = new RunningErasure(erasure, progress, workBytes);
        running.put(erasure.id(), job);
        for (int number : job.unfinished()) {
            topic.partition(number)
                    .map(partition -> part(job, partition))
                    .ifPresent(part -> schedule(() -> goOn(job, part), Duration.ZERO));
        }
        schedule(() -> endIfOver(job), Duration.ZERO);
    }

    /** For people who watch; a log that cannot say keeps no erasure from beginning. */
    private static long sizeBytes(Partition partition) {
        try {
            return partition.log().details().sizeBytes();
        } catch (StorageException e) {
            LOG.warn("{}: {}", partition.id(), e.getMessage());
            return 0;
        }
    }

    private PartitionErasure part(RunningErasure job, Partition partition) {
        return new PartitionErasure(job, partition, store, time, this::stopping);
    }

    /** Ends an erasure whose topic is gone since a start. */
    void launchWithoutTopic(Erasure erasure, Map<Integer, LogProgress> progress) {
        RunningErasure job = new RunningErasure(erasure, progress, 0);
        running.put(erasure.id(), job);
        cancel(job);
    }

    /** A topic is gone, and with it all that was to be erased from it. */
    void deleted(Topic topic) {
        running.values().stream()
                .filter(job -> job.accepted().topicId().equals(topic.id()))
                .forEach(this::cancel);
    }

    private void cancel(RunningErasure job) {
        job.cancel();
        schedule(() -> endIfOver(job), Duration.ZERO);
    }

    private void goOn(RunningErasure job, PartitionErasure part) {
        if (stopping) {
            return;
        }
        if (topics.find(job.accepted().topicId()).isEmpty()) {
            job.cancel();
        }
        Optional<Duration> pause = part.goOn();
        if (pause.isPresent()) {
            schedule(() -> goOn(job, part), pause.get());
        } else {
            endIfOver(job);
        }
    }

    private void endIfOver(RunningErasure job) {
        boolean over = job.cancelled() || job.settled();
        if (over && !stopping && running.containsKey(job.accepted().id())) {
            end(job);
        }
    }

    private void end(RunningErasure job) {
        Erasure result = job.end(time.wallMillis());
        try {
            pending.purge(result.topicId());
            store.end(result, history.nextForgotten());
        } catch (StorageException e) {
            LOG.warn("The end of erasure {} is not kept yet: {}", result.id(), e.getMessage());
            schedule(() -> endIfOver(job), STORE_PAUSE);
            return;
        }
        metrics.ended(result);
        history.ended(result);
        // What is not running any more is shown as it ended: the last.
        running.remove(result.id());
        if (result.state() == State.FAILED) {
            LOG.error("{}", ErasureText.end(result));
        } else {
            LOG.info("{}", ErasureText.end(result));
        }
    }

    private void schedule(Runnable task, Duration delay) {
        try {
            var _ = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Stopping: an erasure goes on after the next start");
        }
    }

    /** Stops soon; what runs goes on after the next start. Idempotent. */
    @Override
    public void close() {
        stopping = true;
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.warn("An erasure did not stop within {} s", STOP_SECONDS_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
