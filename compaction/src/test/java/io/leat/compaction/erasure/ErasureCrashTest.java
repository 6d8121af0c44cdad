package io.leat.compaction.erasure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.compaction.erasure.LogProgress.Stage;
import io.leat.compaction.erasure.TestLog.Seen;
import io.leat.storage.api.StorageException;
import io.leat.storage.local.CrashDisk;
import io.leat.storage.local.FileTree;
import io.leat.storage.local.InMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The power goes before each change on the disk in turn, from the beginning of an erasure to its
 * end. After each cut the erasure goes on with what its journal has kept, and the outcome is the
 * same: nothing of the key is left, all else is as it was, and what was removed is counted once.
 *
 * <p>{@code -Dleat.erasure.crash.seeds=10} lets ten different things survive each cut.
 */
class ErasureCrashTest {
    private static final String KEY = "victim-7f3a91c2-anna";
    private static final String SECRET = "secret-5d1e-of-anna";
    private static final int STEPS_MAX = 10_000;
    private static final int SEEDS = Integer.getInteger("leat.erasure.crash.seeds", 1);

    @TempDir(factory = InMemory.class)
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whereverThePowerGoesTheErasureEndsRight(boolean tombstone) throws IOException {
        Path template = folder.resolve("template");
        List<Seen> before;
        try (TestLog log = new TestLog(template)) {
            fill(log);
            before = log.records();
        }
        // The short form tries each change once, and with tombstones every third.
        int stride = tombstone && SEEDS == 1 ? 3 : 1;
        for (int seed = 0; seed < SEEDS; seed++) {
            int step = 0;
            while (cutAt(template, before, tombstone, seed, step)) {
                step += stride;
                assertTrue(step < STEPS_MAX, "does not come to an end");
            }
            assertTrue(step > 20, "only " + step + " changes");
        }
    }

    /** Enough for several segments, the key in three of them, the growing one included. */
    private static void fill(TestLog log) {
        for (int i = 0; i < 75; i++) {
            log.append("other-" + i, "value-" + i);
            if (i == 3 || i == 4 || i == 40 || i == 74) {
                log.append(KEY, SECRET);
            }
        }
    }

    /** Whether the power went before the erasure ended. */
    private boolean cutAt(Path template, List<Seen> before, boolean tombstone, int seed, int step)
            throws IOException {
        Path root = folder.resolve("run-" + seed + "-" + step);
        Path survivors = folder.resolve("survivors-" + seed + "-" + step);
        FileTree.copy(template, root);
        Files.createDirectories(survivors);
        Random random = new Random(31L * seed + step);
        CrashDisk disk = new CrashDisk(root);
        MemoryJournal journal;
        try (TestLog log = new TestLog(root, disk)) {
            journal = new MemoryJournal(log.log.bounds().writtenEnd());
            disk.cutPowerAfter(step, survivors, random);
            try {
                log.erasure(journal, tombstone, KEY).run();
            } catch (StorageException e) {
                assertTrue(disk.isOff(), e::toString);
            }
            boolean whole = !disk.isOff();
            if (whole) {
                disk.cutPower(survivors, random);
            }
            journal.crash();
            if (whole) {
                assertEquals(Stage.DONE, journal.progress().stage());
            }
            finish(survivors, journal, before, tombstone);
            return !whole;
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed + ", cut before change " + step, e);
        }
    }

    private static void finish(
            Path survivors, MemoryJournal journal, List<Seen> before, boolean tombstone) {
        try (TestLog log = new TestLog(survivors)) {
            LogProgress done = log.erasure(journal, tombstone, KEY).run();
            assertEquals(Stage.DONE, done.stage(), done::toString);
            assertEquals(4, done.recordsRemoved(), done::toString);
            assertEquals(3, done.segmentsRewritten(), done::toString);
            assertEquals(tombstone ? 1 : 0, done.tombstonesLeft(), done::toString);
            List<Seen> left =
                    log.records().stream().filter(r -> r.offset() < before.size()).toList();
            assertEquals(before.stream().filter(r -> !KEY.equals(r.key())).toList(), left);
            List<Seen> behind =
                    log.records().stream().filter(r -> r.offset() >= before.size()).toList();
            assertEquals(tombstone ? 1 : 0, behind.size(), behind::toString);
            log.assertGone(SECRET);
            if (!tombstone) {
                log.assertGone(KEY);
            }
        }
    }

    @Test
    void aDiskThatRunsFullIsWaitedFor() throws IOException {
        Path root = folder.resolve("full");
        CrashDisk disk = new CrashDisk(root);
        try (TestLog log = new TestLog(root, disk)) {
            fill(log);
            log.log.sealed().seal().join();
            MemoryJournal journal = new MemoryJournal(log.log.bounds().writtenEnd());
            LogErasure erasure = log.erasure(journal, false, KEY);
            disk.capacity(disk.usedBytes() + 10);
            assertThrows(StorageException.class, erasure::run);
            disk.capacity(Long.MAX_VALUE);
            LogProgress done = erasure.run();
            assertEquals(Stage.DONE, done.stage());
            assertEquals(4, done.recordsRemoved());
        }
    }
}
