package io.leat.compaction.cleaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.compaction.cleaning.CompactedLog.Seen;
import io.leat.compaction.cleaning.LogModel.Fate;
import io.leat.storage.api.ActiveProducer;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.Batches;
import io.leat.wire.record.Compression;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Producers of all kinds at work on one log: plain, idempotent, and transactional of both versions;
 * values, tombstones and records without keys, in all codecs.
 */
final class RandomProducers {
    private static final int KEYS = 25;
    private static final int PRODUCERS = 6;
    private static final Compression[] CODECS = Compression.values();

    private final Random random;
    private final LogModel model;
    private final List<State> states = new ArrayList<>();
    private int values;

    /** One idempotent producer; those of odd numbers are transactional. */
    private static final class State {
        private final long id;
        private short epoch;
        private int nextSequence;
        private @Nullable Fate transaction;
        private @Nullable ByteBuffer lastBatch;
        private long lastBase = -1;
        // Whether the log refuses the next sequence, and the coordinator will give another epoch.
        private boolean forgotten;

        State(long id) {
            this.id = id;
        }

        boolean transactional() {
            return id % 2 == 1;
        }

        /** Whether each end of a transaction begins an epoch (KIP-890). */
        boolean bumps() {
            return id % 4 == 3;
        }
    }

    RandomProducers(Random random, LogModel model) {
        this.random = random;
        this.model = model;
        for (int id = 0; id < PRODUCERS; id++) {
            states.add(new State(id));
        }
    }

    /** One of them does something. */
    void act(CompactedLog log, long nowMillis) {
        int chosen = random.nextInt(PRODUCERS + 3);
        if (chosen >= PRODUCERS) {
            append(log, builder(), nowMillis, committed());
            return;
        }
        State state = states.get(chosen);
        Fate open = state.transaction;
        if (open != null && random.nextInt(3) == 0) {
            end(log, state, open);
        } else {
            produce(log, state, nowMillis);
        }
    }

    private void end(CompactedLog log, State state, Fate open) {
        boolean commits = random.nextBoolean();
        if (state.bumps()) {
            state.epoch++;
            state.nextSequence = 0;
            state.lastBatch = null;
        }
        long base = log.append(Batches.marker(state.id, state.epoch, commits));
        state.lastBase = state.bumps() ? base : state.lastBase;
        open.end(commits);
        state.transaction = null;
    }

    private void produce(CompactedLog log, State state, long nowMillis) {
        if (state.forgotten) {
            state.forgotten = false;
            state.epoch++;
            state.nextSequence = 0;
        }
        RecordBatchBuilder builder = builder().producer(state.id, state.epoch, state.nextSequence);
        Fate fate = committed();
        if (state.transactional()) {
            builder.transactional();
            Fate open = state.transaction;
            fate = open == null ? new Fate() : open;
            state.transaction = fate;
        }
        ByteBuffer batch = append(log, builder, nowMillis, fate);
        RecordBatch appended = RecordBatch.of(batch);
        state.nextSequence += appended.recordCount();
        state.lastBase = appended.baseOffset();
        state.lastBatch = batch;
    }

    private ByteBuffer append(
            CompactedLog log, RecordBatchBuilder builder, long nowMillis, Fate fate) {
        List<Seen> records = fill(builder, nowMillis);
        ByteBuffer batch = builder.build();
        long base = log.append(batch);
        model.appended(
                records.stream()
                        .map(one ->
                                new Seen(
                                        base + one.offset(),
                                        one.timestampMillis(),
                                        one.key(),
                                        one.value()))
                        .toList(),
                base + records.size() - 1,
                fate);
        return batch;
    }

    private List<Seen> fill(RecordBatchBuilder builder, long nowMillis) {
        List<Seen> records = new ArrayList<>();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            String key = random.nextInt(15) == 0 ? null : "key-" + random.nextInt(KEYS);
            String value =
                    random.nextInt(4) == 0 ? null : values++ + "-" + "v".repeat(random.nextInt(70));
            long timestamp = nowMillis - random.nextInt(100);
            builder.append(timestamp, CompactedLog.bytes(key), CompactedLog.bytes(value));
            records.add(new Seen(records.size(), timestamp, key, value));
        }
        return records;
    }

    private RecordBatchBuilder builder() {
        Compression codec =
                random.nextBoolean() ? Compression.NONE : CODECS[random.nextInt(CODECS.length)];
        return RecordBatchBuilder.growable(512).compression(codec);
    }

    private static Fate committed() {
        Fate fate = new Fate();
        fate.end(true);
        return fate;
    }

    /** The log knows each producer as it was left, and a batch that is sent again. */
    void check(CompactedLog log) {
        List<ActiveProducer> known = log.log.producers().join();
        for (State state : states) {
            Optional<ActiveProducer> one =
                    known.stream().filter(active -> active.id() == state.id).findAny();
            if (one.isEmpty()) {
                // Only what was trimmed away may be forgotten, once a snapshot is damaged.
                assertTrue(
                        state.lastBase < log.log.bounds().logStart(),
                        () -> "forgotten: producer " + state.id);
                state.lastBatch = null;
                continue;
            }
            assertEquals(state.epoch, one.get().epoch(), one::toString);
            assertEquals(state.transaction != null, one.get().transactionStart().isPresent());
            if (one.get().lastSequence() < 0 && state.lastBase < log.log.bounds().logStart()) {
                // Trimmed away too: a transaction's end, which has no sequence, is all that is
                // left.
                state.lastBatch = null;
                state.forgotten = true;
            }
            ByteBuffer batch = state.lastBatch;
            if (batch != null) {
                assertEquals(state.nextSequence - 1, one.get().lastSequence(), one::toString);
                RecordBatch again = RecordBatch.of(batch);
                again.baseOffset(0);
                AppendOutcome outcome = log.offer(batch);
                assertEquals(
                        state.lastBase,
                        assertInstanceOf(AppendOutcome.Duplicate.class, outcome, outcome::toString)
                                .baseOffset());
            }
        }
    }
}
