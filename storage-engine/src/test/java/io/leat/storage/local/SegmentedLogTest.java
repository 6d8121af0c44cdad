package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.AppendOutcome.Duplicate;
import io.leat.storage.api.AppendOutcome.Refusal;
import io.leat.storage.api.AppendOutcome.Refused;
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
import io.leat.storage.api.TimedOffset;
import io.leat.wire.record.Compression;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordBatchBuilder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What is particular to segments in files. */
@Isolated("Counts what the process has open")
class SegmentedLogTest {
    private static final LogId ID = new LogId("t", new UUID(1, 2), 0);
    private static final LogConfig CONFIG =
            new LogConfig(10_000, Long.MAX_VALUE, 300, 1 << 16, TimestampType.CREATE_TIME);

    @TempDir private Path directory;
    @TempDir private Path survivors;
    private CrashDisk disk;
    private LocalLogStore store;
    private final List<String> failures = new ArrayList<>();

    @BeforeEach
    void open() {
        disk = new CrashDisk(directory);
        store = openStore(LocalStoreSettings.defaults());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private LocalLogStore openStore(LocalStoreSettings settings) {
        return new LocalLogStore(directory, settings, StorageObserver.NONE, disk);
    }

    private PartitionLog openLog(LogConfig config) {
        LogListener listener =
                new LogListener() {
                    @Override
                    public void moved(LogId id, LogBounds bounds) {}

                    @Override
                    public void failed(LogId id, String cause) {
                        failures.add(cause);
                    }
                };
        return store.open(ID, config, listener);
    }

    private static AppendOutcome append(PartitionLog log, ByteBuffer batch) {
        return log.append(batch, Durability.FORCED).orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static Appended appended(PartitionLog log, ByteBuffer batch) {
        return assertInstanceOf(Appended.class, append(log, batch));
    }

    private static Refused refused(PartitionLog log, ByteBuffer batch) {
        return assertInstanceOf(Refused.class, append(log, batch));
    }

    /** How many batches there are from the log's start on. */
    static int count(PartitionLog log) {
        return sizes(log).size();
    }

    /** How large each batch is, from the log's start on. */
    static List<Integer> sizes(PartitionLog log) {
        List<Integer> sizes = new ArrayList<>();
        long next = log.bounds().logStart();
        while (next < log.bounds().durableEnd()) {
            ReadOutcome outcome = log.read(next, 1 << 20, true, Isolation.READ_UNCOMMITTED).join();
            ReadOutcome.Data data =
                    assertInstanceOf(ReadOutcome.Data.class, outcome, outcome.toString());
            try (LogSlice slice = data.slice()) {
                for (RecordBatch batch : Batches.parse(slice.bytes())) {
                    assertTrue(batch.crcValid());
                    next = batch.nextOffset();
                    sizes.add(batch.sizeBytes());
                }
            }
        }
        return sizes;
    }

    private List<String> files() {
        return FileTree.names(directory.resolve("logs"));
    }

    @Test
    void files_are_named_and_closed_as_kafka_does() throws IOException {
        PartitionLog log = openLog(CONFIG);
        for (int i = 0; i < 12; i++) {
            appended(log, Batches.sized(2000));
        }
        log.close();
        assertEquals(
                List.of(
                        "00000000000000000000.index",
                        "00000000000000000000.log",
                        "00000000000000000000.timeindex",
                        "00000000000000000000.txnindex",
                        "00000000000000000004.index",
                        "00000000000000000004.log",
                        "00000000000000000004.timeindex",
                        "00000000000000000004.txnindex",
                        "00000000000000000008.index",
                        "00000000000000000008.log",
                        "00000000000000000008.timeindex"),
                files());
        Path partition = directory.resolve("logs/t." + ID.topicId() + "/0");
        assertEquals(3 * 8, Files.size(partition.resolve("00000000000000000000.index")));
        assertEquals(12, Files.size(partition.resolve("00000000000000000000.timeindex")));
    }

    @Test
    void a_segment_has_no_index_files_before_their_first_entry() {
        PartitionLog log = openLog(CONFIG);
        appended(log, Batches.sized(100));
        assertEquals(List.of("00000000000000000000.log"), files());
        appended(log, Batches.sized(2000));
        assertEquals(List.of("00000000000000000000.log"), files());
        appended(log, Batches.sized(100));
        assertEquals(
                List.of(
                        "00000000000000000000.index",
                        "00000000000000000000.log",
                        "00000000000000000000.timeindex"),
                files());
    }

    @Test
    void jitter_lets_segments_roll_at_different_ages() {
        LogConfig config =
                new LogConfig(1 << 20, 1_000, 900, 300, 1 << 16, TimestampType.CREATE_TIME);
        PartitionLog log = openLog(config);
        Set<Long> ages = new HashSet<>();
        long time = 1_000_000;
        for (int roll = 0; roll < 4; roll++) {
            appended(log, Batches.timed(Compression.NONE, time));
            int segments = log.details().segmentCount();
            long age = 0;
            while (log.details().segmentCount() == segments) {
                age += 20;
                appended(log, Batches.timed(Compression.NONE, time + age));
            }
            assertTrue(age > 100 && age <= 1_020, "rolled at the age of " + age);
            ages.add(age);
            time += age;
        }
        assertTrue(ages.size() > 1, ages::toString);
    }

    @Test
    void a_segment_rolls_when_its_records_span_too_much_time() {
        LogConfig hour = new LogConfig(1 << 20, 3_600_000, 300, 1 << 16, TimestampType.CREATE_TIME);
        PartitionLog log = openLog(hour);
        appended(log, Batches.timed(Compression.NONE, 1_000_000));
        appended(log, Batches.timed(Compression.NONE, 1_000_000 + 3_600_000));
        assertEquals(1, log.details().segmentCount());
        appended(log, Batches.timed(Compression.NONE, 1_000_001 + 3_600_000));
        assertEquals(2, log.details().segmentCount());
        appended(log, Batches.timed(Compression.NONE, 5));
        assertEquals(2, log.details().segmentCount());
        assertEquals(4, count(log));
    }

    @Test
    void a_segment_rolls_when_an_index_is_full() {
        // Five entries of the time index, one of them for the end.
        LogConfig tiny = new LogConfig(1 << 20, Long.MAX_VALUE, 1, 60, TimestampType.CREATE_TIME);
        PartitionLog log = openLog(tiny);
        for (int i = 0; i < 50; i++) {
            appended(log, Batches.timed(Compression.NONE, i));
        }
        assertEquals(10, log.details().segmentCount());
        assertEquals(50, count(log));
        for (int i = 0; i < 50; i++) {
            assertEquals(i, log.offsetForTime(i).join().orElseThrow().offset());
        }
    }

    @Test
    void times_of_large_records_are_looked_up_in_little_memory() {
        PartitionLog log = openLog(CONFIG);
        RecordBatchBuilder builder =
                RecordBatchBuilder.growable(1 << 20).compression(Compression.ZSTD);
        builder.append(10, null, new byte[16 << 20]);
        builder.append(20, null, new byte[8]);
        appended(log, builder.build());
        // The first run loads classes.
        assertEquals(Optional.of(new TimedOffset(0, 10)), log.offsetForTime(10).join());
        long before = allocatedBytes();

        Optional<TimedOffset> found = log.offsetForTime(11).join();
        Optional<TimedOffset> youngest = log.maxTimestamp().join();

        assertTrue(allocatedBytes() - before < 2 << 20, "no record is held");
        assertEquals(Optional.of(new TimedOffset(1, 20)), found);
        assertEquals(found, youngest);
    }

    private static long allocatedBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }

    @Test
    void reads_of_what_is_written_and_not_forced_find_nothing_yet() {
        PartitionLog log = openLog(CONFIG);
        appended(log, Batches.batch(1, "a"));
        CountDownLatch forced = new CountDownLatch(1);
        disk.atEachStep(step -> {
            // What comes after the write, whoever forces it.
            if (log.bounds().writtenEnd() == 2
                    && Thread.currentThread().getName().startsWith("leat-")) {
                assertDoesNotThrow(() -> forced.await());
            }
        });
        try {
            AppendOutcome outcome =
                    log.append(Batches.batch(1, "b"), Durability.WRITTEN)
                            .orTimeout(20, TimeUnit.SECONDS)
                            .join();
            assertInstanceOf(Appended.class, outcome);
            assertEquals(new LogBounds(0, 1, 2), log.bounds());
            for (long offset = 1; offset <= 2; offset++) {
                ReadOutcome.Data data =
                        assertInstanceOf(ReadOutcome.Data.class, readFrom(log, offset));
                assertEquals(0, data.slice().sizeBytes());
                data.slice().close();
            }
            assertEquals(new ReadOutcome.OutOfRange(log.bounds()), readFrom(log, 3));
        } finally {
            forced.countDown();
        }
    }

    private static ReadOutcome readFrom(PartitionLog log, long offset) {
        return log.read(offset, 1000, true, Isolation.READ_UNCOMMITTED).join();
    }

    @Test
    void many_appends_at_once_roll_where_single_ones_would() {
        LogConfig tiny = new LogConfig(400, Long.MAX_VALUE, 1, 60, TimestampType.CREATE_TIME);
        PartitionLog log = openLog(tiny);
        List<CompletableFuture<AppendOutcome>> futures = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            futures.add(log.append(Batches.timed(Compression.NONE, i), Durability.WRITTEN));
        }
        futures.forEach(f -> assertInstanceOf(Appended.class, f.join()));
        assertEquals(60, log.details().segmentCount());
        log.close();
        PartitionLog again = openLog(tiny);
        assertEquals(300, count(again));
    }

    @Test
    void a_full_disk_refuses_and_clears_when_space_returns() {
        PartitionLog log = openLog(CONFIG);
        appended(log, Batches.produced(5, 0, 0, 2));
        appended(log, Batches.sized(500));
        disk.capacity(disk.usedBytes() + 300);
        Refused refused = refused(log, Batches.sized(1000));
        assertEquals(Refusal.STORAGE_FAILED, refused.reason());
        assertTrue(refused.message().contains("No space left"), refused.message());
        refused(log, Batches.produced(5, 0, 2, 60));
        assertEquals(new LogBounds(0, 3, 3), log.bounds());
        assertEquals(2, count(log));
        disk.capacity(Long.MAX_VALUE);
        assertEquals(3, appended(log, Batches.produced(5, 0, 2, 60)).baseOffset());
        assertInstanceOf(Duplicate.class, append(log, Batches.produced(5, 0, 0, 2)));
        for (int i = 0; i < 20; i++) {
            appended(log, Batches.sized(1000));
        }
        assertEquals(1, failures.size());
        assertTrue(failures.getFirst().contains("No space left"), failures.getFirst());
        store.close();
        store = openStore(LocalStoreSettings.defaults());
        assertEquals(23, count(openLog(CONFIG)));
    }

    @Test
    void a_disk_too_full_for_a_new_segment_refuses_and_clears() {
        PartitionLog log = openLog(CONFIG);
        appended(log, Batches.sized(9000));
        disk.capacity(disk.usedBytes() + 100);
        for (int i = 0; i < 3; i++) {
            refused(log, Batches.sized(9000));
        }
        assertEquals(1, count(log));
        disk.capacity(Long.MAX_VALUE);
        appended(log, Batches.sized(9000));
        assertEquals(2, count(log));
        assertEquals(1, failures.size());
    }

    @Test
    void a_segment_made_while_the_disk_was_full_outlives_a_power_cut() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            Path root = directory.resolve("full-" + seed);
            Path survivors = directory.resolve("survivors-" + seed);
            CrashDisk full = new CrashDisk(root);
            LocalStoreSettings settings = LocalStoreSettings.defaults();
            try (LocalLogStore crashed =
                    new LocalLogStore(root, settings, StorageObserver.NONE, full)) {
                PartitionLog log = crashed.open(ID, CONFIG, LogListener.NONE);
                full.capacity(full.usedBytes() + 100);
                refused(log, Batches.sized(1000));
                full.capacity(Long.MAX_VALUE);
                appended(log, Batches.sized(1000));
                full.cutPower(survivors, new Random(seed));
            }
            CrashDisk again = new CrashDisk(survivors);
            try (LocalLogStore recovered =
                    new LocalLogStore(survivors, settings, StorageObserver.NONE, again)) {
                assertEquals(1, count(recovered.open(ID, CONFIG, LogListener.NONE)));
            }
        }
    }

    @Test
    void a_failed_force_is_the_end_until_the_log_is_opened_again() throws IOException {
        openLog(CONFIG);
        store.close();
        store = openStore(LocalStoreSettings.defaults());
        PartitionLog log = openLog(CONFIG);
        appended(log, Batches.batch(1, "a"));
        disk.failForces("Input/output error");
        Refused refused = refused(log, Batches.batch(1, "b"));
        assertEquals(Refusal.STORAGE_FAILED, refused.reason());
        assertTrue(refused.message().contains("Input/output error"), refused.message());
        disk.failForces(null);
        refused(log, Batches.batch(1, "c"));
        assertEquals(1, log.bounds().durableEnd());
        assertEquals(1, count(log));
        assertEquals(1, failures.size());
        log.close();
        PartitionLog again = openLog(CONFIG);
        // What failed to be forced may be there or not; what is acknowledged behind it is.
        long end = appended(again, Batches.batch(1, "d")).lastOffset() + 1;
        cutPower();
        PartitionLog afterwards = openLog(CONFIG);
        assertEquals(end, afterwards.bounds().durableEnd());
        assertEquals(end, count(afterwards));
    }

    private void cutPower() throws IOException {
        disk.cutPower(survivors, new Random(1));
        store.close();
        directory = survivors;
        disk = new CrashDisk(survivors);
        store = openStore(LocalStoreSettings.defaults());
    }

    @Test
    void who_still_reads_what_was_before_recovery_changes_nothing() throws IOException {
        appended(openLog(CONFIG), Batches.batch(1, "a"));
        store.close();
        store = openStore(LocalStoreSettings.defaults());
        PartitionLog log = openLog(CONFIG);
        LogView before = ((SegmentedLog) log).view();
        appended(log, Batches.batch(1, "b"));

        assertThrows(Segment.GoneException.class, before.segments().getLast()::lease);

        appended(log, Batches.batch(1, "c"));
        assertEquals(3, count(log));
        cutPower();
        assertEquals(3, count(openLog(CONFIG)));
    }

    @Test
    void an_index_that_is_made_anew_leaves_what_it_is_of_alone() throws IOException {
        PartitionLog log = openLog(CONFIG);
        for (int i = 0; i < 6; i++) {
            appended(log, Batches.sized(2000));
        }
        store.close();
        Path segment =
                FileTree.files(directory).stream()
                        .filter(file -> file.toString().endsWith(".log"))
                        .findFirst()
                        .orElseThrow();
        long sizeBytes = Files.size(segment);
        disk.delete(Path.of(segment.toString().replace(".log", ".index")));
        OpenSegments pool = new OpenSegments(disk, 10);
        long baseOffset = Long.parseLong(segment.getFileName().toString().replace(".log", ""));
        int first = Batches.sized(2000).remaining();

        SegmentOpening.sealed(pool, segment.getParent(), baseOffset, first).release();

        assertEquals(sizeBytes, Files.size(segment));
        store = openStore(LocalStoreSettings.defaults());
        assertEquals(6, count(openLog(CONFIG)));
    }

    @Test
    void an_empty_segment_that_is_too_small_is_made_anew() throws IOException {
        PartitionLog log = openLog(CONFIG);
        appended(log, Batches.sized(2000));
        log.sealed().seal().orTimeout(20, TimeUnit.SECONDS).join();
        log.reconfigure(
                new LogConfig(
                        CONFIG.segmentBytes() * 5,
                        Long.MAX_VALUE,
                        300,
                        1 << 16,
                        TimestampType.CREATE_TIME));
        for (int i = 0; i < 5; i++) {
            appended(log, Batches.sized(20_000));
        }
        assertEquals(4, log.details().segmentCount(), () -> files().toString());
        log.trim(2).orTimeout(20, TimeUnit.SECONDS).join();
        assertEquals(4, count(log));
        assertEquals(List.of(), failures);
        cutPower();
        failures.clear();
        assertEquals(4, count(openLog(CONFIG)));
        assertEquals(List.of(), failures);
    }

    @Test
    void a_failed_write_is_the_end_until_the_log_is_opened_again() {
        PartitionLog log = openLog(CONFIG);
        appended(log, Batches.batch(1, "a"));
        disk.failWrites("Input/output error");
        refused(log, Batches.batch(1, "b"));
        disk.failWrites(null);
        refused(log, Batches.batch(1, "c"));
        assertEquals(1, failures.size());
        store.close();
        store = openStore(LocalStoreSettings.defaults());
        PartitionLog again = openLog(CONFIG);
        assertEquals(1, appended(again, Batches.batch(1, "d")).baseOffset());
    }

    @Test
    void one_failed_log_leaves_the_others_alone() {
        PartitionLog log = openLog(CONFIG);
        PartitionLog other = store.open(new LogId("t", ID.topicId(), 1), CONFIG, LogListener.NONE);
        appended(other, Batches.batch(1, "a"));
        disk.failWrites("Input/output error");
        refused(log, Batches.batch(1, "b"));
        disk.failWrites(null);
        appended(other, Batches.batch(1, "c"));
        assertEquals(2, count(other));
    }

    @Test
    void a_full_queue_refuses_at_once() {
        store.close();
        store =
                openStore(
                        new LocalStoreSettings(
                                1, 1, 4, 1 << 20, 1 << 20, 1 << 20, 10, InstantSource.system()));
        PartitionLog log = openLog(CONFIG);
        List<CompletableFuture<AppendOutcome>> futures = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            futures.add(log.append(Batches.batch(1, "a"), Durability.FORCED));
        }
        int overloaded = 0;
        int done = 0;
        for (CompletableFuture<AppendOutcome> future : futures) {
            switch (future.orTimeout(20, TimeUnit.SECONDS).join()) {
                case Appended appended -> done++;
                case Duplicate duplicate -> throw new AssertionError(duplicate.toString());
                case Refused refused -> {
                    assertEquals(Refusal.OVERLOADED, refused.reason());
                    overloaded++;
                }
            }
        }
        assertEquals(2000, done + overloaded);
        assertTrue(overloaded > 0);
        assertEquals(done, log.bounds().durableEnd());
    }

    @Test
    void a_first_batch_that_found_the_queue_full_is_not_overtaken_by_the_next() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        InstantSource clock =
                () -> {
                    // The lane asks for the time as it writes.
                    if (Thread.currentThread().getName().startsWith("leat-append")) {
                        reached.countDown();
                        try {
                            assertTrue(released.await(20, TimeUnit.SECONDS));
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                    return Instant.EPOCH;
                };
        store.close();
        store = openStore(new LocalStoreSettings(1, 1, 2, 1 << 20, 1 << 20, 1 << 20, 10, clock));
        PartitionLog log = openLog(CONFIG);
        List<CompletableFuture<AppendOutcome>> others = new ArrayList<>();
        others.add(log.append(Batches.batch(1, "a"), Durability.FORCED));
        assertTrue(reached.await(20, TimeUnit.SECONDS));
        others.add(log.append(Batches.batch(1, "a"), Durability.FORCED));
        others.add(log.append(Batches.batch(1, "a"), Durability.FORCED));
        Refused overloaded = refused(log, Batches.produced(9, 0, 0, 1));
        assertEquals(Refusal.OVERLOADED, overloaded.reason());
        released.countDown();
        others.forEach(other -> assertInstanceOf(Appended.class, other.join()));
        Refused early = refused(log, Batches.produced(9, 0, 1, 1));
        assertEquals(Refusal.OUT_OF_ORDER_SEQUENCE, early.reason());
        appended(log, Batches.produced(9, 0, 0, 1));
        appended(log, Batches.produced(9, 0, 1, 1));
    }

    @Test
    void a_batch_larger_than_the_queues_bound_still_passes() {
        store.close();
        store =
                openStore(
                        new LocalStoreSettings(
                                1, 1, 4, 100, 1 << 20, 1 << 20, 10, InstantSource.system()));
        appended(openLog(CONFIG), Batches.sized(5000));
    }

    @Test
    void an_error_nobody_thought_of_is_answered_and_ends_that_log_alone() {
        AtomicBoolean broken = new AtomicBoolean();
        InstantSource clock =
                () -> {
                    if (broken.get()) {
                        throw new IllegalStateException("clock");
                    }
                    return Instant.EPOCH;
                };
        store.close();
        store = openStore(new LocalStoreSettings(1, 1, 100, 1 << 20, 1 << 20, 1 << 20, 10, clock));
        for (TimestampType type : TimestampType.values()) {
            LogId id = new LogId(type.name(), UUID.randomUUID(), 0);
            LogConfig config = new LogConfig(10_000, Long.MAX_VALUE, 300, 1 << 16, type);
            PartitionLog log = store.open(id, config, LogListener.NONE);
            appended(log, Batches.batch(1, "a"));
            broken.set(true);
            assertTrue(refused(log, Batches.batch(1, "b")).message().contains("clock"));
            broken.set(false);
            refused(log, Batches.batch(1, "c"));
            log.close();
            PartitionLog again = store.open(id, config, LogListener.NONE);
            appended(again, Batches.batch(1, "d"));
        }
    }

    @Test
    void a_listener_that_throws_harms_nothing() {
        LogListener thrower =
                new LogListener() {
                    @Override
                    public void moved(LogId id, LogBounds bounds) {
                        throw new IllegalStateException("moved");
                    }

                    @Override
                    public void failed(LogId id, String cause) {
                        throw new IllegalStateException("failed");
                    }
                };
        PartitionLog log = store.open(ID, CONFIG, thrower);
        appended(log, Batches.batch(1, "a"));
        disk.failForces("broken");
        refused(log, Batches.batch(1, "a"));
    }

    @Test
    void a_caller_that_is_interrupted_breaks_nothing() {
        PartitionLog log = openLog(CONFIG);
        for (int i = 0; i < 30; i++) {
            appended(log, Batches.sized(1000));
        }
        log.close();
        PartitionLog again = openLog(CONFIG);
        Thread.currentThread().interrupt();
        assertEquals(30, count(again));
        CompletableFuture<AppendOutcome> future = again.append(Batches.sized(1), Durability.FORCED);
        again.trim(20).join();
        store.delete(ID);
        assertTrue(Thread.interrupted());
        assertInstanceOf(Appended.class, future.join());
        PartitionLog fresh = openLog(CONFIG);
        appended(fresh, Batches.sized(1));
        assertEquals(1, count(fresh));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_thousand_logs_that_sleep_cost_no_files_and_no_mappings() throws IOException {
        UUID topicId = new UUID(5, 5);
        for (int i = 0; i < 1000; i++) {
            PartitionLog log = store.open(new LogId("many", topicId, i), CONFIG, LogListener.NONE);
            if (i % 100 == 0) {
                appended(log, Batches.batch(1, "a"));
            }
        }
        assertEquals(10, files().stream().filter(f -> f.endsWith(".log")).count());
        store.close();
        int descriptors = descriptors();
        int mappings = mappings();
        store = openStore(LocalStoreSettings.defaults());
        List<PartitionLog> logs = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            logs.add(store.open(new LogId("many", topicId, i), CONFIG, LogListener.NONE));
            assertEquals(i % 100 == 0 ? 1 : 0, logs.get(i).bounds().durableEnd());
        }
        assertTrue(descriptors() <= descriptors + 5, descriptors + " -> " + descriptors());
        assertTrue(mappings() <= mappings + 30, mappings + " -> " + mappings());
        assertEquals(1, count(logs.get(300)));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void closed_segments_that_were_read_stay_open_up_to_a_bound() throws IOException {
        store.close();
        store =
                openStore(
                        new LocalStoreSettings(
                                1, 1, 4096, 1 << 20, 1 << 20, 1 << 20, 3, InstantSource.system()));
        LogConfig tiny = new LogConfig(200, Long.MAX_VALUE, 1, 60, TimestampType.CREATE_TIME);
        PartitionLog log = openLog(tiny);
        for (int i = 0; i < 50; i++) {
            appended(log, Batches.sized(100));
        }
        assertEquals(50, log.details().segmentCount());
        int descriptors = descriptors();
        int mappings = mappings();
        for (int i = 0; i < 3; i++) {
            assertEquals(50, count(log));
        }
        assertTrue(descriptors() <= descriptors + 5, descriptors + " -> " + descriptors());
        assertTrue(mappings() <= mappings + 20, mappings + " -> " + mappings());
        log.trim(50).join();
        log.close();
        assertFalse(descriptors() > descriptors, descriptors + " -> " + descriptors());
    }

    private static int descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return (int) all.count();
        }
    }

    /** Mappings of data files; others come and go with the JVM's own memory. */
    private int mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return (int) lines.filter(l -> l.contains(directory.toString())).count();
        }
    }
}
