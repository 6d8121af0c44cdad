package io.leat.tests.simulation;

import io.leat.storage.api.AbortedTransaction;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.Damage;
import io.leat.storage.api.Durability;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogId;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.StorageException;
import io.leat.storage.api.TimedOffset;
import io.leat.tests.simulation.LogModel.Seen;
import io.leat.wire.record.Compression;
import io.leat.wire.record.Record;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordBatches;
import io.leat.wire.record.RecordReader;
import io.leat.wire.record.TransactionMarker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** One log with its producers and its model. The log is another object in each life. */
final class SimulatedLog {
    static final int KEYS = 8;
    private static final int IN_FLIGHT_MAX = 5;
    private static final int INFLATED_BYTES_MAX = 1 << 20;

    private final Simulation simulation;
    final LogId id;
    final LogModel model;
    final List<SimulatedProducer> producers = new ArrayList<>();
    private @Nullable PartitionLog log;

    SimulatedLog(Simulation simulation, LogId id, boolean compacted) {
        this.simulation = simulation;
        this.id = id;
        this.model = new LogModel(compacted);
        producers.add(new SimulatedProducer(SimulatedProducer.Kind.PLAIN, -1));
        for (int i = 0; i < 4; i++) {
            SimulatedProducer.Kind kind =
                    i < 2
                            ? SimulatedProducer.Kind.IDEMPOTENT
                            : SimulatedProducer.Kind.TRANSACTIONAL;
            producers.add(new SimulatedProducer(kind, 100 + i));
        }
    }

    void opened(PartitionLog opened) {
        log = opened;
    }

    PartitionLog log() {
        PartitionLog open = log;
        if (open == null) {
            throw new AssertionError(id + " is not open");
        }
        return open;
    }

    /** The log for those who wait for its futures. */
    DrivenLog driven() {
        return new DrivenLog(log(), simulation.store());
    }

    // ---- producers

    void sendSomething() {
        SimulatedProducer producer = producers.get(simulation.below(producers.size()));
        if (producer.stuck() || (producer.transaction != null && producer.transaction.ending())) {
            return;
        }
        if (producer.unsettled.size() == IN_FLIGHT_MAX) {
            settle(producer);
            if (producer.unsettled.size() == IN_FLIGHT_MAX) {
                return;
            }
        }
        if (producer.kind == SimulatedProducer.Kind.TRANSACTIONAL && producer.transaction == null) {
            producer.transaction = new Transaction();
        }
        int count = 1 + simulation.below(3);
        List<Sent.Made> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = simulation.below(10) == 0 && !model.compacted() ? null : simulation.key();
            records.add(new Sent.Made(simulation.timestamp(), key, simulation.value()));
        }
        Sent batch =
                new Sent(
                        producer,
                        producer.nextSequence,
                        records,
                        producer.transaction,
                        simulation.below(4) == 0 ? Durability.WRITTEN : Durability.FORCED,
                        compression());
        producer.nextSequence += count;
        producer.unsettled.add(batch);
        model.sending(batch);
        send(batch);
    }

    private Compression compression() {
        return switch (simulation.below(8)) {
            case 0 -> Compression.GZIP;
            case 1 -> Compression.LZ4;
            case 2 -> Compression.ZSTD;
            default -> Compression.NONE;
        };
    }

    private void send(Sent batch) {
        simulation.trace("%s: send %s", id, batch);
        batch.sent(log().append(batch.batch(), batch.durability));
    }

    /** Waits for the oldest batches of a producer, as long as they come to be durable. */
    private void settle(SimulatedProducer producer) {
        while (!producer.unsettled.isEmpty()) {
            Sent oldest = producer.unsettled.getFirst();
            var _ = simulation.drive(oldest.answer());
            if (producer.kind != SimulatedProducer.Kind.PLAIN && oldest.refused()) {
                simulation.tolerate("refused: " + oldest);
                return;
            }
            OptionalLong base = oldest.baseOffset();
            if (base.isPresent() && !awaitDurable(base.getAsLong() + oldest.records.size())) {
                return;
            }
            producer.unsettled.removeFirst();
            base.ifPresent(offset -> model.acknowledged(oldest, offset));
        }
    }

    /** Whether the log comes to be durable up to there. */
    private boolean awaitDurable(long end) {
        while (log().bounds().durableEnd() < end) {
            if (!simulation.store().step()) {
                simulation.tolerate("never durable up to " + end);
                return false;
            }
        }
        return true;
    }

    /** A producer sends again, in order, what it does not know to be durable. */
    void repeat(SimulatedProducer producer) {
        if (producer.kind == SimulatedProducer.Kind.PLAIN) {
            // It does not try again: what it was not told may be there or not.
            producer.unsettled.clear();
            return;
        }
        producer.unsettled.forEach(this::send);
        settle(producer);
    }

    /** Ends a transaction, or goes on with that. */
    void endTransaction(SimulatedProducer producer) {
        Transaction transaction = producer.transaction;
        if (transaction == null) {
            return;
        }
        if (transaction.state == Transaction.State.OPEN) {
            settle(producer);
            if (!producer.unsettled.isEmpty()) {
                return;
            }
            transaction.state =
                    simulation.below(2) == 0
                            ? Transaction.State.COMMITTING
                            : Transaction.State.ABORTING;
        }
        writeMarker(producer, transaction);
    }

    /**
     * A new instance of a transactional producer: the coordinator aborts what the old one began.
     */
    void fence(SimulatedProducer producer) {
        Transaction transaction = producer.transaction;
        producer.unsettled.clear();
        producer.epoch++;
        producer.nextSequence = 0;
        if (transaction != null) {
            if (transaction.state == Transaction.State.OPEN) {
                transaction.state = Transaction.State.ABORTING;
            }
            writeMarker(producer, transaction);
        }
    }

    private void writeMarker(SimulatedProducer producer, Transaction transaction) {
        boolean commit = transaction.state == Transaction.State.COMMITTING;
        simulation.trace("%s: %s of %s", id, transaction.state, producer);
        ByteBuffer marker =
                new TransactionMarker(producer.id, producer.epoch, commit, 0)
                        .batch(simulation.timestamp());
        AppendOutcome outcome = simulation.drive(log().append(marker, Durability.FORCED)).join();
        if (outcome instanceof Appended appended) {
            model.acknowledgedMarker(appended.lastOffset());
            transaction.ended();
            producer.transaction = null;
        } else {
            simulation.tolerate("marker of " + producer + ": " + outcome);
        }
    }

    /** The life ends: what was answered is known, whatever comes. */
    void noteAnswers(boolean clean) {
        for (SimulatedProducer producer : producers) {
            for (Sent batch : producer.unsettled) {
                if (!batch.answer().isDone()) {
                    throw new AssertionError("never answered: " + batch);
                }
                boolean durable = clean || batch.durability == Durability.FORCED;
                if (durable) {
                    batch.baseOffset().ifPresent(base -> model.acknowledged(batch, base));
                }
            }
        }
        log = null;
    }

    // ---- readers

    /** Reads all there is, both ways, looks things up, and holds it against the model. */
    void check() {
        model.check(log().bounds());
        LogBounds bounds = log().bounds();
        Optional<List<Seen>> all =
                readAll(bounds.logStart(), bounds.durableEnd(), Isolation.READ_UNCOMMITTED);
        if (all.isEmpty()) {
            return;
        }
        model.checkAll(all.get(), bounds.durableEnd());
        readAll(bounds.logStart(), bounds.lastStable(), Isolation.READ_COMMITTED)
                .ifPresent(
                        visible -> model.checkCommitted(visible, all.get(), bounds.lastStable()));
        checkTimes(all.get());
    }

    private void checkTimes(List<Seen> all) {
        if (all.isEmpty() || simulation.troubled()) {
            return;
        }
        long wanted = all.get(simulation.below(all.size())).timestampMillis() + simulation.below(3);
        // Nothing else works meanwhile, so the log is as it was when it was read.
        OptionalLong expected = LogModel.firstFrom(all, wanted);
        Optional<TimedOffset> found = simulation.drive(log().offsetForTime(wanted)).join();
        if (expected.isPresent() != found.isPresent()
                || (found.isPresent() && found.get().offset() != expected.getAsLong())) {
            throw new AssertionError(
                    "%s: first from %d is %s, not %s".formatted(id, wanted, found, expected));
        }
        Seen youngest =
                all.stream()
                        .max(
                                Comparator.comparingLong(Seen::timestampMillis)
                                        .thenComparing(
                                                Comparator.comparingLong(Seen::offset).reversed()))
                        .orElseThrow();
        Optional<TimedOffset> largest = simulation.drive(log().maxTimestamp()).join();
        if (largest.isEmpty() || largest.get().offset() != youngest.offset()) {
            throw new AssertionError("%s: youngest is %s, not %s".formatted(id, largest, youngest));
        }
    }

    /** Reads from an offset to an end; nothing where that fails, as it may just now. */
    private Optional<List<Seen>> readAll(long from, long end, Isolation isolation) {
        List<Seen> found = new ArrayList<>();
        long next = from;
        while (next < end) {
            ReadOutcome outcome =
                    simulation
                            .drive(log().read(next, 1 + simulation.below(5_000), true, isolation))
                            .join();
            if (!(outcome instanceof ReadOutcome.Data data)) {
                simulation.tolerate("%s: read of %d: %s".formatted(id, next, outcome));
                return Optional.empty();
            }
            long before = next;
            try (var slice = data.slice()) {
                next = take(slice.bytes(), next, end, isolation, data.aborted(), found);
            }
            if (next == before) {
                if (isolation == Isolation.READ_COMMITTED) {
                    break;
                }
                throw new AssertionError("%s: nothing at %d".formatted(id, next));
            }
        }
        return Optional.of(found);
    }

    /** Does as a consumer does with what it has fetched. */
    private long take(
            ByteBuffer bytes,
            long from,
            long end,
            Isolation isolation,
            List<AbortedTransaction> aborted,
            List<Seen> found) {
        List<AbortedTransaction> coming = new ArrayList<>(aborted);
        coming.sort(Comparator.comparingLong(AbortedTransaction::firstOffset));
        Set<Long> aborting = new HashSet<>();
        long next = from;
        for (RecordBatch batch : new RecordBatches(bytes)) {
            if (!batch.crcValid()) {
                throw new AssertionError("%s: damaged at %d".formatted(id, next));
            }
            if (batch.nextOffset() <= next || batch.baseOffset() >= end) {
                throw new AssertionError("%s: %s from %d to %d".formatted(id, batch, next, end));
            }
            while (!coming.isEmpty() && coming.getFirst().firstOffset() <= batch.lastOffset()) {
                aborting.add(coming.removeFirst().producerId());
            }
            boolean hidden =
                    isolation == Isolation.READ_COMMITTED
                            && batch.isTransactional()
                            && !batch.isControl()
                            && aborting.contains(batch.producerId());
            if (!hidden) {
                records(batch, next, found);
            }
            if (batch.isControl()
                    && TransactionMarker.of(batch).stream().anyMatch(m -> !m.committed())) {
                aborting.remove(batch.producerId());
            }
            next = batch.nextOffset();
        }
        return next;
    }

    private static void records(RecordBatch batch, long from, List<Seen> found) {
        try (RecordReader records = new RecordReader(batch, INFLATED_BYTES_MAX)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.offset() >= from) {
                    boolean marker = batch.isControl();
                    found.add(
                            new Seen(
                                    record.offset(),
                                    record.timestampMillis(),
                                    marker ? null : text(record.key()),
                                    marker
                                            ? batch.producerId() + " " + TransactionMarker.of(batch)
                                            : text(record.value()),
                                    marker));
                }
            }
        }
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    // ---- upkeep

    /** What no disk did may not be reported. */
    void scrub() {
        for (SealedSegment segment : log().sealed().list()) {
            try {
                List<Damage> damages = log().sealed().scrub(segment, bytes -> {});
                if (!damages.isEmpty()) {
                    throw new AssertionError(id + ": " + damages);
                }
            } catch (StorageException e) {
                simulation.tolerate("scrub: " + e.getMessage());
                return;
            }
        }
    }

    void trim() {
        LogBounds bounds = log().bounds();
        long span = bounds.durableEnd() - bounds.logStart();
        long to = bounds.logStart() + (long) (simulation.below(100) / 120.0 * span);
        simulation.trace("%s: trim to %d", id, to);
        model.trimming(to);
        try {
            LogBounds trimmed = simulation.drive(log().trim(to)).join();
            model.trimmed(trimmed.logStart());
        } catch (CompletionException e) {
            simulation.tolerate("trim: " + e.getMessage());
        }
    }

    void seal() {
        simulation.trace("%s: seal", id);
        try {
            simulation.drive(log().sealed().seal()).join();
        } catch (CompletionException e) {
            simulation.tolerate("seal: " + e.getMessage());
        }
    }
}
