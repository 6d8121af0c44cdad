package io.leat.broker.upkeep;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.storage.api.Damage;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StorageException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all closed segments again and again, slowly, and checks them against their checksums: bits
 * rot on disks, and who looks only when a consumer asks finds it when no good copy is left. What is
 * damaged is fenced off by the log, and shows in health and metrics.
 *
 * <p>One round begins every {@code leat.scrub.interval.ms} and reads at {@code
 * leat.scrub.bytes.per.second} at the most; 0 pauses, in the middle of a round too. A restart goes
 * on where the round was. One thread, its own.
 *
 * <ul>
 *   <li>{@code leat.scrub.bytes}, {@code leat.scrub.segments}: what was read
 *   <li>{@code leat.scrub.damages}: what was found
 *   <li>{@code leat.log.damaged}: 1 for each damaged part, by topic, partition and place
 *   <li>{@code leat.scrub.progress}: how much of the round is done, 0 to 1
 *   <li>{@code leat.scrub.paused}: 1 while it is
 *   <li>{@code leat.scrub.round.age}: since the last whole round ended; not there before the first
 * </ul>
 */
public final class Scrubber implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
    private static final long LOOK_MILLIS = 1_000;
    private static final long FIRST_LOOK_MILLIS = 10_000;
    private static final long STOP_MILLIS_MAX = 10_000;

    private final TopicCatalog topics;
    private final StateStore state;
    private final Supplier<BrokerConfig> config;
    private final InstantSource clock;
    private final Counter bytes;
    private final Counter segments;
    private final Counter damages;
    private final MultiGauge damaged;
    private final Thread thread;

    // Used by the thread only.
    private Set<Damaged> shown = Set.of();

    // Guarded by this.
    private boolean stopping;
    private ScrubPosition position = ScrubPosition.NEVER;

    private volatile long roundBytes;
    private final AtomicLong doneBytes = new AtomicLong();
    private volatile boolean paused;

    /** Unwinds a scrub that is under way when the broker stops. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("the broker stops", null, false, false);
        }
    }

    /**
     * A scrubber that has not begun.
     *
     * @param config what holds now, asked before each piece
     */
    public Scrubber(
            TopicCatalog topics,
            StateStore state,
            Supplier<BrokerConfig> config,
            InstantSource clock,
            MeterRegistry meters) {
        this.topics = topics;
        this.state = state;
        this.config = config;
        this.clock = clock;
        this.bytes =
                Counter.builder("leat.scrub.bytes")
                        .description("Bytes of closed segments that were read and checked")
                        .register(meters);
        this.segments =
                Counter.builder("leat.scrub.segments")
                        .description("Closed segments that were read and checked")
                        .register(meters);
        this.damages =
                Counter.builder("leat.scrub.damages")
                        .description("Damaged parts that scrubbing has found")
                        .register(meters);
        this.damaged =
                MultiGauge.builder("leat.log.damaged")
                        .description("A part of a log that is damaged and cannot be read")
                        .register(meters);
        Gauge.builder("leat.scrub.progress", this, Scrubber::progress)
                .description("How much of this round of scrubbing is done, 0 to 1")
                .register(meters);
        Gauge.builder("leat.scrub.paused", this, scrubber -> scrubber.paused ? 1 : 0)
                .description("1 while scrubbing is paused")
                .register(meters);
        TimeGauge.builder(
                        "leat.scrub.round.age",
                        this,
                        TimeUnit.MILLISECONDS,
                        Scrubber::roundAgeMillis)
                .description("How long ago the last whole round of scrubbing ended")
                .register(meters);
        this.thread = Thread.ofPlatform().daemon().name("leat-scrub").unstarted(this::run);
    }

    /** Begins. */
    public void start() {
        synchronized (this) {
            position = load();
        }
        thread.start();
    }

    private double progress() {
        long all = roundBytes;
        return all == 0 ? 0 : Math.min(1.0, doneBytes.get() / (double) all);
    }

    private synchronized double roundAgeMillis() {
        return position.endedMillis() < 0
                ? Double.NaN
                : (double) (clock.millis() - position.endedMillis());
    }

    private void run() {
        try {
            sleep(Math.min(FIRST_LOOK_MILLIS, config.get().get(BrokerKeys.LEAT_SCRUB_INTERVAL_MS)));
            while (true) {
                try {
                    showDamages();
                    if (due()) {
                        round();
                    }
                } catch (StorageException e) {
                    LOG.warn("Scrubbing has to wait: {}", e.getMessage());
                } catch (Stopped e) {
                    throw e;
                } catch (RuntimeException | InternalError e) {
                    // A bug, or a mapped file that the disk fails to read.
                    LOG.error("Scrubbing failed", e);
                }
                sleep(LOOK_MILLIS);
            }
        } catch (Stopped e) {
            LOG.debug("Scrubbing ends");
        }
    }

    private record Damaged(String topic, int partition, String place) {}

    /** Whoever found them: readers do too. */
    private void showDamages() {
        Set<Damaged> now = new HashSet<>();
        for (Topic topic : topics.all()) {
            for (Partition partition : topic.partitions()) {
                for (Damage damage : partition.damages()) {
                    now.add(new Damaged(topic.name(), partition.number(), damage.place()));
                }
            }
        }
        if (!now.equals(shown)) {
            List<MultiGauge.Row<?>> rows = new ArrayList<>();
            for (Damaged each : now) {
                rows.add(
                        MultiGauge.Row.of(
                                Tags.of(
                                        "topic",
                                        each.topic,
                                        "partition",
                                        Integer.toString(each.partition),
                                        "place",
                                        each.place),
                                1));
            }
            damaged.register(rows, true);
            shown = now;
        }
    }

    private synchronized boolean due() {
        long interval = config.get().get(BrokerKeys.LEAT_SCRUB_INTERVAL_MS);
        return position.running() || clock.millis() - position.beganMillis() >= interval;
    }

    /** One round, or the rest of one. */
    void round() {
        ScrubPosition from;
        synchronized (this) {
            if (!position.running()) {
                position = position.begin(clock.millis());
            }
            from = position;
        }
        List<Partition> partitions = partitions();
        roundBytes = partitions.stream().mapToLong(Scrubber::sealedBytes).sum();
        doneBytes.set(0);
        int found = 0;
        for (Partition partition : partitions) {
            found += scrub(partition, from);
        }
        synchronized (this) {
            position = position.end(clock.millis());
            save(position);
        }
        if (doneBytes.get() == 0) {
            return;
        }
        LOG.info(
                "Scrubbed {} bytes of closed segments in {} partitions: {}",
                doneBytes.get(),
                partitions.size(),
                found == 0 ? "all sound" : found + " damaged parts");
    }

    /** In an order that is the same after a restart. */
    private List<Partition> partitions() {
        List<Partition> all = new ArrayList<>();
        for (Topic topic : topics.all()) {
            all.addAll(topic.partitions());
        }
        all.sort(
                Comparator.comparing((Partition partition) -> partition.id().topicId())
                        .thenComparingInt(Partition::number));
        return all;
    }

    private static long sealedBytes(Partition partition) {
        try {
            return partition.log().sealed().list().stream()
                    .mapToLong(SealedSegment::sizeBytes)
                    .sum();
        } catch (StorageException e) {
            return 0;
        }
    }

    private int scrub(Partition partition, ScrubPosition from) {
        int found = 0;
        try {
            for (SealedSegment segment : partition.log().sealed().list()) {
                if (from.isBehind(partition.id(), segment.baseOffset())) {
                    doneBytes.addAndGet(segment.sizeBytes());
                    continue;
                }
                List<Damage> damaged = partition.log().sealed().scrub(segment, this::pace);
                found += damaged.size();
                damages.increment(damaged.size());
                segments.increment();
                showDamages();
                synchronized (this) {
                    position = position.at(partition.id(), segment.baseOffset());
                    save(position);
                }
            }
        } catch (StorageException e) {
            // Deleted or trimmed meanwhile, or its disk fails: the next round comes.
            LOG.debug("Scrubbing passes over {}: {}", partition.id(), e.getMessage());
        }
        return found;
    }

    /** So many bytes are about to be read: waits as long as they may take, and while paused. */
    private void pace(int count) {
        long rate = config.get().get(BrokerKeys.LEAT_SCRUB_BYTES_PER_SECOND);
        while (rate == 0) {
            paused = true;
            sleep(LOOK_MILLIS);
            rate = config.get().get(BrokerKeys.LEAT_SCRUB_BYTES_PER_SECOND);
        }
        paused = false;
        sleep(count * 1_000L / rate);
        bytes.increment(count);
        doneBytes.addAndGet(count);
    }

    /** Not Thread.sleep, which only an interrupt ends, and that would close files. */
    private synchronized void sleep(long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long left = millis;
        while (left > 0 && !stopping) {
            try {
                wait(left);
            } catch (InterruptedException e) {
                LOG.warn("{} was interrupted", thread.getName());
            }
            left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
        if (stopping) {
            throw new Stopped();
        }
    }

    private ScrubPosition load() {
        try {
            return state.get(ScrubPosition.KEY.getBytes(StandardCharsets.US_ASCII))
                    .flatMap(ScrubPosition::read)
                    .orElse(ScrubPosition.NEVER);
        } catch (StorageException e) {
            LOG.warn("Scrubbing begins anew: {}", e.getMessage());
            return ScrubPosition.NEVER;
        }
    }

    /** Not durably: what a power cut takes back is read once more. */
    private void save(ScrubPosition now) {
        try {
            state.write(
                    List.of(
                            new StateStore.Write.Put(
                                    ScrubPosition.KEY.getBytes(StandardCharsets.US_ASCII),
                                    now.bytes())),
                    false);
        } catch (StorageException e) {
            LOG.debug("Where scrubbing is, is not kept: {}", e.getMessage());
        }
    }

    /** Stops soon. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            stopping = true;
            notifyAll();
        }
        try {
            thread.join(STOP_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
