package io.leat.compaction.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.Batches;
import io.leat.storage.api.Durability;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.StorageException;
import io.leat.storage.api.StorageObserver;
import io.leat.storage.local.FileDisk;
import io.leat.storage.local.LocalLogStore;
import io.leat.storage.local.LocalStoreSettings;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogRetentionTest {
    private static final LogId ID = new LogId("t", new UUID(5, 6), 0);
    private static final LogConfig CONFIG =
            new LogConfig(1_000, Long.MAX_VALUE, 200, 1 << 16, TimestampType.CREATE_TIME);

    @TempDir private Path directory;
    private LocalLogStore store;
    private PartitionLog log;

    @BeforeEach
    void open() {
        store =
                new LocalLogStore(
                        directory,
                        LocalStoreSettings.defaults(),
                        StorageObserver.NONE,
                        new FileDisk());
        log = store.open(ID, CONFIG, LogListener.NONE);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Appends records with the timestamps 0, 1, 2 ... */
    private void fill(int records) {
        for (int i = 0; i < records; i++) {
            assertInstanceOf(
                    AppendOutcome.Appended.class,
                    log.append(Batches.batch(i, "value"), Durability.FORCED).join());
        }
    }

    @Test
    void wholeSegmentsGoByTime() {
        fill(100);
        int segments = log.details().segmentCount();
        long moved = LogRetention.apply(log, new RetentionPolicy(30, -1), 100);
        // The record with timestamp 69 is 31 ms old, and may share a segment with younger ones.
        long logStart = log.bounds().logStart();
        assertEquals(moved, logStart);
        assertTrue(logStart > 50 && logStart <= 70, "log start " + logStart);
        assertTrue(log.details().segmentCount() < segments);
        assertEquals(0, LogRetention.apply(log, new RetentionPolicy(30, -1), 100));
        close();
        open();
        assertEquals(logStart, log.bounds().logStart());
    }

    @Test
    void allGoesAndTheNextOffsetStays() {
        fill(25);
        assertEquals(25, LogRetention.apply(log, new RetentionPolicy(1_000, -1), 10_000));
        assertEquals(25, log.bounds().logStart());
        assertEquals(25, log.bounds().writtenEnd());
        assertEquals(0, log.details().sizeBytes());
        fill(1);
        assertEquals(26, log.bounds().writtenEnd());
    }

    @Test
    void theOldestGoWhereItIsTooMuch() {
        fill(100);
        // A segment that is complete is listed a moment later, when its end is on the disk.
        log.sealed().seal().join();
        long size = log.details().sizeBytes();
        LogRetention.apply(log, new RetentionPolicy(-1, size / 2), 100);
        assertTrue(log.details().sizeBytes() >= size / 2);
        assertTrue(log.details().sizeBytes() < size / 2 + 1_000);
    }

    @Test
    void anEmptyLogAndAPolicyThatKeepsAllCostNothing() {
        assertEquals(0, LogRetention.apply(log, new RetentionPolicy(0, 0), 100));
        fill(3);
        assertEquals(0, LogRetention.apply(log, new RetentionPolicy(-1, -1), Long.MAX_VALUE));
        log.close();
        assertThrows(
                StorageException.class,
                () -> LogRetention.apply(log, new RetentionPolicy(0, -1), 100));
    }
}
