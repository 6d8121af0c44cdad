package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.Batches;
import io.leat.storage.api.Durability;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.StorageObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** 10,000 segments come, are read and go; what they took of the system comes back. */
@Isolated("Counts what the process has open")
class SegmentChurnTest {
    private static final int SEGMENTS = Integer.getInteger("leat.churn.segments", 10_000);
    private static final int KEPT = 50;
    private static final int IN_FLIGHT = 20;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final LogConfig CONFIG =
            new LogConfig(200, Long.MAX_VALUE, 50, 1 << 12, TimestampType.CREATE_TIME);

    @TempDir private Path root;

    @Test
    void mappings_and_file_descriptors_return() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/maps")), "needs /proc");
        try (LocalLogStore store =
                new LocalLogStore(
                        root,
                        LocalStoreSettings.defaults(),
                        StorageObserver.NONE,
                        new UnforcedDisk())) {
            PartitionLog log =
                    store.open(new LogId("t", new UUID(1, 2), 0), CONFIG, LogListener.NONE);
            churn(log, 200);
            long maps = mappings();
            long files = descriptors();
            churn(log, SEGMENTS);
            assertTrue(log.bounds().durableEnd() >= SEGMENTS);
            // Files are freed by housekeeping, beside what anybody waits for.
            long deadline = System.nanoTime() + LIMIT_NANOS;
            while (mappings() > maps + 20 || descriptors() > files + 5) {
                assertTrue(
                        System.nanoTime() < deadline,
                        "mappings %d, were %d; file descriptors %d, were %d"
                                .formatted(mappings(), maps, descriptors(), files));
                Thread.onSpinWait();
            }
            assertTrue(log.details().segmentCount() <= 2 * KEPT, () -> log.details().toString());
        }
    }

    private static void churn(PartitionLog log, int segments) {
        ArrayDeque<CompletableFuture<AppendOutcome>> inFlight = new ArrayDeque<>();
        for (int i = 0; i < segments; i++) {
            // One batch fills a segment.
            inFlight.add(log.append(Batches.sized(100), Durability.FORCED));
            if (inFlight.size() >= IN_FLIGHT) {
                assertInstanceOf(Appended.class, inFlight.remove().join());
            }
            if (i % KEPT == 0) {
                inFlight.forEach(CompletableFuture::join);
                long end = log.bounds().durableEnd();
                log.trim(Math.max(log.bounds().logStart(), end - KEPT)).join();
                read(log);
            }
        }
        inFlight.forEach(one -> assertInstanceOf(Appended.class, one.join()));
        log.sealed().seal().join();
        log.trim(Math.max(log.bounds().logStart(), log.bounds().durableEnd() - KEPT)).join();
        read(log);
    }

    private static void read(PartitionLog log) {
        long next = log.bounds().logStart();
        while (next < log.bounds().durableEnd()) {
            ReadOutcome.Data data =
                    assertInstanceOf(
                            ReadOutcome.Data.class,
                            log.read(next, 1 << 20, true, Isolation.READ_UNCOMMITTED).join());
            try (var slice = data.slice()) {
                assertEquals(next, Batches.parse(slice.bytes()).getFirst().baseOffset());
                next = Batches.parse(slice.bytes()).getLast().nextOffset();
            }
        }
    }

    private static long mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("/logs/")).count();
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.filter(
                            file -> {
                                try {
                                    return Files.readSymbolicLink(file)
                                            .toString()
                                            .contains("/logs/");
                                } catch (IOException e) {
                                    return false;
                                }
                            })
                    .count();
        }
    }
}
