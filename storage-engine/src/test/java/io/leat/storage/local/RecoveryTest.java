package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.AppendOutcome.Duplicate;
import io.leat.storage.api.AppendOutcome.Refused;
import io.leat.storage.api.Batches;
import io.leat.storage.api.Durability;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.StorageObserver;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills, simulated by copies of a directory in use, and damage done to the copies. */
class RecoveryTest {
    private static final LogId ID = new LogId("t", new UUID(1, 2), 0);
    private static final LogConfig CONFIG =
            new LogConfig(4000, Long.MAX_VALUE, 300, 1 << 16, TimestampType.CREATE_TIME);

    @TempDir private Path temp;
    private final PausingDisk disk = new PausingDisk();
    private int copies;
    private final List<String> failures = new ArrayList<>();

    private LocalLogStore openStore(Path root) {
        LocalStoreSettings settings =
                new LocalStoreSettings(
                        1, 2, 4096, 1 << 20, 1 << 20, 3000, 10, InstantSource.system());
        return new LocalLogStore(root, settings, StorageObserver.NONE, disk);
    }

    private PartitionLog openLog(LocalLogStore store) {
        LogListener listener =
                new LogListener() {
                    @Override
                    public void moved(LogId id, LogBounds bounds) {}

                    @Override
                    public void failed(LogId id, String cause) {
                        failures.add(cause);
                    }
                };
        return store.open(ID, CONFIG, listener);
    }

    private static AppendOutcome append(PartitionLog log, ByteBuffer batch) {
        return log.append(batch, Durability.FORCED).orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static Path logFile(Path root, long baseOffset, String suffix) {
        return root.resolve("logs/t." + ID.topicId() + "/0/%020d%s".formatted(baseOffset, suffix));
    }

    /** What a kill leaves of a store in use. */
    private Path killed(Path root) throws IOException {
        Path copy = temp.resolve("copy-" + copies++);
        disk.copy(root, copy);
        return copy;
    }

    /** A store with {@code batches} appended, killed. */
    private Path killedWith(int batches) throws IOException {
        Path root = temp.resolve("root-" + copies);
        try (LocalLogStore store = openStore(root)) {
            PartitionLog log = openLog(store);
            for (int i = 0; i < batches; i++) {
                assertInstanceOf(Appended.class, append(log, Batches.produced(9, 0, i, 1)));
            }
            return killed(root);
        }
    }

    private void assertGoesOn(Path root, int batches) {
        try (LocalLogStore store = openStore(root)) {
            PartitionLog log = openLog(store);
            assertEquals(batches, log.bounds().durableEnd());
            assertEquals(batches, SegmentedLogTest.count(log));
            if (batches > 0) {
                assertInstanceOf(
                        Duplicate.class, append(log, Batches.produced(9, 0, batches - 1, 1)));
            }
            assertEquals(
                    new Appended(batches, batches, -1, 0),
                    append(log, Batches.produced(9, 0, batches, 1)));
            for (int i = 0; i <= batches; i++) {
                assertInstanceOf(
                        ReadOutcome.Data.class,
                        log.read(i, 1, true, Isolation.READ_UNCOMMITTED).join());
            }
        }
        try (LocalLogStore store = openStore(root)) {
            assertEquals(batches + 1, SegmentedLogTest.count(openLog(store)));
        }
        assertEquals(List.of(), failures);
    }

    @Test
    void everything_acknowledged_is_there_after_a_kill() throws IOException {
        for (int batches : new int[] {0, 1, 2, 30, 31, 32, 33, 50, 51, 100, 200}) {
            assertGoesOn(killedWith(batches), batches);
        }
    }

    @Test
    void a_log_that_was_only_opened_between_a_kill_and_a_clean_stop_keeps_its_tail()
            throws IOException {
        Path root = killedWith(20);
        ByteBuffer next = Batches.produced(9, 0, 20, 1);
        Files.write(lastSegment(root), bytesOf(next.putLong(0, 20)), StandardOpenOption.APPEND);
        try (LocalLogStore store = openStore(root)) {
            assertEquals(21, openLog(store).bounds().durableEnd());
        }
        try (LocalLogStore store = openStore(root)) {
            assertEquals(21, openLog(store).bounds().durableEnd());
        }
        assertGoesOn(root, 21);
    }

    @Test
    void damage_leaves_what_stands_before_it_readable() throws IOException {
        Path root = killedWith(25);
        Path segment = lastSegment(root);
        byte[] bytes = Files.readAllBytes(segment);
        ByteBuffer.wrap(bytes).putInt(bytes.length - 70 + 8, 1_000_000);
        Files.write(segment, bytes);
        try (LocalLogStore store = openStore(root)) {
            PartitionLog log = openLog(store);
            for (int i = 0; i < 24; i++) {
                ReadOutcome outcome = log.read(i, 1, true, Isolation.READ_UNCOMMITTED).join();
                assertInstanceOf(ReadOutcome.Data.class, outcome, "offset " + i);
            }
            assertInstanceOf(
                    ReadOutcome.Failed.class,
                    log.read(24, 1, true, Isolation.READ_UNCOMMITTED).join());
        }
        assertEquals(1, failures.size());
        assertTrue(failures.getFirst().contains(segment.toString()), failures.getFirst());
    }

    /** Such as the JVM throws where the disk cannot give a page of a mapping. */
    @Test
    void a_log_whose_end_cannot_be_read_keeps_no_other_from_opening() throws IOException {
        Path root = killedWith(20);
        ByteBuffer next = Batches.produced(9, 0, 20, 1);
        Files.write(lastSegment(root), bytesOf(next.putLong(0, 20)), StandardOpenOption.APPEND);
        Disk broken =
                new ForwardingDisk() {
                    @Override
                    public DiskFile open(Path file, Access access) throws IOException {
                        return new Unreadable(super.open(file, access));
                    }
                };
        try (LocalLogStore store =
                new LocalLogStore(
                        root, LocalStoreSettings.defaults(), StorageObserver.NONE, broken)) {
            PartitionLog log = openLog(store);
            assertInstanceOf(Refused.class, append(log, Batches.produced(9, 0, 21, 1)));
        }
        assertTrue(failures.getFirst().contains("says the test"), failures::toString);
    }

    private static final class Unreadable extends ForwardingDisk.ForwardingFile {
        Unreadable(DiskFile file) {
            super(file);
        }

        @Override
        public MemorySegment map(boolean writable, long spanBytes, Arena arena) {
            throw new InternalError("a fault occurred, says the test");
        }
    }

    @Test
    void a_kill_after_a_clean_start_is_no_clean_stop() throws IOException {
        Path root = temp.resolve("root");
        try (LocalLogStore store = openStore(root)) {
            append(openLog(store), Batches.produced(9, 0, 0, 1));
        }
        try (LocalLogStore store = openStore(root)) {
            PartitionLog log = openLog(store);
            for (int i = 1; i < 70; i++) {
                append(log, Batches.produced(9, 0, i, 1));
            }
            assertGoesOn(killed(root), 70);
        }
    }

    @Test
    void a_tail_torn_at_any_byte_is_cut_and_nothing_else() throws IOException {
        Path root = killedWith(40);
        byte[] batch = new byte[Batches.produced(9, 0, 40, 1).remaining()];
        ByteBuffer next = Batches.produced(9, 0, 40, 1);
        next.putLong(0, 40).get(batch);
        Path segment = lastSegment(root);
        byte[] before = Files.readAllBytes(segment);
        for (int length = 1; length < batch.length; length++) {
            Path copy = killed(root);
            ByteBuffer torn = ByteBuffer.wrap(batch, 0, length);
            Files.write(
                    copy.resolve(root.relativize(segment).toString()),
                    bytesOf(torn),
                    StandardOpenOption.APPEND);
            try (LocalLogStore store = openStore(copy)) {
                PartitionLog log = openLog(store);
                assertEquals(new LogBounds(0, 40, 40), log.bounds(), "torn at " + length);
            }
            assertEquals(
                    before.length, Files.size(copy.resolve(root.relativize(segment).toString())));
        }
        Files.write(segment, batch, StandardOpenOption.APPEND);
        assertGoesOn(root, 41);
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static Path lastSegment(Path root) throws IOException {
        try (Stream<Path> files = Files.list(logFile(root, 0, ".log").getParent())) {
            return files.filter(f -> f.toString().endsWith(".log")).sorted().toList().getLast();
        }
    }

    @Test
    void a_tail_with_a_flipped_byte_is_cut() throws IOException {
        Path root = killedWith(40);
        ByteBuffer next = Batches.produced(9, 0, 40, 1);
        byte[] batch = bytesOf(next.putLong(0, 40));
        for (int i = 0; i < batch.length; i++) {
            if (i >= 12 && i < 16) {
                // The leader epoch means nothing here, and no CRC covers it.
                continue;
            }
            Path copy = killed(root);
            batch[i] ^= 0x20;
            Files.write(lastSegment(copy), batch, StandardOpenOption.APPEND);
            batch[i] ^= 0x20;
            try (LocalLogStore store = openStore(copy)) {
                assertEquals(40, openLog(store).bounds().durableEnd(), "byte " + i);
            }
        }
    }

    @Test
    void a_tail_of_zeros_is_cut() throws IOException {
        Path root = killedWith(20);
        Files.write(lastSegment(root), new byte[100_000], StandardOpenOption.APPEND);
        assertGoesOn(root, 20);
    }

    @Test
    void a_new_segment_behind_a_torn_tail_is_removed() throws IOException {
        Path root = killedWith(20);
        Files.write(lastSegment(root), new byte[10], StandardOpenOption.APPEND);
        ByteBuffer next = Batches.produced(9, 0, 20, 1);
        Files.write(logFile(root, 21, ".log"), bytesOf(next.putLong(0, 21)));
        assertGoesOn(root, 20);
        assertFalse(Files.exists(logFile(root, 21, ".timeindex")));
    }

    private void assertFenced(Path root, String... says) {
        try (LocalLogStore store = openStore(root)) {
            PartitionLog log = openLog(store);
            Refused refused = assertInstanceOf(Refused.class, append(log, Batches.sized(1)));
            assertEquals(AppendOutcome.Refusal.STORAGE_FAILED, refused.reason());
            for (String part : says) {
                assertTrue(refused.message().contains(part), refused.message());
            }
            assertEquals(1, failures.size());
            assertTrue(log.bounds().durableEnd() > 0);
            ReadOutcome outcome =
                    log.read(log.bounds().durableEnd() - 1, 100, true, Isolation.READ_UNCOMMITTED)
                            .join();
            assertInstanceOf(ReadOutcome.Failed.class, outcome);
        }
        failures.clear();
    }

    @Test
    void a_segment_shorter_than_what_was_durable_is_damage_and_stays_as_it_is() throws IOException {
        Path root = killedWith(20);
        Path segment = lastSegment(root);
        byte[] cut = Arrays.copyOf(Files.readAllBytes(segment), 700);
        Files.write(segment, cut);
        assertFenced(root, segment.toString(), "durable");
        assertEquals(700, Files.size(segment));
        // Still, after yet another start.
        assertFenced(root, segment.toString(), "durable");
    }

    @Test
    void a_missing_last_segment_is_damage() throws IOException {
        Path root = killedWith(100);
        Path segment = lastSegment(root);
        Files.delete(segment);
        assertFenced(root, segment.getFileName().toString());
    }

    /** A checkpoint that covers the whole log makes it no less missing. */
    @Test
    void a_missing_last_segment_is_damage_after_a_clean_stop_too() throws IOException {
        for (boolean mark : new boolean[] {true, false}) {
            Path root = temp.resolve("clean-" + mark);
            try (LocalLogStore store = openStore(root)) {
                PartitionLog log = openLog(store);
                for (int i = 0; i < 100; i++) {
                    assertInstanceOf(Appended.class, append(log, Batches.produced(9, 0, i, 1)));
                }
            }
            Files.delete(lastSegment(root));
            if (!mark) {
                Files.delete(root.resolve(".clean"));
            }
            assertFenced(root, "00000000000000000057.log is missing");
        }
    }

    @Test
    void a_log_without_its_segments_is_damage() throws IOException {
        Path root = killedWith(20);
        Files.delete(lastSegment(root));
        assertFenced(root, "no segments");
    }

    @Test
    void a_broken_header_before_the_durable_end_is_damage() throws IOException {
        Path root = killedWith(20);
        Path segment = lastSegment(root);
        byte[] bytes = Files.readAllBytes(segment);
        ByteBuffer.wrap(bytes).putInt(bytes.length - 70 + 8, 1_000_000);
        Files.write(segment, bytes);
        assertFenced(root, segment.toString(), "damaged at position " + (bytes.length - 70));
    }

    @Test
    void indexes_that_are_missing_or_damaged_are_made_anew() throws IOException {
        Path root = temp.resolve("root");
        try (LocalLogStore store = openStore(root)) {
            PartitionLog log = openLog(store);
            for (int i = 0; i < 200; i++) {
                append(log, Batches.produced(9, 0, i, 1));
            }
        }
        Path index = logFile(root, 0, ".index");
        byte[] whole = Files.readAllBytes(index);
        byte[] wholeTimes = Files.readAllBytes(logFile(root, 0, ".timeindex"));
        for (int damage = 0; damage < 5; damage++) {
            Path copy = killed(root);
            Path damaged = logFile(copy, 0, ".index");
            byte[] bytes = whole.clone();
            switch (damage) {
                case 0 -> Files.delete(damaged);
                case 1 -> Files.write(damaged, new byte[whole.length]);
                case 2 -> {
                    bytes[bytes.length - 1] ^= 1;
                    Files.write(damaged, bytes);
                }
                case 3 -> {
                    bytes[bytes.length - 5] ^= 1;
                    Files.write(damaged, bytes);
                }
                default -> Files.delete(logFile(copy, 0, ".timeindex"));
            }
            try (LocalLogStore store = openStore(copy)) {
                PartitionLog log = openLog(store);
                assertEquals(200, SegmentedLogTest.count(log));
                assertEquals(0, log.offsetForTime(1).join().orElseThrow().offset());
            }
            // Made with the default interval, so it has fewer entries.
            assertEquals(0, Files.size(damaged) % 8);
            assertTrue(
                    Arrays.equals(wholeTimes, Files.readAllBytes(logFile(copy, 0, ".timeindex"))));
        }
    }

    @Test
    void an_index_that_lies_in_its_middle_gives_no_wrong_record() throws IOException {
        Path root = temp.resolve("root");
        try (LocalLogStore store = openStore(root)) {
            PartitionLog log = openLog(store);
            for (int i = 0; i < 40; i++) {
                append(log, Batches.produced(9, 0, i, 1));
            }
        }
        Path index = logFile(root, 0, ".index");
        byte[] whole = Files.readAllBytes(index);
        for (int i = 0; i < whole.length; i++) {
            Path copy = killed(root);
            byte[] bytes = whole.clone();
            bytes[i] ^= 0x11;
            Files.write(logFile(copy, 0, ".index"), bytes);
            try (LocalLogStore store = openStore(copy)) {
                PartitionLog log = openLog(store);
                for (int offset = 0; offset < 40; offset++) {
                    ReadOutcome outcome =
                            log.read(offset, 1, true, Isolation.READ_UNCOMMITTED).join();
                    ReadOutcome.Data data = assertInstanceOf(ReadOutcome.Data.class, outcome);
                    assertEquals(
                            offset, Batches.parse(data.slice().bytes()).getFirst().baseOffset());
                    data.slice().close();
                }
            }
        }
    }

    @Test
    void producers_are_read_from_the_log_when_their_snapshot_is_gone() throws IOException {
        Path root = killedWith(100);
        try (Stream<Path> files = Files.list(logFile(root, 0, ".log").getParent())) {
            List<Path> snapshots = files.filter(f -> f.toString().endsWith(".producers")).toList();
            // The one before may still be there: it is removed after the newer one is in place.
            assertFalse(snapshots.isEmpty());
            for (Path snapshot : snapshots) {
                Files.delete(snapshot);
            }
        }
        assertGoesOn(root, 100);
    }

    @Test
    void a_trim_outlives_a_kill() throws IOException {
        Path root = temp.resolve("root");
        try (LocalLogStore store = openStore(root)) {
            PartitionLog log = openLog(store);
            for (int i = 0; i < 200; i++) {
                append(log, Batches.produced(9, 0, i, 1));
            }
            log.trim(177).orTimeout(20, TimeUnit.SECONDS).join();
            Path copy = killed(root);
            try (LocalLogStore again = openStore(copy)) {
                PartitionLog recovered = openLog(again);
                assertEquals(new LogBounds(177, 200, 200), recovered.bounds());
                assertEquals(23, SegmentedLogTest.count(recovered));
            }
        }
    }

    @Test
    void a_delete_cut_short_is_finished() throws IOException {
        Path root = temp.resolve("root");
        openStore(root).close();
        Path leftover = root.resolve("deleted/x");
        Files.createDirectories(leftover);
        Files.write(leftover.resolve("00000000000000000000.log"), new byte[10]);
        try (LocalLogStore store = openStore(root)) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (Files.exists(leftover)) {
                assertTrue(System.nanoTime() < deadline);
                Thread.onSpinWait();
            }
            assertTrue(store.topics().isEmpty());
        }
    }
}
