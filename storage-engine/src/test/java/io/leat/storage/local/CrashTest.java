package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.AppendOutcome.Duplicate;
import io.leat.storage.api.Batches;
import io.leat.storage.api.Durability;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.LogSlice;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.StorageObserver;
import io.leat.wire.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random work on a few logs, cut short by power cuts, checked against a model: what was
 * acknowledged as forced is there, what was ever readable is there and the same, and idempotent
 * producers that repeat what they have no answer for leave no duplicate.
 */
class CrashTest {
    private static final int SEEDS = Integer.getInteger("leat.crash.seeds", 40);
    private static final long FIRST_SEED = Long.getLong("leat.crash.seed", 1);
    private static final int LOGS = 3;
    private static final int PRODUCERS = 3;

    @TempDir(factory = InMemory.class)
    private Path directory;

    @Test
    void nothing_acknowledged_or_seen_is_lost() throws IOException {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            try {
                new Run(seed, directory.resolve("seed-" + seed), false).run();
            } catch (Throwable e) {
                throw new AssertionError(
                        "seed " + seed + " fails: repeat with -Dleat.crash.seed=" + seed, e);
            }
        }
    }

    /** What these tests can see: without this one the other would prove nothing. */
    @Test
    void a_disk_that_lies_about_forces_is_found_out() {
        int found = 0;
        for (long seed = 1; seed <= 10; seed++) {
            Path lies = directory.resolve("lies-" + seed);
            try {
                new Run(seed, lies, true).run();
            } catch (AssertionError | IOException e) {
                found++;
            }
        }
        assertTrue(found >= 5, "found " + found + " of 10");
    }

    /** A batch that a producer sent and that is not known to be durable yet. */
    private record Sent(
            int sequence,
            int crc,
            Durability durability,
            CompletableFuture<AppendOutcome> future) {}

    /** What one log must have. */
    private static final class Model {
        // CRCs by base offset, of what was acknowledged as durable or was read.
        private final TreeMap<Long, Integer> known = new TreeMap<>();
        private long durableEnd;
        private long logStart;
        private final int[] nextSequence = new int[PRODUCERS];
        private final List<ArrayDeque<Sent>> inFlight = new ArrayList<>();

        Model() {
            for (int p = 0; p < PRODUCERS; p++) {
                inFlight.add(new ArrayDeque<>());
            }
        }
    }

    private static final class Run {
        private final Random random;
        private final Path directory;
        private final Model[] models = new Model[LOGS];
        private final LogId[] ids = new LogId[LOGS];
        private final PartitionLog[] logs = new PartitionLog[LOGS];
        private final boolean lying;
        private Path root;
        private CrashDisk disk;
        private LocalLogStore store;

        Run(long seed, Path directory, boolean lying) {
            this.lying = lying;
            this.random = new Random(seed);
            this.directory = directory;
            this.root = directory.resolve("0");
            for (int i = 0; i < LOGS; i++) {
                models[i] = new Model();
                ids[i] = new LogId("t" + i, new UUID(seed, i), 0);
            }
        }

        void run() throws IOException {
            int lives = 2 + random.nextInt(4);
            for (int life = 1; life <= lives; life++) {
                open();
                verify();
                for (int step = random.nextInt(80); step > 0; step--) {
                    work(random.nextInt(LOGS));
                }
                end(directory.resolve(Integer.toString(life)));
            }
            open();
            verify();
            store.close();
        }

        private void open() {
            LocalStoreSettings settings =
                    new LocalStoreSettings(
                            1,
                            1 + random.nextInt(4),
                            1000,
                            1 << 20,
                            Long.MAX_VALUE,
                            500 + random.nextInt(4000),
                            1 + random.nextInt(4),
                            InstantSource.system());
            disk = new CrashDisk(root);
            if (lying) {
                disk.lie();
            }
            store = new LocalLogStore(root, settings, StorageObserver.NONE, disk);
            for (int i = 0; i < LOGS; i++) {
                LogConfig config =
                        new LogConfig(
                                1000 + random.nextInt(4000),
                                Long.MAX_VALUE,
                                100 + random.nextInt(400),
                                64 + random.nextInt(1000),
                                TimestampType.CREATE_TIME);
                logs[i] = store.open(ids[i], config, LogListener.NONE);
            }
        }

        /** Stops cleanly or cuts the power, and notes what was acknowledged. */
        private void end(Path survivors) throws IOException {
            boolean cut = random.nextInt(4) != 0;
            if (cut) {
                disk.cutPower(survivors, random);
            }
            store.close();
            for (int i = 0; i < LOGS; i++) {
                for (ArrayDeque<Sent> sent : models[i].inFlight) {
                    for (Sent one : sent) {
                        noteAnswer(models[i], one, !cut);
                    }
                }
            }
            if (cut) {
                root = survivors;
            }
        }

        private static void noteAnswer(Model model, Sent sent, boolean clean) {
            AppendOutcome outcome = sent.future.orTimeout(20, TimeUnit.SECONDS).join();
            boolean durable = clean || sent.durability == Durability.FORCED;
            if (durable && outcome instanceof Appended appended) {
                model.known.put(appended.baseOffset(), sent.crc);
                model.durableEnd = Math.max(model.durableEnd, appended.lastOffset() + 1);
            } else if (durable && outcome instanceof Duplicate duplicate) {
                model.durableEnd = Math.max(model.durableEnd, duplicate.lastOffset() + 1);
            }
        }

        private void work(int i) {
            Model model = models[i];
            switch (random.nextInt(30)) {
                case 0 -> readAll(i);
                case 1 -> {
                    long span = logs[i].bounds().durableEnd() - model.logStart;
                    long to = model.logStart + (long) (random.nextDouble() * span * 0.7);
                    LogBounds bounds = logs[i].trim(to).orTimeout(20, TimeUnit.SECONDS).join();
                    assertEquals(to, bounds.logStart());
                    model.logStart = to;
                }
                case 2 -> fillDisk(i);
                default -> {
                    int producer = random.nextInt(PRODUCERS);
                    ArrayDeque<Sent> inFlight = model.inFlight.get(producer);
                    if (inFlight.size() == Producer.BATCHES_MAX) {
                        settle(i, inFlight.removeFirst());
                    }
                    sendNext(i, producer);
                }
            }
        }

        /** Appends while there is little space or none, and again once there is. */
        private void fillDisk(int i) {
            disk.capacity(disk.usedBytes() + random.nextInt(3000));
            for (int count = random.nextInt(10); count > 0; count--) {
                int producer = random.nextInt(PRODUCERS);
                if (models[i].inFlight.get(producer).size() < Producer.BATCHES_MAX) {
                    sendNext(i, producer);
                }
            }
            for (Model model : models) {
                for (ArrayDeque<Sent> sent : model.inFlight) {
                    sent.forEach(one -> one.future.orTimeout(20, TimeUnit.SECONDS).join());
                }
            }
            disk.capacity(Long.MAX_VALUE);
            for (int log = 0; log < LOGS; log++) {
                for (int p = 0; p < PRODUCERS; p++) {
                    repeat(log, p);
                }
            }
        }

        private void sendNext(int i, int producer) {
            Model model = models[i];
            model.inFlight.get(producer).add(send(i, producer, model.nextSequence[producer]));
            model.nextSequence[producer] += count(model.nextSequence[producer]);
        }

        private static int count(int sequence) {
            return 1 + sequence % 3;
        }

        private Sent send(int i, int producer, int sequence) {
            ByteBuffer batch = Batches.produced(100 + producer, 0, sequence, count(sequence));
            int crc = RecordBatch.of(batch).crc();
            Durability durability = random.nextInt(4) == 0 ? Durability.WRITTEN : Durability.FORCED;
            return new Sent(sequence, crc, durability, logs[i].append(batch, durability));
        }

        /** Waits until a batch is durable: that is all a producer without an error may rely on. */
        private void settle(int i, Sent sent) {
            AppendOutcome outcome = sent.future.orTimeout(20, TimeUnit.SECONDS).join();
            if (outcome instanceof AppendOutcome.Refused) {
                throw new AssertionError(ids[i] + ": " + sent + " was refused: " + outcome);
            }
            long lastOffset =
                    outcome instanceof Appended appended
                            ? appended.lastOffset()
                            : ((Duplicate) outcome).lastOffset();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (logs[i].bounds().durableEnd() <= lastOffset) {
                assertTrue(System.nanoTime() < deadline, "never durable: " + sent);
                Thread.onSpinWait();
            }
            noteAnswer(models[i], sent, true);
        }

        private void verify() {
            for (int i = 0; i < LOGS; i++) {
                Model model = models[i];
                LogBounds bounds = logs[i].bounds();
                assertTrue(
                        bounds.durableEnd() >= model.durableEnd,
                        ids[i] + " ends at " + bounds + ", not " + model.durableEnd);
                assertEquals(model.logStart, bounds.logStart(), ids[i].toString());
                readAll(i);
                for (int p = 0; p < PRODUCERS; p++) {
                    repeat(i, p);
                }
                readAll(i);
            }
        }

        /** A producer sends again what it had in flight, in order, as clients do. */
        private void repeat(int i, int producer) {
            ArrayDeque<Sent> unsure = models[i].inFlight.get(producer);
            List<Sent> again = new ArrayList<>();
            for (Sent sent : unsure) {
                again.add(send(i, producer, sent.sequence));
            }
            unsure.clear();
            again.forEach(sent -> settle(i, sent));
        }

        /** Reads a log from its start; what was known must be there, what is there is known now. */
        private void readAll(int i) {
            Model model = models[i];
            LogBounds bounds = logs[i].bounds();
            TreeMap<Long, Integer> found = new TreeMap<>();
            Map<Long, Integer> sequences = new HashMap<>();
            long next = bounds.logStart();
            while (next < bounds.durableEnd()) {
                ReadOutcome outcome =
                        logs[i].read(
                                        next,
                                        1 + random.nextInt(5000),
                                        true,
                                        Isolation.READ_UNCOMMITTED)
                                .join();
                ReadOutcome.Data data = assertInstanceOf(ReadOutcome.Data.class, outcome);
                try (LogSlice slice = data.slice()) {
                    List<RecordBatch> batches = Batches.parse(slice.bytes());
                    assertTrue(!batches.isEmpty(), ids[i] + " has nothing at " + next);
                    for (RecordBatch batch : batches) {
                        assertTrue(batch.crcValid(), ids[i] + " is damaged at " + next);
                        assertTrue(batch.nextOffset() > next, ids[i] + " goes back at " + next);
                        found.put(batch.baseOffset(), batch.crc());
                        Integer expected =
                                sequences.put(batch.producerId(), batch.lastSequence() + 1);
                        if (expected != null) {
                            assertEquals(expected, batch.baseSequence(), ids[i] + " at " + next);
                        }
                        next = batch.nextOffset();
                    }
                }
            }
            assertTrue(
                    found.entrySet().containsAll(model.known.tailMap(bounds.logStart()).entrySet()),
                    ids[i] + " lost a batch: " + model.known + " but " + found);
            model.known.putAll(found);
            model.durableEnd = Math.max(model.durableEnd, bounds.durableEnd());
        }
    }
}
