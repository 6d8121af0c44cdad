package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {
    @TempDir private Path directory;

    private static CheckpointFile.Key key(int i) {
        return new CheckpointFile.Key(new UUID(1, i), i);
    }

    private static LogCheckpoint checkpoint(long end) {
        return new LogCheckpoint(
                end / 2,
                new LogPosition(end, end - 1, (int) end * 3),
                end - 1,
                new IndexedEnd(new LogPosition(end - 1, end - 1, 5), 1, 2, 3, end * 7, end * 9),
                end % 2 == 1);
    }

    private CheckpointFile open() throws IOException {
        return CheckpointFile.open(new FileDisk(), directory);
    }

    @Test
    void entries_are_there_again_and_removed_ones_are_not() throws IOException {
        try (CheckpointFile file = open()) {
            assertFalse(file.contains(key(0)));
            assertEquals(LogCheckpoint.EMPTY, file.entry(key(0)).checkpoint());
            for (int i = 0; i < 100; i++) {
                for (int end = 1; end <= i + 1; end++) {
                    LogCheckpoint fresh = checkpoint(end);
                    file.entry(key(i)).update(before -> fresh);
                }
            }
            file.remove(key(50));
        }
        try (CheckpointFile file = open()) {
            assertEquals(99, file.keys().size());
            assertFalse(file.contains(key(50)));
            assertEquals(checkpoint(100), file.entry(key(99)).checkpoint());
            // The place of the removed one is used again.
            file.entry(key(1000)).update(before -> checkpoint(3));
            assertTrue(Files.size(directory.resolve("checkpoints")) <= 100 * 256);
        }
        try (CheckpointFile file = open()) {
            assertEquals(checkpoint(3), file.entry(key(1000)).checkpoint());
        }
    }

    @Test
    void a_forced_entry_outlives_whatever_happens_to_later_writes() throws IOException {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Path root = directory.resolve("a" + seed);
            Path survivors = directory.resolve("b" + seed);
            CrashDisk disk = new CrashDisk(root);
            long forced = 0;
            long written = 0;
            try (CheckpointFile file = CheckpointFile.open(disk, root)) {
                int writes = random.nextInt(12);
                for (int i = 1; i <= writes; i++) {
                    LogCheckpoint fresh = checkpoint(i);
                    file.entry(key(4)).update(before -> fresh);
                    written = i;
                    if (random.nextInt(3) == 0) {
                        file.force();
                        forced = i;
                    }
                }
                disk.cutPower(survivors, random);
            }
            try (CheckpointFile file = CheckpointFile.open(new CrashDisk(survivors), survivors)) {
                LogCheckpoint found = file.entry(key(4)).checkpoint();
                long end = found.durable().offset();
                assertTrue(end >= forced && end <= written, "seed " + seed + ": " + end);
                assertEquals(end == 0 ? LogCheckpoint.EMPTY : checkpoint(end), found);
            }
        }
    }

    @Test
    void what_a_failed_force_left_out_is_written_again() throws IOException {
        Path root = directory.resolve("a");
        Path survivors = directory.resolve("b");
        CrashDisk disk = new CrashDisk(root);
        try (CheckpointFile file = CheckpointFile.open(disk, root)) {
            file.entry(key(4)).update(before -> checkpoint(1));
            file.force();
            file.entry(key(4)).update(before -> checkpoint(2));
            disk.failForces("the drive is gone");
            assertThrows(IOException.class, file::force);
            disk.failForces(null);
        }
        // As after a kill: the next process reads what only the page cache has.
        try (CheckpointFile file = CheckpointFile.open(disk, root)) {
            assertEquals(checkpoint(2), file.entry(key(4)).checkpoint());
            file.writeAnew();
            file.force();
            disk.cutPower(survivors, new Random(7));
        }
        try (CheckpointFile file = CheckpointFile.open(new CrashDisk(survivors), survivors)) {
            assertEquals(checkpoint(2), file.entry(key(4)).checkpoint());
        }
    }

    @Test
    void damage_costs_the_entry_that_it_hits() throws IOException {
        try (CheckpointFile file = open()) {
            for (int i = 0; i < 3; i++) {
                file.entry(key(i)).update(before -> checkpoint(5));
            }
        }
        Path path = directory.resolve("checkpoints");
        byte[] bytes = Files.readAllBytes(path);
        bytes[256 + 60] ^= 1;
        Files.write(path, bytes);
        try (CheckpointFile file = open()) {
            assertEquals(Set.of(key(0), key(2)), file.keys());
        }
    }
}
