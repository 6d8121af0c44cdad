package io.leat.compaction.cleaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.compaction.segment.Supervisor;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.StorageException;
import io.leat.storage.local.CrashDisk;
import io.leat.storage.local.InMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random logs, passes of compaction, and power cuts before a random change on the disk, against a
 * plain model; after each pass, cut and restart all of the log is compared.
 *
 * <p>{@code -Dleat.compaction.seeds=10000} tries more seeds, {@code -Dleat.compaction.seed=7} one.
 */
class CleaningModelTest {
    private static final int SEEDS = Integer.getInteger("leat.compaction.seeds", 20);
    private static final int LIVES = 6;
    private static final int ACTS_MAX = 40;
    private static final int CHANGES_MAX = 120;

    @TempDir(factory = InMemory.class)
    private Path folder;

    @Test
    void whatIsLeftIsTheLatestWhateverHappens() throws IOException {
        Long only = Long.getLong("leat.compaction.seed");
        long first = only == null ? 1 : only;
        long last = only == null ? SEEDS : only;
        for (long seed = first; seed <= last; seed++) {
            Path place = folder.resolve("seed-" + seed);
            try {
                new Trial(seed, place).run();
            } catch (Throwable e) {
                throw new AssertionError("-Dleat.compaction.seed=" + seed, e);
            }
            delete(place);
        }
    }

    private static void delete(Path place) throws IOException {
        try (Stream<Path> paths = Files.walk(place)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }

    /** One log through several lives, each ended by a cut or a clean stop. */
    private static final class Trial {
        private final Random random;
        private final Path place;
        private final LogModel model = new LogModel(CompactedLog.POLICY.deleteRetentionMillis());
        private final RandomProducers producers;
        private CleanPoint point = CleanPoint.START;
        private long nowMillis = 1_000_000;

        Trial(long seed, Path place) {
            this.random = new Random(seed);
            this.place = place;
            this.producers = new RandomProducers(random, model);
        }

        void run() throws IOException {
            Path root = place.resolve("life-0");
            for (int life = 1; life <= LIVES; life++) {
                Path next = place.resolve("life-" + life);
                Files.createDirectories(root);
                Files.createDirectories(next);
                CrashDisk disk = new CrashDisk(root);
                try (CompactedLog log = new CompactedLog(root, disk)) {
                    live(log, disk, next);
                    if (!disk.isOff()) {
                        disk.cutPower(next, random);
                    }
                }
                if (random.nextInt(3) == 0) {
                    CompactedLog.damageSnapshots(next);
                }
                root = next;
            }
            try (CompactedLog log = new CompactedLog(root)) {
                check(log);
                finish(log);
            }
        }

        private void live(CompactedLog log, CrashDisk disk, Path next) {
            check(log);
            for (int acts = random.nextInt(ACTS_MAX); acts > 0; acts--) {
                nowMillis += random.nextInt(50);
                if (random.nextInt(12) == 0) {
                    clean(log, () -> {});
                    check(log);
                } else {
                    producers.act(log, nowMillis);
                }
                if (random.nextInt(40) == 0) {
                    trim(log);
                }
            }
            if (random.nextBoolean()) {
                clean(log, () -> disk.cutPowerAfter(random.nextInt(CHANGES_MAX), next, random));
                if (!disk.isOff()) {
                    disk.cutPowerAfter(Long.MAX_VALUE, next, random);
                    check(log);
                }
            }
            if (random.nextInt(6) == 0) {
                point = CleanPoint.START;
            }
        }

        /** The rest of a log's life without faults: two passes, a retention apart. */
        private void finish(CompactedLog log) {
            for (int i = 0; i < 3; i++) {
                nowMillis += CompactedLog.POLICY.deleteRetentionMillis();
                CleaningReport report;
                do {
                    report = pass(log);
                } while (!report.complete());
                check(log);
            }
        }

        private void clean(CompactedLog log, Runnable beforePass) {
            nowMillis += random.nextInt(600);
            if (random.nextInt(3) > 0) {
                log.log.sealed().seal().join();
            }
            beforePass.run();
            try {
                pass(log);
            } catch (StorageException e) {
                // The power went.
            }
        }

        private CleaningReport pass(CompactedLog log) {
            Dirt dirt = Dirt.of(log.log, CompactedLog.POLICY, point, nowMillis);
            model.passBegins(dirt.cleanableEnd(), nowMillis);
            // Mostly for all keys, sometimes for a few.
            long bytes = random.nextInt(3) == 0 ? 24L * (2 + random.nextInt(10)) : 1 << 20;
            CleaningReport report =
                    LogCleaning.clean(
                            log.log,
                            CompactedLog.POLICY,
                            dirt,
                            new LogCleaning.Memory(bytes, 0.9),
                            nowMillis,
                            Supervisor.NONE);
            assertTrue(report.complete() || report.keys() > 0, "no progress");
            point = report.reached();
            model.passEnded(point.offset(), nowMillis);
            return report;
        }

        private void trim(CompactedLog log) {
            long end = log.log.bounds().lastStable();
            log.log.trim(random.nextLong(end + 1)).join();
        }

        private void check(CompactedLog log) {
            model.check(log);
            producers.check(log);
            long next = -1;
            for (SealedSegment segment : log.log.sealed().list()) {
                assertTrue(next < 0 || segment.baseOffset() == next, "a gap before " + segment);
                next = segment.endOffset();
            }
            List<CompactedLog.SeenBatch> batches = log.batches();
            if (!batches.isEmpty()) {
                assertEquals(log.log.bounds().durableEnd() - 1, batches.getLast().lastOffset());
            }
        }
    }
}
