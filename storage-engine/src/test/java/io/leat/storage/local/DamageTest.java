package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.Batches;
import io.leat.storage.api.Damage;
import io.leat.storage.api.Durability;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.StorageException;
import io.leat.storage.api.StorageObserver;
import io.leat.wire.record.BatchLayout;
import io.leat.wire.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damage before the durable end is found, named and fenced off, and all else goes on. */
class DamageTest {
    private static final LogId ID = new LogId("t", new UUID(1, 2), 0);
    private static final LogConfig CONFIG =
            new LogConfig(1_000, Long.MAX_VALUE, 200, 1 << 16, TimestampType.CREATE_TIME);
    private static final int BATCHES = 40;

    @TempDir private Path root;
    private LocalLogStore store;
    private PartitionLog log;
    private final List<Damage> told = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    @BeforeEach
    void fill() {
        open();
        for (int i = 0; i < BATCHES; i++) {
            assertInstanceOf(
                    Appended.class,
                    log.append(Batches.batch(1_000 + i, "value-" + i), Durability.FORCED).join());
        }
        log.sealed().seal().join();
        assertTrue(log.sealed().list().size() >= 3, () -> log.sealed().list().toString());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void open() {
        store =
                new LocalLogStore(
                        root,
                        LocalStoreSettings.defaults(),
                        StorageObserver.NONE,
                        new UnforcedDisk());
        log =
                store.open(
                        ID,
                        CONFIG,
                        new LogListener() {
                            @Override
                            public void moved(LogId id, LogBounds bounds) {}

                            @Override
                            public void failed(LogId id, String cause) {
                                failures.add(cause);
                            }

                            @Override
                            public void damaged(LogId id, Damage damage) {
                                told.add(damage);
                            }
                        });
    }

    /** Stops the store, does something to its files, and opens it again. */
    private void reopenAfter(Mischief mischief) throws IOException {
        store.close();
        mischief.act();
        open();
    }

    private interface Mischief {
        void act() throws IOException;
    }

    private Path segment(int i) {
        return FileTree.files(root).stream()
                .filter(file -> file.toString().endsWith(".log"))
                .toList()
                .get(i);
    }

    private static void flip(Path file, int position, int mask) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= (byte) mask;
        Files.write(file, bytes);
    }

    /** Where the batches of a segment stand. */
    private static List<Integer> positions(Path file) throws IOException {
        return Batches.parse(ByteBuffer.wrap(Files.readAllBytes(file))).stream()
                .map(RecordBatch::position)
                .toList();
    }

    /** The offsets that can be read, each asked for by itself, and that nothing else is given. */
    private List<Long> readable() {
        List<Long> readable = new ArrayList<>();
        for (long offset = 0; offset < BATCHES; offset++) {
            ReadOutcome outcome =
                    log.read(offset, 1 << 20, true, Isolation.READ_UNCOMMITTED).join();
            if (outcome instanceof ReadOutcome.Data data) {
                try (var slice = data.slice()) {
                    long next = offset;
                    for (RecordBatch batch : Batches.parse(slice.bytes())) {
                        if (!batch.crcValid()) {
                            break;
                        }
                        assertEquals(next, batch.baseOffset(), "passed over");
                        next = batch.nextOffset();
                    }
                    if (next > offset) {
                        readable.add(offset);
                    }
                }
            } else {
                String message = assertInstanceOf(ReadOutcome.Failed.class, outcome).message();
                assertTrue(message.contains(".log"), message);
            }
        }
        return readable;
    }

    private static List<Long> allBut(long from, long end) {
        List<Long> offsets = new ArrayList<>();
        for (long offset = 0; offset < BATCHES; offset++) {
            if (offset < from || offset >= end) {
                offsets.add(offset);
            }
        }
        return offsets;
    }

    private void assertGoesOn() {
        assertEquals(List.of(), failures);
        Appended appended =
                assertInstanceOf(
                        Appended.class,
                        log.append(Batches.batch(1, "more"), Durability.FORCED).join());
        assertEquals(BATCHES, appended.baseOffset());
    }

    @Test
    void a_segment_missing_in_the_middle_is_not_passed_over() throws IOException {
        SealedSegment gone = log.sealed().list().get(1);
        reopenAfter(() -> Files.delete(segment(1)));
        assertEquals(allBut(gone.baseOffset(), gone.endOffset()), readable());
        assertEquals(1, told.size(), told::toString);
        assertEquals(gone.baseOffset(), told.getFirst().fromOffset());
        assertEquals(gone.endOffset(), told.getFirst().endOffset());
        assertEquals(told, log.sealed().damages());
        assertGoesOn();
    }

    @Test
    void a_missing_first_segment_is_known_at_once() throws IOException {
        SealedSegment gone = log.sealed().list().getFirst();
        reopenAfter(() -> Files.delete(segment(0)));
        var _ = log.sealed().list();
        assertEquals(1, told.size(), told::toString);
        assertTrue(told.getFirst().place().endsWith("00000000000000000000.log"), told::toString);
        assertEquals(allBut(0, gone.endOffset()), readable());
        assertGoesOn();
    }

    @Test
    void scrubbing_finds_a_missing_segment_by_the_hole_it_leaves() throws IOException {
        SealedSegment gone = log.sealed().list().get(1);
        reopenAfter(() -> Files.delete(segment(1)));
        List<Damage> found = scrub();
        assertEquals(1, found.size(), found::toString);
        assertEquals(gone.baseOffset(), found.getFirst().fromOffset());
        assertEquals(gone.endOffset(), found.getFirst().endOffset());
    }

    private List<Damage> scrub() {
        List<Damage> found = new ArrayList<>();
        for (SealedSegment segment : log.sealed().list()) {
            found.addAll(log.sealed().scrub(segment, bytes -> {}));
        }
        return found;
    }

    @Test
    void nothing_is_found_where_nothing_is_wrong() {
        assertEquals(List.of(), scrub());
        assertInstanceOf(Appended.class, log.append(Batches.sized(900), Durability.FORCED).join());
        log.sealed().seal().join();
        assertEquals(List.of(), scrub());
        long[] read = new long[1];
        SealedSegment first = log.sealed().list().getFirst();
        assertEquals(List.of(), log.sealed().scrub(first, bytes -> read[0] += bytes));
        assertEquals(first.sizeBytes(), read[0]);
    }

    /** A bit that no header shows: only the CRC does. */
    @Test
    void a_flipped_bit_in_a_record_is_found_by_scrubbing_and_fenced_off() throws IOException {
        int position = positions(segment(1)).get(2);
        long offset = log.sealed().list().get(1).baseOffset() + 2;
        reopenAfter(() -> flip(segment(1), position + BatchLayout.RECORDS + 8, 0x10));
        List<Damage> found = scrub();
        assertEquals(1, found.size(), found::toString);
        assertEquals(offset, found.getFirst().fromOffset());
        assertEquals(offset + 1, found.getFirst().endOffset());
        assertTrue(
                found.getFirst().place().endsWith(".log at position " + position), found::toString);
        assertEquals(found, told);
        assertEquals(allBut(offset, offset + 1), readable());
        SealedSegment damaged = log.sealed().list().get(1);
        assertThrows(StorageException.class, () -> log.sealed().read(damaged).close());
        assertEquals(found, scrub());
        assertEquals(1, told.size(), "told once");
        assertGoesOn();
        assertTrue(log.trim(offset + 1).join().logStart() == offset + 1);
        assertEquals(List.of(), log.sealed().damages());
    }

    @Test
    void what_stands_behind_a_broken_header_is_found_by_the_index() throws IOException {
        int position = positions(segment(1)).get(1);
        SealedSegment damaged = log.sealed().list().get(1);
        reopenAfter(() -> flip(segment(1), position + BatchLayout.BATCH_LENGTH, 0x7f));
        List<Long> readable = readable();
        assertTrue(!readable.contains(damaged.baseOffset() + 1), readable::toString);
        assertTrue(readable.contains(damaged.endOffset() - 1), readable::toString);
        assertTrue(readable.size() >= BATCHES - 5, readable::toString);
        assertEquals(1, told.size(), told::toString);
        assertGoesOn();
    }

    /** The CRC covers neither; and a consumer that believed them would pass over records. */
    @ParameterizedTest
    @ValueSource(ints = {1, 128})
    void flipped_base_offsets_and_epochs_pass_over_nothing(int mask) throws IOException {
        SealedSegment damaged = log.sealed().list().get(1);
        List<Integer> positions = positions(segment(1));
        for (int batch = 0; batch < positions.size(); batch++) {
            for (int field : new int[] {0, 6, 7, BatchLayout.PARTITION_LEADER_EPOCH + 3}) {
                int at = positions.get(batch) + field;
                reopenAfter(() -> flip(segment(1), at, mask));
                long offset = damaged.baseOffset() + batch;
                List<Long> readable = readable();
                assertTrue(!readable.contains(offset), offset + " of " + readable);
                assertTrue(readable.size() >= BATCHES - 2, at + ": " + readable + " " + told);
                List<Damage> found = scrub();
                assertTrue(
                        found.stream().anyMatch(one -> one.holds(offset)),
                        () -> at + " found " + found);
                reopenAfter(() -> flip(segment(1), at, mask));
                assertEquals(BATCHES, readable().size());
            }
        }
    }

    @Test
    void a_file_that_was_cut_short_is_damage() throws IOException {
        SealedSegment damaged = log.sealed().list().get(1);
        reopenAfter(() -> {
            byte[] bytes = Files.readAllBytes(segment(1));
            Files.write(segment(1), java.util.Arrays.copyOf(bytes, bytes.length - 30));
        });
        assertEquals(allBut(damaged.endOffset() - 1, damaged.endOffset()), readable());
        assertEquals(damaged.endOffset() - 1, told.getFirst().fromOffset());
        assertGoesOn();
    }
}
