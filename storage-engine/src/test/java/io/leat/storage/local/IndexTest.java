package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexTest {
    private static final Disk DISK = new FileDisk();

    @TempDir private Path directory;

    @Property(tries = 200)
    void an_offset_lookup_finds_what_a_scan_finds(
            @ForAll @Size(max = 600) List<@IntRange(min = 1, max = 9) Integer> steps,
            @ForAll @IntRange(min = -3, max = 6000) int target,
            @ForAll @IntRange(min = 0, max = 6000) int limit)
            throws IOException {
        long base = 1_000_000_000_000L;
        Path file = Files.createTempFile("offset", ".index");
        try (Arena arena = Arena.ofShared()) {
            OffsetIndex index = OffsetIndex.writable(DISK, file, base, 0, 1 << 16, arena);
            int relative = -1;
            int position = 0;
            int expected = -1;
            for (int i = 0; i < steps.size(); i++) {
                relative += steps.get(i);
                index.file().makeRoom(1);
                index.append(base + relative, position);
                if (relative <= target && position < limit) {
                    expected = i;
                }
                position += steps.get(i) * 2;
            }
            assertEquals(expected, index.lookup(base + target, limit));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Property(tries = 200)
    void a_time_lookup_finds_what_a_scan_finds(
            @ForAll @Size(max = 600) List<@IntRange(min = -5, max = 9) Integer> steps,
            @ForAll @IntRange(min = -3, max = 3000) int target)
            throws IOException {
        Path file = Files.createTempFile("time", ".timeindex");
        try (Arena arena = Arena.ofShared()) {
            TimeIndex index = TimeIndex.writable(DISK, file, 7, 0, 1 << 16, arena);
            long time = 0;
            long largest = -1;
            int entries = 0;
            int expected = -1;
            for (int i = 0; i < steps.size(); i++) {
                time += steps.get(i);
                index.file().makeRoom(1);
                index.append(time, 7 + i);
                if (time > largest) {
                    largest = time;
                    if (time < target) {
                        expected = entries;
                    }
                    entries++;
                }
            }
            assertEquals(entries, index.entries());
            assertEquals(expected, index.lookup(target));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Test
    void an_index_is_kafkas_byte_for_byte_and_grows_modestly() throws IOException {
        Path file = directory.resolve("00000000000000000005.index");
        try (Arena arena = Arena.ofShared()) {
            OffsetIndex index = OffsetIndex.writable(DISK, file, 5, 0, 10 << 20, arena);
            assertFalse(Files.exists(file));
            assertThrows(IllegalStateException.class, () -> index.append(9, 77));
            assertEquals(-1, index.lookup(Long.MAX_VALUE, Integer.MAX_VALUE));
            assertEquals(-1, index.lookupPosition(0));
            index.file().makeRoom(1);
            index.append(9, 77);
            assertEquals(4096, Files.size(file));
            assertThrows(IllegalArgumentException.class, () -> index.append(4, 99));
            assertThrows(IllegalArgumentException.class, () -> index.append(5L + (1L << 31), 99));
            for (int i = 1; i < 1000; i++) {
                index.file().makeRoom(1);
                index.append(9 + i, 77 + i);
            }
            assertEquals(8192, Files.size(file));
            index.file().trimAndForce();
        }
        ByteBuffer expected = ByteBuffer.allocate(8000);
        for (int i = 0; i < 1000; i++) {
            expected.putInt(4 + i).putInt(77 + i);
        }
        assertArrayEquals(expected.array(), Files.readAllBytes(file));
        try (Arena arena = Arena.ofShared()) {
            OffsetIndex index = OffsetIndex.readOnly(DISK, file, 5, arena);
            assertEquals(1000, index.entries());
            assertEquals(1008, index.offset(999));
            assertEquals(1076, index.position(999));
        }
    }

    @Test
    void a_time_index_is_kafkas_byte_for_byte() throws IOException {
        Path file = directory.resolve("00000000000000000005.timeindex");
        try (Arena arena = Arena.ofShared()) {
            TimeIndex index = TimeIndex.writable(DISK, file, 5, 0, 10 << 20, arena);
            index.file().makeRoom(3);
            index.append(-1, 5);
            index.append(1000, 9);
            index.append(1000, 10);
            index.append(1001, 11);
            assertEquals(4096 / 12 * 12, Files.size(file));
            index.file().trimAndForce();
        }
        ByteBuffer expected = ByteBuffer.allocate(24);
        expected.putLong(1000).putInt(4).putLong(1001).putInt(6);
        assertArrayEquals(expected.array(), Files.readAllBytes(file));
    }

    @Test
    void an_index_opened_again_goes_on_where_it_is_told() throws IOException {
        Path file = directory.resolve("00000000000000000000.index");
        try (Arena arena = Arena.ofShared()) {
            OffsetIndex index = OffsetIndex.writable(DISK, file, 0, 0, 1 << 16, arena);
            index.file().makeRoom(10);
            for (int i = 0; i < 10; i++) {
                index.append(i, i);
            }
        }
        try (Arena arena = Arena.ofShared()) {
            OffsetIndex index = OffsetIndex.writable(DISK, file, 0, 4, 1 << 16, arena);
            assertEquals(4, index.entries());
            index.file().makeRoom(1);
            index.append(100, 100);
            index.file().trimAndForce();
            assertEquals(5 * 8, Files.size(file));
            assertEquals(3, index.lookup(99, 1000));
            assertEquals(4, index.lookup(100, 1000));
        }
    }

    @Test
    void an_index_without_entries_has_no_file_before_it_is_complete() throws IOException {
        Path file = Files.write(directory.resolve("00000000000000000000.index"), new byte[16]);
        try (Arena arena = Arena.ofShared()) {
            OffsetIndex index = OffsetIndex.writable(DISK, file, 0, 0, 1 << 16, arena);
            assertFalse(Files.exists(file), "what was left of another is gone");
            index.file().trimAndForce();
            assertEquals(0, Files.size(file));
            assertEquals(0, index.entries());
        }
    }

    @Test
    void an_index_is_full_at_its_bound() throws IOException {
        Path file = directory.resolve("00000000000000000000.index");
        try (Arena arena = Arena.ofShared()) {
            OffsetIndex index = OffsetIndex.writable(DISK, file, 0, 0, 30, arena);
            index.file().makeRoom(100);
            assertEquals(24, Files.size(file));
            for (int i = 0; i < 3; i++) {
                assertEquals(3 - i, index.file().entriesLeft());
                index.append(i, i);
            }
            assertEquals(true, index.file().full());
        }
    }
}
