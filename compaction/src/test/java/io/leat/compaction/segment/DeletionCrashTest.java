package io.leat.compaction.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.Batches;
import io.leat.storage.api.Durability;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.StorageException;
import io.leat.storage.api.StorageObserver;
import io.leat.storage.local.CrashDisk;
import io.leat.storage.local.Disk;
import io.leat.storage.local.FileDisk;
import io.leat.storage.local.FileTree;
import io.leat.storage.local.InMemory;
import io.leat.storage.local.LocalLogStore;
import io.leat.storage.local.LocalStoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log is deleted, and the power goes before each change on the disk in turn. After the next start
 * the log is there, or gone; deleted once more, as the catalog of topics does, its space is free,
 * nothing of it comes back, and another log has lost nothing.
 */
class DeletionCrashTest {
    private static final int STEPS_MAX = 1_000;
    private static final int RECORDS = 40;
    private static final LogId DOOMED = new LogId("doomed", new UUID(1, 2), 0);
    private static final LogId OTHER = new LogId("other", new UUID(3, 4), 0);
    private static final LogConfig CONFIG =
            new LogConfig(500, Long.MAX_VALUE, 200, 1 << 16, TimestampType.CREATE_TIME);

    @TempDir(factory = InMemory.class)
    private Path folder;

    @Test
    void whateverIsCutShortTheSpaceIsFreed() throws IOException {
        Path template = folder.resolve("template");
        try (LocalLogStore store = open(template, new FileDisk())) {
            fill(store.open(DOOMED, CONFIG, LogListener.NONE), RECORDS);
            fill(store.open(OTHER, CONFIG, LogListener.NONE), RECORDS);
        }
        int step = 0;
        while (cutAt(template, step)) {
            step++;
            assertTrue(step < STEPS_MAX, "does not come to an end");
        }
        // Four files a segment, and a few renames and forces.
        assertTrue(step > 20, "only " + step + " changes");
    }

    private static LocalLogStore open(Path root, Disk disk) {
        return new LocalLogStore(root, LocalStoreSettings.defaults(), StorageObserver.NONE, disk);
    }

    private static void fill(PartitionLog log, int records) {
        for (int i = 0; i < records; i++) {
            assertInstanceOf(
                    AppendOutcome.Appended.class,
                    log.append(Batches.batch(i, "value-" + i), Durability.FORCED).join());
        }
    }

    /** Whether the power went before the deletion had ended. */
    private boolean cutAt(Path template, int step) throws IOException {
        Path root = folder.resolve("run-" + step);
        Path survivors = folder.resolve("survivors-" + step);
        FileTree.copy(template, root);
        Files.createDirectories(survivors);
        Random random = new Random(step);
        CrashDisk disk = new CrashDisk(root);
        boolean whole;
        try (LocalLogStore store = open(root, disk)) {
            assertEquals(
                    RECORDS, store.open(DOOMED, CONFIG, LogListener.NONE).bounds().writtenEnd());
            disk.cutPowerAfter(step, survivors, random);
            try {
                store.delete(DOOMED);
                await(() -> disk.isOff() || isFree(root));
            } catch (StorageException e) {
                assertTrue(disk.isOff(), e::toString);
            }
            whole = !disk.isOff();
            if (whole) {
                disk.cutPower(survivors, random);
            }
        }
        try {
            finish(survivors);
        } catch (Throwable e) {
            throw new AssertionError("cut before change " + step, e);
        }
        return !whole;
    }

    private static void finish(Path root) {
        try (LocalLogStore store = open(root, new FileDisk())) {
            PartitionLog other = store.open(OTHER, CONFIG, LogListener.NONE);
            assertEquals(new LogBounds(0, RECORDS, RECORDS), other.bounds());
            if (store.topics().contains(DOOMED.topicId())) {
                store.delete(DOOMED);
            }
            await(() -> isFree(root));
            PartitionLog again = store.open(DOOMED, CONFIG, LogListener.NONE);
            assertEquals(new LogBounds(0, 0, 0), again.bounds());
            fill(again, 3);
            assertEquals(new LogBounds(0, 3, 3), again.bounds());
        }
    }

    /** Whether no file of the log is left, under whatever name. */
    private static boolean isFree(Path root) {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.map(path -> root.relativize(path).toString())
                    .noneMatch(
                            name -> name.startsWith("deleted/") || name.startsWith("logs/doomed"));
        } catch (IOException | UncheckedIOException e) {
            // Something went while it was walked over.
            return false;
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it takes too long");
            LockSupport.parkNanos(1_000_000);
        }
    }
}
