package io.leat.compaction.cleaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.compaction.segment.KeyDigest;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordBatchBuilder;
import io.leat.wire.record.RecordScan;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OffsetMapTest {
    private final KeyDigest digest = new KeyDigest();

    private KeyDigest key(String key) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(128);
        builder.append(1, CompactedLog.bytes(key), null);
        try (RecordScan scan = new RecordScan(RecordBatch.of(builder.build()), 1_000)) {
            scan.next();
            digest.take(scan);
        }
        return digest;
    }

    @Test
    void theLargestOffsetOfAKeyCounts() {
        try (OffsetMap map = OffsetMap.of(10, 1 << 20, 0.5)) {
            assertEquals(OffsetMap.NONE, map.get(key("a")));
            assertTrue(map.put(key("a"), 0));
            assertEquals(0, map.get(key("a")));
            assertTrue(map.put(key("a"), 7));
            assertTrue(map.put(key("a"), 5));
            assertEquals(7, map.get(key("a")));
            assertEquals(OffsetMap.NONE, map.get(key("b")));
            assertEquals(1, map.size());
        }
    }

    @Test
    void aFullMapTakesOnlyKeysThatItKnows() {
        try (OffsetMap map = OffsetMap.of(1_000, 10 * OffsetMap.SLOT_BYTES, 0.5)) {
            for (int i = 0; i < 5; i++) {
                assertTrue(map.put(key("key-" + i), i));
            }
            assertFalse(map.put(key("key-5"), 5));
            assertTrue(map.put(key("key-3"), 9));
            assertEquals(9, map.get(key("key-3")));
            assertEquals(OffsetMap.NONE, map.get(key("key-5")));
        }
    }

    @Test
    void itIsNoLargerThanItsKeysNeed() {
        try (OffsetMap map = OffsetMap.of(0, 1 << 20, 0.9)) {
            assertTrue(map.put(key("a"), 1));
            assertFalse(map.put(key("b"), 1));
        }
    }

    @Test
    void itKnowsWhatAMapOnTheHeapKnows() {
        Random random = new Random(5);
        Map<String, Long> expected = new HashMap<>();
        try (OffsetMap map = OffsetMap.of(3_000, 1 << 20, 0.9)) {
            for (int i = 0; i < 20_000; i++) {
                String text = "key-" + random.nextInt(3_000);
                long offset = random.nextLong(1L << 50);
                assertTrue(map.put(key(text), offset));
                expected.merge(text, offset, Math::max);
            }
            assertEquals(expected.size(), map.size());
            expected.forEach((text, offset) -> assertEquals(offset, map.get(key(text))));
        }
    }
}
