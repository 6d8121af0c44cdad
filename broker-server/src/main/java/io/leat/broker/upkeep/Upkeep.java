package io.leat.broker.upkeep;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.broker.config.TopicKeys;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.compaction.retention.LogRetention;
import io.leat.compaction.retention.RetentionPolicy;
import io.leat.storage.api.StorageException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through all partitions every {@code log.retention.check.interval.ms}, and removes what their
 * topics do not keep: of topics with {@code delete} in their {@code cleanup.policy}, by {@code
 * retention.ms} and {@code retention.bytes}. One thread; a log that cannot be looked after is
 * logged and left for the next round.
 *
 * <p>Counts in {@code leat.retention.offsets} by how many offsets log starts moved up.
 */
public final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final long FIRST_ROUND_MILLIS_MAX = 30_000;
    private static final long STOP_SECONDS_MAX = 10;

    private final TopicCatalog topics;
    private final InstantSource clock;
    private final Counter offsets;
    private final ScheduledThreadPoolExecutor thread;
    private volatile boolean stopping;

    public Upkeep(TopicCatalog topics, InstantSource clock, MeterRegistry meters) {
        this.topics = topics;
        this.clock = clock;
        this.offsets =
                Counter.builder("leat.retention.offsets")
                        .description("Offsets that retention has moved log starts up by")
                        .register(meters);
        this.thread =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("leat-upkeep").factory());
    }

    /** Begins to look after the logs. */
    public void start(BrokerConfig config) {
        long interval = config.get(BrokerKeys.LOG_RETENTION_CHECK_INTERVAL_MS);
        var _ =
                thread.scheduleWithFixedDelay(
                        this::round,
                        Math.min(interval, FIRST_ROUND_MILLIS_MAX),
                        interval,
                        TimeUnit.MILLISECONDS);
    }

    /** Looks after every log once. */
    void round() {
        for (Topic topic : topics.all()) {
            if (!topic.config().get(TopicKeys.CLEANUP_POLICY).contains("delete")) {
                continue;
            }
            RetentionPolicy policy =
                    new RetentionPolicy(
                            topic.config().get(TopicKeys.RETENTION_MS),
                            topic.config().get(TopicKeys.RETENTION_BYTES));
            for (Partition partition : topic.partitions()) {
                if (stopping) {
                    return;
                }
                retain(topic, partition, policy);
            }
        }
    }

    private void retain(Topic topic, Partition partition, RetentionPolicy policy) {
        if (partition.failure().isPresent()) {
            return;
        }
        try {
            long moved = LogRetention.apply(partition.log(), policy, clock.millis());
            if (moved > 0) {
                offsets.increment((double) moved);
                LOG.info(
                        "{} starts at {} now: {} offsets went by retention.ms {}, retention.bytes"
                                + " {}",
                        partition.id(),
                        partition.log().bounds().logStart(),
                        moved,
                        policy.millis(),
                        policy.bytes());
            }
        } catch (StorageException e) {
            if (!stopping && topics.find(topic.id()).isPresent()) {
                LOG.warn("Retention of {} has to wait: {}", partition.id(), e.getMessage());
            }
        } catch (RuntimeException | InternalError e) {
            // A bug, or a mapped file that the disk fails to read: the others want to be tidy too.
            LOG.error("Retention of {} failed", partition.id(), e);
        }
    }

    /** Stops soon. Idempotent. */
    @Override
    public void close() {
        stopping = true;
        // Not shutdownNow: an interrupt would close the file channel that the thread is in.
        thread.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.warn("Upkeep did not stop within {} s", STOP_SECONDS_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
