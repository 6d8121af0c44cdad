package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.Batches;
import io.leat.storage.api.Durability;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.LogSlice;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.SealedSegments.Rewrite;
import io.leat.storage.api.StorageException;
import io.leat.storage.api.StorageObserver;
import io.leat.wire.record.RecordBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two segments become one, and the power goes before each change on the disk in turn; of the names
 * that were not forced any may be there. The next start finds all of the old or all of the new, and
 * the new once the commit has returned.
 */
class SwapCrashTest {
    private static final int STEPS_MAX = 1_000;
    private static final int SEEDS = Integer.getInteger("leat.swap.seeds", 3);
    private static final LogId ID = new LogId("t", new UUID(3, 4), 0);
    private static final LogConfig CONFIG =
            new LogConfig(400, Long.MAX_VALUE, 200, 1 << 16, TimestampType.CREATE_TIME);
    private static final int RECORDS = 25;

    @TempDir(factory = InMemory.class)
    private Path folder;

    private static LocalLogStore open(Path root, Disk disk) {
        return new LocalLogStore(root, LocalStoreSettings.defaults(), StorageObserver.NONE, disk);
    }

    @Test
    void allOfTheOldOrAllOfTheNewIsThere() throws IOException {
        Path template = folder.resolve("template");
        try (LocalLogStore store = open(template, new UnforcedDisk())) {
            PartitionLog log = store.open(ID, CONFIG, LogListener.NONE);
            for (int i = 0; i < RECORDS; i++) {
                assertInstanceOf(
                        Appended.class,
                        log.append(Batches.batch(i, "value-" + i), Durability.FORCED).join());
            }
        }
        int step = 0;
        while (cutAt(template, step)) {
            step++;
            assertTrue(step < STEPS_MAX, "does not come to an end");
        }
        assertTrue(step > 10, "only " + step + " changes");
    }

    /** Whether the power went before the commit had returned, for some seed. */
    private boolean cutAt(Path template, int step) throws IOException {
        boolean cut = false;
        for (int seed = 0; seed < SEEDS; seed++) {
            Path root = folder.resolve("run-%d-%d".formatted(step, seed));
            Path survivors = folder.resolve("survivors-%d-%d".formatted(step, seed));
            FileTree.copy(template, root);
            CrashDisk disk = new CrashDisk(root);
            disk.namesInAnyOrder();
            boolean committed;
            List<Long> rewritten;
            try (LocalLogStore store = open(root, disk)) {
                PartitionLog log = store.open(ID, CONFIG, LogListener.NONE);
                List<SealedSegment> both = log.sealed().list().subList(0, 2);
                rewritten = withoutOdd(both.getLast().endOffset());
                Random random = new Random(31L * step + seed);
                disk.cutPowerAfter(step, survivors, random);
                committed = rewrite(log, both);
                if (!disk.isOff()) {
                    disk.cutPower(survivors, random);
                }
            }
            requireOldOrNew(
                    survivors, committed, rewritten, "step %d, seed %d".formatted(step, seed));
            cut |= !committed;
        }
        return cut;
    }

    /** Offsets that are left when the odd ones up to an offset go. */
    private static List<Long> withoutOdd(long end) {
        return LongStream.range(0, RECORDS)
                .filter(offset -> offset >= end || offset % 2 == 0)
                .boxed()
                .toList();
    }

    /** Whether the commit returned. */
    private static boolean rewrite(PartitionLog log, List<SealedSegment> segments) {
        try (Rewrite rewrite = log.sealed().rewrite(segments)) {
            for (SealedSegment segment : segments) {
                try (LogSlice slice = log.sealed().read(segment)) {
                    for (RecordBatch batch : Batches.parse(slice.bytes())) {
                        if (batch.baseOffset() % 2 == 0) {
                            rewrite.append(batch.bytes());
                        }
                    }
                }
            }
            SealedSegment _ = rewrite.commit();
            return true;
        } catch (StorageException e) {
            return false;
        }
    }

    private static void requireOldOrNew(
            Path root, boolean committed, List<Long> rewritten, String when) {
        try (LocalLogStore store = open(root, new UnforcedDisk())) {
            PartitionLog log = store.open(ID, CONFIG, LogListener.NONE);
            List<Long> found = offsets(log, when);
            if (committed || found.size() < RECORDS) {
                assertEquals(rewritten, found, when);
            } else {
                assertEquals(LongStream.range(0, RECORDS).boxed().toList(), found, when);
            }
            assertEquals(RECORDS, log.bounds().durableEnd(), when);
            assertInstanceOf(
                    Appended.class,
                    log.append(Batches.batch(RECORDS, "more"), Durability.FORCED).join(),
                    when);
        }
    }

    /** The offsets of all batches with records. */
    private static List<Long> offsets(PartitionLog log, String when) {
        List<Long> offsets = new ArrayList<>();
        long next = 0;
        while (next < log.bounds().durableEnd()) {
            ReadOutcome read = log.read(next, 1 << 20, true, Isolation.READ_UNCOMMITTED).join();
            ReadOutcome.Data data =
                    assertInstanceOf(ReadOutcome.Data.class, read, () -> when + ": " + read);
            try (LogSlice slice = data.slice()) {
                for (RecordBatch batch : Batches.parse(slice.bytes())) {
                    if (batch.recordCount() > 0 && batch.baseOffset() >= next) {
                        offsets.add(batch.baseOffset());
                    }
                    next = batch.nextOffset();
                }
            }
        }
        return offsets;
    }
}
