package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.Batches;
import io.leat.storage.api.Durability;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.StorageObserver;
import io.leat.storage.api.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadyRoomTest {
    private static final LogId ID = new LogId("t", new UUID(1, 2), 0);
    private static final RoomSteps STEPS = new RoomSteps(512, 1024, 4096);
    private static final int POSITION_MAX = 1 << 20;

    @TempDir private Path temp;

    /** Remembers what was made ready. */
    private static final class Recorder extends ForwardingDisk.ForwardingFile {
        private final List<String> made = new ArrayList<>();
        private boolean able = true;

        Recorder(DiskFile file) {
            super(file);
        }

        @Override
        public boolean makeReady(long from, long to) {
            made.add(from + " to " + to);
            return able;
        }
    }

    private Recorder recorder() throws IOException {
        return new Recorder(new FileDisk().open(temp.resolve("data"), Disk.Access.CREATE));
    }

    private static int bytes(ByteBuffer[] buffers) {
        return Arrays.stream(buffers).mapToInt(ByteBuffer::remaining).sum();
    }

    private static ByteBuffer[] write(ReadyRoom room, int position, int bytes) {
        return room.write(
                new ByteBuffer[] {ByteBuffer.allocate(bytes)}, position, position + bytes);
    }

    @Test
    void as_much_as_there_is_is_made_ready_and_used_before_more_is() throws IOException {
        try (Recorder file = recorder()) {
            ReadyRoom room = new ReadyRoom(STEPS, file, POSITION_MAX);
            assertEquals(1000, bytes(write(room, 0, 1000)));
            assertEquals(100, bytes(write(room, 1000, 100)));
            assertEquals(List.of(), file.made);
            // From the end of the block that this one ends in.
            assertEquals(100 + 336, bytes(write(room, 1100, 100)));
            assertEquals(List.of("1536 to 2560"), file.made);
            assertEquals(1000 + 360, bytes(write(room, 1200, 1000)));
            // Up to the end of its block there is nothing to be filled.
            assertEquals(360, bytes(write(room, 2200, 360)));
            assertEquals(List.of("1536 to 2560"), file.made);
            assertEquals(10 + 502, bytes(write(room, 2560, 10)));
            assertEquals(List.of("1536 to 2560", "3072 to 5120"), file.made);
        }
    }

    /** Apache Kafka's file reader ends at a batch that claims more bytes than the file has. */
    @Test
    void behind_each_write_stands_what_kafkas_tools_take_for_the_end() throws IOException {
        try (Recorder file = recorder()) {
            ReadyRoom room = new ReadyRoom(STEPS, file, POSITION_MAX);
            write(room, 0, 1024);
            int position = 1024;
            int marks = 0;
            for (int i = 0; i < 900; i++) {
                int bytes = 61 + i % 7;
                ByteBuffer[] written = write(room, position, bytes);
                position += bytes;
                if (written.length == 1) {
                    continue;
                }
                ByteBuffer padding = written[1];
                assertTrue(ReadyRoom.is(padding, 0, padding.limit()));
                assertEquals(0, (position + padding.limit()) % STEPS.blockBytes());
                boolean roomBehind = (position + padding.limit()) != lastEnd(file);
                if (padding.limit() >= 12) {
                    assertEquals(0, padding.getLong(0));
                    assertEquals(Integer.MAX_VALUE, padding.getInt(8));
                    marks++;
                } else {
                    assertFalse(roomBehind, "a mark of " + padding.limit() + " bytes");
                }
            }
            assertTrue(marks > 700, marks + " marks");
        }
    }

    private static int lastEnd(Recorder file) {
        String last = file.made.getLast();
        return Integer.parseInt(last.substring(last.lastIndexOf(' ') + 1));
    }

    @Test
    void only_room_that_was_forced_since_it_was_made_can_be_written_over() throws IOException {
        try (Recorder file = recorder()) {
            ReadyRoom room = new ReadyRoom(STEPS, file, POSITION_MAX);
            write(room, 0, 1100);
            ReadyRoom.Made before = room.made();
            write(room, 1100, 100);
            assertFalse(room.covers(1200));
            before.forced();
            assertFalse(room.covers(1200), "a force that began before it was made");
            room.made().forced();
            assertTrue(room.covers(1200));
            assertTrue(room.covers(2560));
            assertFalse(room.covers(2561));
        }
    }

    /** Two logs of one lane, forced together; then the power fails. */
    @Test
    void what_was_forced_together_is_there_after_a_power_cut() throws IOException {
        int together = 0;
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Path root = temp.resolve("both-" + seed);
            DataDirectory.hold(root).close();
            CrashDisk disk = new CrashDisk(root);
            LocalStoreSettings settings =
                    new LocalStoreSettings(
                            1, 8, 100, 1 << 20, 1 << 20, 1 << 20, 10, InstantSource.system());
            SeededStore store = new SeededStore(root, settings, disk, random);
            LogConfig config =
                    new LogConfig(100_000, Long.MAX_VALUE, 300, 1 << 16, TimestampType.CREATE_TIME);
            List<PartitionLog> logs = new ArrayList<>();
            for (int p = 0; p < 3; p++) {
                logs.add(
                        store.logs()
                                .open(new LogId("t", new UUID(1, 2), p), config, LogListener.NONE));
            }
            int rounds = 5 + random.nextInt(30);
            for (int i = 0; i < rounds; i++) {
                for (PartitionLog log : logs) {
                    var _ = log.append(Batches.sized(130), Durability.FORCED);
                }
                store.settle();
            }
            together += disk.writtenOutCount();
            Path cut = temp.resolve("both-cut-" + seed);
            disk.cutPower(cut, random);
            try (LocalLogStore after = open(cut, new CrashDisk(cut))) {
                for (int p = 0; p < 3; p++) {
                    PartitionLog log =
                            after.open(new LogId("t", new UUID(1, 2), p), config, LogListener.NONE);
                    append(log, 1);
                    assertEquals(
                            rounds + 1, log.bounds().durableEnd(), "seed " + seed + ", log " + p);
                }
            }
        }
        assertTrue(together > 1000, together + " parts were written out");
    }

    @Test
    void room_is_zeros_with_an_end_mark_or_a_part_of_one_in_front() {
        ByteBuffer bytes = ByteBuffer.allocate(40);
        assertTrue(ReadyRoom.is(bytes, 0, 40));
        assertTrue(ReadyRoom.is(bytes, 40, 40));
        bytes.putInt(20 + 8, Integer.MAX_VALUE);
        assertTrue(ReadyRoom.is(bytes, 20, 40));
        assertTrue(ReadyRoom.is(bytes, 20, 30));
        assertFalse(ReadyRoom.is(bytes, 19, 40));
        assertFalse(ReadyRoom.is(bytes, 21, 40));
        assertFalse(ReadyRoom.is(bytes, 0, 40));
        bytes.put(20 + 9, (byte) 0);
        assertTrue(ReadyRoom.is(bytes, 20, 40), "a part of a mark");
        bytes.put(39, (byte) 1);
        assertFalse(ReadyRoom.is(bytes, 20, 40));
        assertTrue(ReadyRoom.is(bytes, 20, 39));
    }

    @Test
    void what_is_written_in_large_pieces_has_no_room() throws IOException {
        try (Recorder file = recorder()) {
            ReadyRoom room = new ReadyRoom(STEPS, file, POSITION_MAX);
            for (int i = 0; i < 5; i++) {
                assertEquals(150_000, bytes(write(room, i * 150_000, 150_000)));
            }
            assertEquals(List.of(), file.made);
        }
    }

    @Test
    void no_room_is_made_behind_the_largest_position() throws IOException {
        try (Recorder file = recorder()) {
            ReadyRoom room = new ReadyRoom(STEPS, file, 3000);
            for (int i = 0; i < 29; i++) {
                write(room, i * 100, 100);
            }
            assertEquals(List.of("1536 to 2560"), file.made);
        }
    }

    @Test
    void where_none_can_be_made_nothing_changes_and_it_is_not_tried_again() throws IOException {
        try (Recorder file = recorder()) {
            file.able = false;
            ReadyRoom room = new ReadyRoom(STEPS, file, POSITION_MAX);
            for (int i = 0; i < 100; i++) {
                ByteBuffer[] buffers = {ByteBuffer.allocate(100)};
                assertSame(buffers, room.write(buffers, i * 100, i * 100 + 100));
            }
            assertEquals(1, file.made.size());
        }
    }

    private static LocalLogStore open(Path root, Disk disk) {
        return new LocalLogStore(root, LocalStoreSettings.defaults(), StorageObserver.NONE, disk);
    }

    private static PartitionLog log(LocalLogStore store, int segmentBytes) {
        LogConfig config =
                new LogConfig(
                        segmentBytes, Long.MAX_VALUE, 300, 1 << 16, TimestampType.CREATE_TIME);
        return store.open(ID, config, LogListener.NONE);
    }

    private static void append(PartitionLog log, int count) {
        for (int i = 0; i < count; i++) {
            assertInstanceOf(
                    Appended.class,
                    log.append(Batches.sized(130), Durability.FORCED)
                            .orTimeout(20, TimeUnit.SECONDS)
                            .join());
        }
    }

    private static List<StoredFile> segments(Path root) {
        List<StoredFile> files = new ArrayList<>();
        try (DataDirectory held = DataDirectory.holdExisting(root)) {
            DataVerification.run(held, files::add, bytes -> {});
        }
        assertEquals(
                List.of(),
                files.stream()
                        .flatMap(file -> file.flaws().stream())
                        .filter(f -> f.damage())
                        .toList());
        return files.stream().filter(file -> file.path().endsWith(".log")).toList();
    }

    @Test
    void it_is_there_while_a_log_grows_and_gone_once_it_is_closed() throws IOException {
        DataDirectory.hold(temp).close();
        try (LocalLogStore store = open(temp, new CrashDisk(temp))) {
            append(log(store, 10_000), 20);
            Path killed = temp.resolve("killed");
            FileTree.copy(temp.resolve("logs"), Files.createDirectories(killed).resolve("logs"));
            assertTrue(
                    FileTree.files(killed).stream()
                            .filter(file -> file.toString().endsWith(".log"))
                            .allMatch(file -> file.toFile().length() % 512 == 0));
        }
        List<StoredFile> segments = segments(temp);
        assertEquals(1, segments.size());
        assertTrue(segments.getFirst().content().endsWith("20 records"), segments.toString());
    }

    /** Such as on another file system, to which the files were copied. */
    @Test
    void it_is_gone_from_closed_segments_where_none_would_be_made_too(@TempDir Path other)
            throws IOException {
        DataDirectory.hold(temp).close();
        Path killed = other.resolve("killed");
        try (LocalLogStore store = open(temp, new CrashDisk(temp))) {
            append(log(store, 10_000), 20);
            FileTree.copy(temp, killed);
        }
        Disk roomless =
                new ForwardingDisk() {
                    @Override
                    public Optional<RoomSteps> readyRoom() {
                        return Optional.empty();
                    }
                };
        try (LocalLogStore store = open(killed, roomless)) {
            PartitionLog log = log(store, 10_000);
            log.sealed().seal().orTimeout(20, TimeUnit.SECONDS).join();
            append(log, 1);
        }
        assertTrue(
                segments(killed).stream().allMatch(file -> file.content().endsWith("records")),
                () -> segments(killed).toString());
    }

    @Test
    void after_a_power_cut_only_the_last_segment_has_some_and_it_is_no_damage() throws IOException {
        int withRoom = 0;
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Path root = temp.resolve("life-" + seed);
            DataDirectory.hold(root).close();
            CrashDisk disk = new CrashDisk(root);
            int count = 5 + random.nextInt(60);
            Path cut = temp.resolve("cut-" + seed);
            try (LocalLogStore store = open(root, disk)) {
                append(log(store, 4000), count);
                disk.cutPower(cut, random);
            }
            List<StoredFile> segments = segments(cut);
            for (StoredFile segment : segments.subList(0, segments.size() - 1)) {
                assertTrue(segment.content().endsWith("records"), segment + ", seed " + seed);
            }
            withRoom += segments.getLast().content().endsWith("made ready") ? 1 : 0;
            try (LocalLogStore store = open(cut, new CrashDisk(cut))) {
                PartitionLog log = log(store, 4000);
                append(log, 3);
                assertEquals(count + 3, log.bounds().durableEnd(), "seed " + seed);
            }
            assertTrue(
                    segments(cut).stream().allMatch(file -> file.content().endsWith("records")),
                    "seed " + seed);
        }
        assertTrue(withRoom > 10, withRoom + " of 40 had room");
    }
}
