package io.leat.compaction.cleaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirtTest {
    private static final long NEVER = Long.MAX_VALUE;

    @TempDir private Path folder;

    private static CleaningPolicy policy(long minLag, long maxLag, double ratio) {
        return new CleaningPolicy(1_000, minLag, maxLag, ratio, CompactedLog.SEGMENT_BYTES);
    }

    private static Dirt dirt(CompactedLog log, CleaningPolicy policy, long clean, long now) {
        return Dirt.of(log.log, policy, new CleanPoint(clean, NEVER), now);
    }

    @Test
    void anEmptyLogIsClean() {
        try (CompactedLog log = new CompactedLog(folder)) {
            CleaningPolicy policy = policy(0, NEVER, 0);
            Dirt dirt = dirt(log, policy, 0, 100);
            assertEquals(0, dirt.ratio());
            assertEquals(0, dirt.ageMillis(100));
            assertFalse(dirt.due(policy, CleanPoint.START, 100));
        }
    }

    @Test
    void theRatioIsOfWhatMayBeCleaned() {
        try (CompactedLog log = new CompactedLog(folder)) {
            CleaningPolicy policy = policy(0, NEVER, 0.5);
            log.append(10, "a", "1");
            assertEquals(0, dirt(log, policy, 0, 100).ratio());
            log.log.sealed().seal().join();
            log.append(20, "b", "1");
            log.log.sealed().seal().join();
            assertEquals(1, dirt(log, policy, 0, 100).ratio());
            Dirt half = dirt(log, policy, 1, 100);
            assertEquals(0.5, half.ratio());
            assertFalse(half.due(policy, CleanPoint.START, 100));
            assertTrue(half.due(policy(0, NEVER, 0.49), CleanPoint.START, 100));
            assertEquals(20, half.oldestMillis());
            assertEquals(80, half.ageMillis(100));
            assertEquals(2, half.cleanableEnd());
            assertEquals(0, dirt(log, policy, 2, 100).ratio());
        }
    }

    @Test
    void recordsThatAreTooYoungStay() {
        try (CompactedLog log = new CompactedLog(folder)) {
            log.append(10, "a", "1");
            log.log.sealed().seal().join();
            log.append(50, "a", "2");
            log.log.sealed().seal().join();
            CleaningPolicy policy = policy(60, NEVER, 0);
            assertEquals(0, dirt(log, policy, 0, 69).cleanableEnd());
            assertEquals(1, dirt(log, policy, 0, 70).cleanableEnd());
            assertEquals(2, dirt(log, policy, 0, 110).cleanableEnd());
        }
    }

    @Test
    void whatIsOverdueIsCleanedWhateverTheRatio() {
        try (CompactedLog log = new CompactedLog(folder)) {
            CleaningPolicy policy = policy(0, 100, 1);
            log.append(10, "a", "1");
            // The segment that grows has to be sealed first.
            assertTrue(dirt(log, policy, 0, 111).overdue(policy, 111));
            assertFalse(dirt(log, policy, 0, 111).due(policy, CleanPoint.START, 111));
            log.log.sealed().seal().join();
            assertFalse(dirt(log, policy, 0, 110).due(policy, CleanPoint.START, 110));
            assertTrue(dirt(log, policy, 0, 111).due(policy, CleanPoint.START, 111));
        }
    }

    @Test
    void aCleanPointBehindTheEndIsOfAnotherLog() {
        try (CompactedLog log = new CompactedLog(folder)) {
            log.append(10, "a", "1");
            assertEquals(0, dirt(log, policy(0, NEVER, 0), 7, 100).firstDirty());
        }
    }
}
