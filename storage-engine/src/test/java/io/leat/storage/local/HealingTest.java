package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.AppendOutcome.Duplicate;
import io.leat.storage.api.AppendOutcome.Refusal;
import io.leat.storage.api.AppendOutcome.Refused;
import io.leat.storage.api.Batches;
import io.leat.storage.api.Durability;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.StorageObserver;
import io.leat.storage.local.CrashDisk.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fails and works again, under a store that is not restarted. */
class HealingTest {
    private static final LogId ID = new LogId("t", new UUID(1, 2), 0);
    private static final LogConfig CONFIG =
            new LogConfig(10_000, Long.MAX_VALUE, 300, 1 << 16, TimestampType.CREATE_TIME);

    @TempDir private Path temp;
    private Path directory = Path.of("");
    private CrashDisk disk;
    private Clockwork workers;
    private LocalLogStore store;
    private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final Set<LogId> failing = ConcurrentHashMap.newKeySet();

    /** Threads in earnest; what is to be done later is done when the test says so. */
    private static final class Clockwork implements Workers {
        private final Workers threads = new OwnThreads();
        private final ConcurrentLinkedQueue<Runnable> due = new ConcurrentLinkedQueue<>();

        void pass() {
            for (Runnable wake = due.poll(); wake != null; wake = due.poll()) {
                wake.run();
            }
        }

        @Override
        public Worker worker(String name, BooleanSupplier turn) {
            return threads.worker(name, turn);
        }

        @Override
        public Crew forceCrew(int threadsMax) {
            return threads.forceCrew(threadsMax);
        }

        @Override
        public void aside(String name, Runnable work) {
            threads.aside(name, work);
        }

        @Override
        public void later(long delayMillis, Runnable wake) {
            due.add(wake);
        }

        @Override
        public void await(CompletableFuture<?> done) {
            threads.await(done);
        }
    }

    @BeforeEach
    void openFirst() {
        directory = temp.resolve("first");
        disk = new CrashDisk(directory);
        openStore();
    }

    private void openStore() {
        workers = new Clockwork();
        store =
                new LocalLogStore(
                        directory,
                        LocalStoreSettings.defaults(),
                        StorageObserver.NONE,
                        disk,
                        workers);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private PartitionLog openLog(LogId id) {
        LogListener listener =
                new LogListener() {
                    @Override
                    public void moved(LogId moved, LogBounds bounds) {}

                    @Override
                    public void failed(LogId failed, String cause) {
                        failing.add(failed);
                        events.add("failed: " + cause);
                    }

                    @Override
                    public void healed(LogId healed) {
                        failing.remove(healed);
                        events.add("healed");
                    }
                };
        return store.open(id, CONFIG, listener);
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static AppendOutcome append(PartitionLog log, ByteBuffer batch) {
        return get(log.append(batch, Durability.FORCED));
    }

    private static Appended appended(PartitionLog log, ByteBuffer batch) {
        return assertInstanceOf(Appended.class, append(log, batch));
    }

    private static Refusal refusal(PartitionLog log, ByteBuffer batch) {
        return assertInstanceOf(Refused.class, append(log, batch)).reason();
    }

    private String event() throws InterruptedException {
        String event = events.poll(20, TimeUnit.SECONDS);
        assertTrue(event != null, "nothing happened");
        return String.valueOf(event);
    }

    /** Lets time pass until the log is healed. */
    private void awaitHealed() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        String event = null;
        while (event == null) {
            assertTrue(System.nanoTime() < deadline, "not healed");
            workers.pass();
            event = events.poll(1, TimeUnit.MILLISECONDS);
        }
        assertEquals("healed", event);
    }

    /** Lets time pass until this log works; the disk does already. */
    private void awaitWell(LogId id) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (failing.contains(id)) {
            assertTrue(System.nanoTime() < deadline, "not healed");
            workers.pass();
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** The disk works again. */
    private void work() {
        disk.failForces(null);
        disk.failWrites(null);
        disk.failOpens(null);
        disk.capacity(Long.MAX_VALUE);
    }

    /** The log as it is found after the power went, checked batch by batch. */
    private void assertSurvives(int batches, long seed) throws IOException {
        assertEquals(batches, sizesAfterPowerCut(seed).size());
    }

    /** How large the batches are that are found after the power went, each with one record. */
    private List<Integer> sizesAfterPowerCut(long seed) throws IOException {
        Path survivors = temp.resolve("survivors-" + seed);
        disk.cutPower(survivors, new Random(seed));
        store.close();
        disk = new CrashDisk(survivors);
        try (LocalLogStore recovered =
                new LocalLogStore(
                        survivors, LocalStoreSettings.defaults(), StorageObserver.NONE, disk)) {
            PartitionLog log = recovered.open(ID, CONFIG, LogListener.NONE);
            List<Integer> sizes = SegmentedLogTest.sizes(log);
            assertEquals(sizes.size(), log.bounds().durableEnd());
            return sizes;
        }
    }

    private List<String> segments() {
        return FileTree.names(directory).stream().filter(name -> name.endsWith(".log")).toList();
    }

    @Test
    void a_failed_force_is_never_believed_and_heals_in_a_new_file() throws Exception {
        PartitionLog log = openLog(ID);
        appended(log, Batches.batch(1, "a"));
        disk.failForces("Input/output error");
        assertEquals(Refusal.STORAGE_FAILED, refusal(log, Batches.batch(1, "b")));
        assertTrue(event().contains("Input/output error"));
        disk.failForces(null);
        // The disk works, and still nothing is acknowledged before the log was read again.
        assertEquals(Refusal.STORAGE_FAILED, refusal(log, Batches.batch(1, "c")));
        assertEquals(1, log.bounds().durableEnd());
        assertEquals(1, SegmentedLogTest.count(log));
        awaitHealed();
        assertEquals(new LogBounds(0, 1, 1), log.bounds());
        assertEquals(1, appended(log, Batches.batch(1, "d")).baseOffset());
        assertEquals(2, SegmentedLogTest.count(log));
        assertEquals(List.of("00000000000000000000.log", "00000000000000000001.log"), segments());
        assertSurvives(2, 1);
    }

    @Test
    void the_first_file_of_a_log_is_made_anew() throws Exception {
        PartitionLog log = openLog(ID);
        disk.failForces("Input/output error");
        refusal(log, Batches.batch(1, "b"));
        event();
        disk.failForces(null);
        awaitHealed();
        assertEquals(0, appended(log, Batches.batch(1, "d")).baseOffset());
        assertSurvives(1, 2);
    }

    @Test
    void a_failed_write_heals_alike() throws Exception {
        PartitionLog log = openLog(ID);
        appended(log, Batches.batch(1, "a"));
        disk.failWrites("Input/output error");
        assertEquals(Refusal.STORAGE_FAILED, refusal(log, Batches.batch(1, "b")));
        event();
        disk.failWrites(null);
        awaitHealed();
        assertEquals(1, appended(log, Batches.batch(1, "c")).baseOffset());
        assertSurvives(2, 3);
    }

    @Test
    void nothing_heals_while_the_disk_fails_and_reads_go_on() throws Exception {
        PartitionLog log = openLog(ID);
        appended(log, Batches.batch(7, "a"));
        disk.failForces("Input/output error");
        disk.failWrites("Read-only file system");
        refusal(log, Batches.batch(1, "b"));
        event();
        for (int i = 0; i < 20; i++) {
            workers.pass();
            refusal(log, Batches.batch(1, "b"));
            assertEquals(1, SegmentedLogTest.count(log));
            assertEquals(0, get(log.offsetForTime(7)).orElseThrow().offset());
        }
        assertEquals(0, events.size());
        disk.failWrites(null);
        for (int i = 0; i < 20; i++) {
            workers.pass();
            refusal(log, Batches.batch(1, "b"));
        }
        disk.failForces(null);
        awaitHealed();
        appended(log, Batches.batch(1, "b"));
        assertEquals(2, SegmentedLogTest.count(log));
    }

    @Test
    void reads_go_on_while_files_are_renewed_under_them() throws Exception {
        PartitionLog log = openLog(ID);
        int acknowledged = 0;
        for (int i = 0; i < 60; i++) {
            // Also none, so that it fails in a new file and heals in one that nobody has open.
            for (int j = 0; j < i % 3; j++) {
                appended(log, Batches.sized(700));
                acknowledged++;
            }
            disk.failForces("Input/output error");
            refusal(log, Batches.sized(700));
            disk.failForces(null);
            Thread reader = Thread.currentThread();
            disk.atEachStep(step -> {
                assertTrue(step == Step.OPEN || Thread.currentThread() != reader);
                dawdle();
            });
            workers.pass();
            dawdle();
            assertEquals(acknowledged, SegmentedLogTest.count(log));
            assertEquals(acknowledged > 0, get(log.offsetForTime(1)).isPresent());
            awaitWell(ID);
            disk.atEachStep(step -> {});
        }
    }

    /** Lets others pass, now and then. */
    private static void dawdle() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(1_000_000));
    }

    @Test
    void producers_go_on_where_the_log_was_cut() throws Exception {
        PartitionLog log = openLog(ID);
        appended(log, Batches.produced(5, 0, 0, 1));
        disk.failForces("Input/output error");
        refusal(log, Batches.produced(5, 0, 1, 1));
        refusal(log, Batches.produced(5, 0, 2, 1));
        refusal(log, Batches.produced(6, 0, 0, 1));
        event();
        disk.failForces(null);
        awaitHealed();
        // What was sent behind must not pass before what was cut off, also of producers that have
        // nothing left in the log.
        assertEquals(Refusal.OUT_OF_ORDER_SEQUENCE, refusal(log, Batches.produced(5, 0, 2, 1)));
        assertEquals(Refusal.OUT_OF_ORDER_SEQUENCE, refusal(log, Batches.produced(6, 0, 1, 1)));
        appended(log, Batches.produced(5, 0, 1, 1));
        appended(log, Batches.produced(6, 0, 0, 1));
        appended(log, Batches.produced(5, 0, 2, 1));
        assertInstanceOf(Duplicate.class, append(log, Batches.produced(5, 0, 0, 1)));
        assertInstanceOf(Duplicate.class, append(log, Batches.produced(5, 0, 1, 1)));
        assertEquals(4, SegmentedLogTest.count(log));
    }

    @Test
    void a_producer_cut_off_in_its_middle_goes_on_there() throws Exception {
        PartitionLog log = openLog(ID);
        appended(log, Batches.batch(1, "a"));
        disk.failForces("Input/output error");
        // Of a producer long forgotten any sequence is taken.
        refusal(log, Batches.produced(5, 0, 70, 1));
        event();
        disk.failForces(null);
        awaitHealed();
        assertEquals(Refusal.OUT_OF_ORDER_SEQUENCE, refusal(log, Batches.produced(5, 0, 71, 1)));
        appended(log, Batches.produced(5, 0, 70, 1));
        appended(log, Batches.produced(5, 0, 71, 1));
    }

    @Test
    void too_many_open_files_refuse_a_roll_and_it_clears_by_itself() throws Exception {
        PartitionLog log = openLog(ID);
        for (int i = 0; i < 9; i++) {
            appended(log, Batches.sized(1000));
        }
        disk.failOpens("Too many open files");
        Refused refused = assertInstanceOf(Refused.class, append(log, Batches.sized(1000)));
        assertTrue(refused.message().contains("Too many open files"), refused.message());
        assertTrue(event().contains("Too many open files"));
        assertEquals(9, SegmentedLogTest.count(log));
        disk.failOpens(null);
        appended(log, Batches.sized(1000));
        assertEquals("healed", event());
        assertEquals(10, SegmentedLogTest.count(log));
    }

    @Test
    void nothing_but_healing_opens_a_log_that_failed() throws Exception {
        PartitionLog log = openLog(ID);
        appended(log, Batches.sized(100));
        disk.failForces("Input/output error");
        assertEquals(Refusal.STORAGE_FAILED, refusal(log, Batches.sized(100)));
        assertTrue(event().contains("Input/output error"));
        disk.failForces(null);
        disk.failWrites("Input/output error");
        ((SegmentedLog) log).heal();
        CompletableFuture<?> producers = log.producers().orTimeout(20, TimeUnit.SECONDS);
        assertThrows(CompletionException.class, producers::join);
        disk.failWrites(null);
        awaitHealed();
        assertEquals(List.of(), get(log.producers()));
        assertEquals(1, SegmentedLogTest.count(log));
    }

    @Test
    void segments_that_could_not_be_closed_are_closed_later() throws Exception {
        PartitionLog log = openLog(ID);
        appended(log, Batches.sized(1000));
        Path segment =
                FileTree.files(directory).stream()
                        .filter(file -> file.toString().endsWith(".log"))
                        .findFirst()
                        .orElseThrow();
        AtomicBoolean armed = new AtomicBoolean(true);
        disk.atEachStep(step -> {
            boolean crew = Thread.currentThread().getName().startsWith("leat-force");
            if (crew && step == CrashDisk.Step.OPEN && armed.getAndSet(false)) {
                disk.failOpens("Too many open files");
            }
        });
        for (int i = 0; i < 10; i++) {
            appended(log, Batches.sized(900));
        }
        assertTrue(event().contains("Too many open files"));
        Path index = Path.of(segment.toString().replace(".log", ".index"));
        assertTrue(Files.size(index) > 4000, "closed already");
        disk.failOpens(null);
        for (int i = 0; i < 12; i++) {
            appended(log, Batches.sized(900));
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (Files.size(index) > 4000) {
            assertTrue(System.nanoTime() < deadline, "never closed");
            Thread.sleep(1);
        }
        assertEquals(23, SegmentedLogTest.count(log));
    }

    @Test
    void a_log_that_nobody_writes_to_is_well_again_too() throws Exception {
        PartitionLog log = openLog(ID);
        appended(log, Batches.sized(100));
        disk.capacity(disk.usedBytes() + 50);
        assertEquals(Refusal.STORAGE_FAILED, refusal(log, Batches.sized(1000)));
        assertTrue(event().contains("No space left"));
        workers.pass();
        disk.capacity(Long.MAX_VALUE);
        awaitHealed();
        assertEquals(1, SegmentedLogTest.count(log));
    }

    @Test
    void a_log_that_could_not_be_opened_is_opened_later() throws Exception {
        PartitionLog log = openLog(ID);
        appended(log, Batches.produced(5, 0, 0, 1));
        Path copy = temp.resolve("killed");
        FileTree.copy(directory, copy);
        store.close();
        byte[] tail = new byte[Batches.produced(5, 0, 1, 1).remaining()];
        Batches.produced(5, 0, 1, 1).putLong(0, 1).get(tail);
        try (Stream<Path> files = Files.walk(copy)) {
            Path segment = files.filter(f -> f.toString().endsWith(".log")).toList().getFirst();
            byte[] all = new byte[(int) Files.size(segment) + tail.length];
            System.arraycopy(Files.readAllBytes(segment), 0, all, 0, all.length - tail.length);
            System.arraycopy(tail, 0, all, all.length - tail.length, tail.length);
            Files.write(segment, all);
        }
        directory = copy;
        disk = new CrashDisk(copy);
        openStore();
        disk.failOpens("Too many open files");
        PartitionLog again = openLog(ID);
        assertTrue(event().contains("Too many open files"));
        assertEquals(Refusal.STORAGE_FAILED, refusal(again, Batches.batch(1, "b")));
        disk.failOpens(null);
        awaitHealed();
        assertEquals(2, again.bounds().durableEnd());
        assertInstanceOf(Duplicate.class, append(again, Batches.produced(5, 0, 1, 1)));
        appended(again, Batches.produced(5, 0, 2, 1));
    }

    /**
     * What was acknowledged is there, each batch in its place. What was refused is not, once the
     * log is healed. Until then a power cut may leave the batch with which the log failed: it was
     * written, perhaps, and whoever sent it was asked to try again. More seeds: {@code
     * -Dleat.healing.seeds=400}.
     */
    @Test
    void whatever_fails_in_whatever_order_no_acknowledged_batch_is_lost() throws Exception {
        int seeds = Integer.getInteger("leat.healing.seeds", 20);
        for (int seed = 100; seed < 100 + seeds; seed++) {
            Random random = new Random(seed);
            store.close();
            failing.clear();
            directory = temp.resolve("seed-" + seed);
            disk = new CrashDisk(directory);
            openStore();
            PartitionLog log = openLog(ID);
            PartitionLog other = openLog(new LogId("t", ID.topicId(), 1));
            List<Integer> acknowledged = new ArrayList<>();
            Set<Integer> inDoubt = new HashSet<>();
            for (int i = 0; i < 60; i++) {
                switch (random.nextInt(12)) {
                    case 0 -> disk.failForces("Input/output error");
                    case 1 -> disk.failWrites("Input/output error");
                    case 2 -> disk.failOpens("Too many open files");
                    case 3 -> disk.capacity(disk.usedBytes() + random.nextInt(3000));
                    case 4, 5 -> {
                        work();
                        awaitWell(ID);
                        inDoubt.clear();
                    }
                    default -> work();
                }
                workers.pass();
                var _ = append(other, Batches.sized(random.nextInt(500)));
                ByteBuffer batch = Batches.sized(random.nextInt(2000));
                int size = batch.remaining();
                AppendOutcome outcome = append(log, batch);
                if (outcome instanceof Appended appended) {
                    assertEquals(acknowledged.size(), appended.baseOffset(), "seed " + seed);
                    acknowledged.add(size);
                    inDoubt.clear();
                } else {
                    Refused refused = assertInstanceOf(Refused.class, outcome);
                    assertEquals(Refusal.STORAGE_FAILED, refused.reason());
                    inDoubt.add(size);
                }
                assertEquals(acknowledged.size(), log.bounds().durableEnd(), "seed " + seed);
            }
            work();
            if (seed % 2 == 0) {
                awaitWell(ID);
                inDoubt.clear();
            }
            assertEquals(acknowledged, SegmentedLogTest.sizes(log), "seed " + seed);
            List<Integer> survivors = sizesAfterPowerCut(seed);
            if (survivors.size() == acknowledged.size() + 1
                    && inDoubt.contains(survivors.getLast())) {
                acknowledged.add(survivors.getLast());
            }
            assertEquals(acknowledged, survivors, "seed " + seed);
        }
    }
}
