package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.ActiveProducer;
import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.Batches;
import io.leat.storage.api.Durability;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.StorageObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log whose records were all trimmed away is sealed, at the offset where it was sealed before,
 * and the power goes before each change on the disk in turn: its producers are only in their
 * snapshot, and that is there whatever happens.
 */
class SnapshotCrashTest {
    private static final int STEPS_MAX = 100;
    private static final int SEEDS = Integer.getInteger("leat.snapshot.seeds", 10);
    private static final LogId ID = new LogId("t", new UUID(3, 5), 0);
    private static final LogConfig CONFIG =
            new LogConfig(4_000, Long.MAX_VALUE, 200, 1 << 16, TimestampType.CREATE_TIME);

    @TempDir(factory = InMemory.class)
    private Path folder;

    @Test
    void theProducersAreKnownWhateverHappens() throws IOException {
        Path template = folder.resolve("template");
        try (LocalLogStore store = open(template, new UnforcedDisk())) {
            PartitionLog log = store.open(ID, CONFIG, LogListener.NONE);
            for (int sequence = 0; sequence < 3; sequence++) {
                assertInstanceOf(
                        Appended.class,
                        log.append(Batches.produced(9, 0, sequence, 1), Durability.FORCED).join());
            }
            log.sealed().seal().join();
            log.trim(3).join();
        }
        int step = 0;
        while (cutAt(template, step)) {
            step++;
            assertTrue(step < STEPS_MAX, "does not come to an end");
        }
        assertTrue(step > 3, "only " + step + " changes");
    }

    /** Whether the power went before the log was sealed, for some seed. */
    private boolean cutAt(Path template, int step) throws IOException {
        boolean cut = false;
        for (int seed = 0; seed < SEEDS; seed++) {
            Path root = folder.resolve("run-%d-%d".formatted(step, seed));
            Path survivors = folder.resolve("survivors-%d-%d".formatted(step, seed));
            FileTree.copy(template, root);
            CrashDisk disk = new CrashDisk(root);
            Random random = new Random(31L * step + seed);
            try (LocalLogStore store = open(root, disk)) {
                PartitionLog log = store.open(ID, CONFIG, LogListener.NONE);
                requireProducer(log, "before");
                disk.cutPowerAfter(step, survivors, random);
                cut |= !seal(log);
                if (!disk.isOff()) {
                    disk.cutPower(survivors, random);
                }
            }
            try (LocalLogStore store = open(survivors, new UnforcedDisk())) {
                requireProducer(
                        store.open(ID, CONFIG, LogListener.NONE),
                        "step %d, seed %d".formatted(step, seed));
            }
        }
        return cut;
    }

    private static boolean seal(PartitionLog log) {
        return log.sealed().seal().handle((sealed, failure) -> failure == null).join();
    }

    private static void requireProducer(PartitionLog log, String when) {
        List<ActiveProducer> known = log.producers().join();
        assertEquals(1, known.size(), when);
        assertEquals(2, known.getFirst().lastSequence(), when);
    }

    private static LocalLogStore open(Path root, Disk disk) {
        return new LocalLogStore(root, LocalStoreSettings.defaults(), StorageObserver.NONE, disk);
    }
}
