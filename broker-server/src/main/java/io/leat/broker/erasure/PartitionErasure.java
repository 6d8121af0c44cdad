package io.leat.broker.erasure;

import io.leat.broker.coordinator.Time;
import io.leat.broker.partition.Partition;
import io.leat.compaction.erasure.ErasureJournal;
import io.leat.compaction.erasure.LogErasure;
import io.leat.compaction.erasure.LogProgress;
import io.leat.compaction.erasure.LogProgress.Stage;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of an erasure that is one partition's. It is tried until it succeeds: what fails may be
 * another rewrite of the log, a full disk, or a log that is about to be healed. Only after {@link
 * #PATIENCE} without any progress is it given up. On the thread of {@link Erasures} alone.
 */
final class PartitionErasure implements ErasureJournal {
    static final Duration PATIENCE = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(PartitionErasure.class);
    private static final Duration PAUSE_MIN = Duration.ofMillis(20);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(20);
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final RunningErasure job;
    private final Partition partition;
    private final ErasureStore store;
    private final Time time;
    private final Stopping stopping;

    private @Nullable LogErasure erasure;
    private @Nullable PartitionLog erasedLog;
    private long stuckSinceNanos;
    private int failures;
    private boolean warned;

    /** Says whether the broker is stopping. */
    @FunctionalInterface
    interface Stopping {
        boolean stopping();
    }

    PartitionErasure(
            RunningErasure job,
            Partition partition,
            ErasureStore store,
            Time time,
            Stopping stopping) {
        this.job = job;
        this.partition = partition;
        this.store = store;
        this.time = time;
        this.stopping = stopping;
        this.stuckSinceNanos = time.monotonicNanos();
    }

    private UUID id() {
        return job.accepted().id();
    }

    /**
     * Goes on as far as it can.
     *
     * @return how long to wait before the next call; nothing where there shall be none
     */
    Optional<Duration> goOn() {
        if (stopped()) {
            return Optional.empty();
        }
        try {
            LogProgress progress = erasure().run();
            if (progress.stage() == Stage.DONE) {
                job.problem(partition.number(), Optional.empty());
                return Optional.empty();
            }
            return stuck("readers still hold files of " + partition.id() + " that were replaced");
        } catch (StorageException e) {
            return stopped() ? Optional.empty() : stuck(String.valueOf(e.getMessage()));
        } catch (RuntimeException | InternalError e) {
            // A bug, or a mapped file that the disk fails to read: neither may end the thread.
            LOG.error("Erasure {} failed in {}", id(), partition.id(), e);
            return stuck("it failed in " + partition.id() + ": " + e);
        }
    }

    @SuppressWarnings("ReferenceEquality") // Whether it is the very log that was erased in before.
    private LogErasure erasure() {
        PartitionLog log = partition.log();
        LogErasure current = erasure;
        // A log that failed may have been opened anew.
        if (current == null || log != erasedLog) {
            LogProgress progress = job.log(partition.number()).orElseThrow();
            current =
                    new LogErasure(
                            log,
                            job.accepted().keys(),
                            job.accepted().leaveTombstone(),
                            progress,
                            this,
                            () -> Instant.ofEpochMilli(time.wallMillis()));
            erasure = current;
            erasedLog = log;
        }
        return current;
    }

    private Optional<Duration> stuck(String why) {
        Duration since = Duration.ofNanos(time.monotonicNanos() - stuckSinceNanos);
        if (since.compareTo(PATIENCE) >= 0) {
            LOG.error("Erasure {} gives {} up: {}", id(), partition.id(), why);
            job.giveUp(partition.number(), why);
            return Optional.empty();
        }
        if (!warned && since.compareTo(QUIET) >= 0) {
            warned = true;
            LOG.warn("Erasure {} waits: {}", id(), why);
        }
        job.problem(partition.number(), Optional.of(why));
        Duration pause = PAUSE_MIN.multipliedBy(1L << Math.min(failures, 20));
        failures++;
        return Optional.of(pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX);
    }

    @Override
    public void save(LogProgress progress, boolean durably) {
        if (durably) {
            store.save(id(), partition.number(), progress);
        }
        job.log(partition.number(), progress);
        stuckSinceNanos = time.monotonicNanos();
        failures = 0;
        warned = false;
    }

    @Override
    public void read(long bytes) {
        job.read(bytes);
    }

    @Override
    public boolean stopped() {
        return job.cancelled() || stopping.stopping();
    }
}
