package io.leat.broker.share;

import io.leat.broker.api.ProducerIds;
import io.leat.broker.coordinator.Time;
import io.leat.broker.partition.Partition;
import io.leat.broker.share.DeadLetterTopics.Target;
import io.leat.broker.share.Standing.Archiving;
import io.leat.storage.api.ActiveProducer;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.Durability;
import io.leat.storage.api.StorageException;
import io.leat.wire.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records that are not delivered any more to the dead-letter topics of their groups.
 *
 * <p><b>One copy.</b> A record's number among the dead letters of its group and partition is on
 * disk before it is written, and is the sequence number with which it is written, by a producer id
 * of the group's and partition's own. What the dead-letter topic's log knows of that producer says
 * after a crash which dead letters it has; the rest is written, and only what is forced is noted as
 * archived. So there is exactly one, unless between the write and the note the group gets another
 * dead-letter topic, the topic more partitions or the log forgets the producer ({@code
 * producer.id.expiration.ms}): then there may be two, never none.
 *
 * <p>What cannot be written waits, and counts as not done with: so a group whose dead-letter topic
 * cannot be written comes to a stop when its window is full, instead of losing records. The queue
 * is these windows; here is one small task for each partition that has any.
 */
final class DeadLetters implements AutoCloseable {
    /** How many partitions' dead letters are written at the same time. */
    private static final int WRITERS_MAX = 4;

    private static final long PAUSE_MILLIS_MIN = 200;
    private static final long PAUSE_MILLIS_MAX = 10_000;
    private static final int SEQUENCE_MASK = Integer.MAX_VALUE;
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final DeadLetterTopics targets;
    private final ProducerIds producerIds;
    private final Time time;
    private final Counter written;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("leat-dead-letters-", 0).factory());
    private final Semaphore writers = new Semaphore(WRITERS_MAX);
    private final Map<SharePartitionId, Boolean> draining = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stop = lock.newCondition();
    private volatile boolean stopping;
    private volatile Optional<ShareGroups> groups = Optional.empty();

    DeadLetters(
            DeadLetterTopics targets, ProducerIds producerIds, Time time, MeterRegistry meters) {
        this.targets = targets;
        this.producerIds = producerIds;
        this.time = time;
        this.written =
                Counter.builder("leat.share.dead.letters")
                        .description("Records that were written to dead-letter topics")
                        .register(meters);
        Gauge.builder("leat.share.dead.letters.waiting", this, DeadLetters::waiting)
                .description("Records that wait to be written to dead-letter topics")
                .register(meters);
    }

    /** Begins, with what an earlier run has left. */
    void start(ShareGroups shareGroups) {
        groups = Optional.of(shareGroups);
        shareGroups.forEach(this::published);
    }

    /** A share partition changed. Any thread; returns at once. */
    void published(SharePartitionId id, SharePartition state) {
        if (state.archiving()
                && groups.isPresent()
                && !stopping
                && draining.putIfAbsent(id, true) == null) {
            threads.execute(() -> drain(id, groups.get()));
        }
    }

    private double waiting() {
        long[] waiting = {0};
        groups.ifPresent(all ->
                all.forEach((id, state) ->
                        state.window()
                                .runs()
                                .forEach(run -> {
                                    if (run.standing() instanceof Archiving) {
                                        waiting[0] += run.count();
                                    }
                                })));
        return waiting[0];
    }

    static int wireSequence(long sequence) {
        return (int) (sequence & SEQUENCE_MASK);
    }

    private void drain(SharePartitionId id, ShareGroups all) {
        Drain drain = new Drain(id, all);
        try {
            while (!stopping && drain.goOn()) {
                // one batch after the other
            }
        } catch (RuntimeException e) {
            LOG.error("Dead letters of {} stay unwritten until more come", id, e);
        } finally {
            draining.remove(id);
        }
        // What came between the last look and the removal.
        all.find(id).filter(state -> !drain.failed).ifPresent(state -> published(id, state));
    }

    /** The writing for one share partition. */
    private final class Drain {
        private final SharePartitionId id;
        private final ShareGroups all;
        private boolean checked;
        private boolean copying = true;
        private int recordsMax = DeadLetterBatch.RECORDS_MAX;
        private long pauseMillis = PAUSE_MILLIS_MIN;
        private long owedMillis;
        private String complaint = "";
        private boolean failed = true;

        private Drain(SharePartitionId id, ShareGroups all) {
            this.id = id;
            this.all = all;
        }

        /** Writes a batch; false when there is nothing left to write. */
        private boolean goOn() {
            Optional<SharePartition> state = all.find(id);
            Optional<Partition> source = all.partition(id);
            if (state.isEmpty() || source.isEmpty() || !state.get().archiving()) {
                // Those of a topic that is gone wait for nothing but their removal.
                failed = source.isEmpty();
                return false;
            }
            try {
                writers.acquireUninterruptibly();
                try {
                    write(state.get(), source.get());
                } finally {
                    writers.release();
                }
            } catch (StorageException | CompletionException e) {
                checked = false;
                complain(String.valueOf(e.getMessage()));
            }
            // Without the permit: who has to wait keeps nobody else waiting.
            pause(owedMillis);
            owedMillis = 0;
            return true;
        }

        private void write(SharePartition state, Partition source) {
            Run run = first(state);
            Optional<Target> target = targets.of(id, source.id().topic());
            if (target.isEmpty()) {
                archived(state.nextSequence()); // the group does not want them any more
                return;
            }
            switch (target.get()) {
                case Target.Unusable(String why) -> complain(why);
                case Target.Usable(Partition to, boolean copied) ->
                        append(state, run, source, to, copied);
            }
        }

        private void append(
                SharePartition state, Run run, Partition source, Partition to, boolean copied) {
            OptionalLong producer = state.producer();
            if (producer.isEmpty()) {
                takeProducer();
                return;
            }
            if (!checked && noteWhatIsThere(run, producer.getAsLong(), to, state)) {
                return;
            }
            DeadLetterBatch.Built batch =
                    DeadLetterBatch.of(
                            new DeadLetterBatch.Request(
                                    id,
                                    source,
                                    run,
                                    producer.getAsLong(),
                                    copied && copying,
                                    recordsMax,
                                    time.wallMillis()));
            AppendOutcome outcome = to.log().append(batch.bytes(), Durability.FORCED).join();
            switch (outcome) {
                case AppendOutcome.Appended appended -> {
                    written.increment(batch.count());
                    archived(batch.sequenceEnd());
                }
                case AppendOutcome.Duplicate duplicate -> archived(batch.sequenceEnd());
                case AppendOutcome.Refused(var reason, String message) -> refused(reason, message);
            }
        }

        private void refused(AppendOutcome.Refusal reason, String message) {
            switch (reason) {
                case BATCH_TOO_LARGE, CORRUPT -> {
                    // Smaller, and in the end without the record itself.
                    copying = recordsMax > 1;
                    recordsMax = Math.max(1, recordsMax / 8);
                }
                case OUT_OF_ORDER_SEQUENCE, DUPLICATE_SEQUENCE, STALE_PRODUCER_EPOCH ->
                        takeProducer(); // the topic was another meanwhile
                case OVERLOADED, STORAGE_FAILED, CLOSED -> {
                    checked = false;
                    complain(message);
                }
            }
        }

        /** Finds out what of a run an earlier attempt has written; says whether there was any. */
        private boolean noteWhatIsThere(
                Run run, long producerId, Partition to, SharePartition state) {
            long writtenEnd = to.log().bounds().writtenEnd();
            Optional<ActiveProducer> known =
                    to.log().producers().join().stream()
                            .filter(each -> each.id() == producerId)
                            .findFirst();
            if (to.log().bounds().durableEnd() < writtenEnd) {
                owedMillis = PAUSE_MILLIS_MIN; // it may be written, but not forced
                return true;
            }
            checked = true;
            if (known.isEmpty() || known.get().lastSequence() < 0) {
                return false;
            }
            long first = ((Archiving) run.standing()).sequence();
            int distance = (known.get().lastSequence() - wireSequence(first)) & SEQUENCE_MASK;
            long end = first + distance + 1;
            if (distance >= 1 << 30 || end > state.nextSequence()) {
                return false;
            }
            archived(end);
            return true;
        }

        private void takeProducer() {
            long producerId = producerIds.next().join();
            told(
                    all.<ErrorCode>ask(
                                    id, to -> new ShareCommand.TakeProducer(producerId, to), e -> e)
                            .toCompletableFuture()
                            .join());
        }

        private void archived(long sequenceEnd) {
            told(
                    all.<ErrorCode>ask(id, to -> new ShareCommand.Archived(sequenceEnd, to), e -> e)
                            .toCompletableFuture()
                            .join());
            copying = true;
            recordsMax = DeadLetterBatch.RECORDS_MAX;
        }

        private void told(ErrorCode error) {
            if (error == ErrorCode.NONE) {
                pauseMillis = PAUSE_MILLIS_MIN;
                complaint = "";
            } else {
                checked = false;
                complain(error.message());
            }
        }

        private void complain(String why) {
            if (!why.equals(complaint) && !stopping) {
                complaint = why;
                LOG.warn(
                        "Dead letters of group {} for {}-{} wait: {}",
                        id.groupId(),
                        all.partition(id).map(source -> source.id().topic()).orElse("?"),
                        id.partition(),
                        why);
            }
            owedMillis = pauseMillis;
            pauseMillis = Math.min(PAUSE_MILLIS_MAX, pauseMillis * 2);
        }
    }

    private static Run first(SharePartition state) {
        return state.window().runs().stream()
                .filter(run -> run.standing() instanceof Archiving)
                .min(Comparator.comparingLong(run -> ((Archiving) run.standing()).sequence()))
                .orElseThrow();
    }

    private void pause(long millis) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (!stopping && left > 0) {
                left = stop.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            LOG.debug("Interrupted, which nobody should do", e);
        } finally {
            lock.unlock();
        }
    }

    /** Stops soon; what is not written is written after the next start. Idempotent. */
    @Override
    public void close() {
        stopping = true;
        lock.lock();
        try {
            stop.signalAll();
        } finally {
            lock.unlock();
        }
        threads.shutdown();
        try {
            if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("The writing of dead letters did not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
