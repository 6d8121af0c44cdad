package io.leat.broker.delay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.compaction.erasure.KeyHash;
import io.leat.storage.api.StateStore.Write;
import io.leat.storage.api.StorageException;
import io.leat.wire.record.Compression;
import io.leat.wire.record.Record;
import io.leat.wire.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Pending records in their store are read as they were written. */
class DelayFormatTest {
    private static final LaneId LANE = new LaneId(new UUID(1, -2), 7);
    private static final KeyHash HASH = new KeyHash(1, -1, 3, 4);

    @Test
    void records() {
        for (Pending pending :
                List.of(
                        new Pending(
                                Compression.ZSTD,
                                5,
                                Optional.of(HASH),
                                new Record(
                                        -1,
                                        6,
                                        ByteBuffer.wrap(new byte[] {1}),
                                        ByteBuffer.wrap(new byte[] {2, 3}),
                                        List.of(
                                                RecordHeader.of("a", "b"),
                                                new RecordHeader("null", null)))),
                        new Pending(
                                Compression.NONE,
                                5,
                                Optional.empty(),
                                new Record(-1, -1, null, null, List.of())))) {
            assertEquals(pending, DelayFormat.readRecord(LANE, DelayFormat.value(pending)));
        }
        assertThrows(
                StorageException.class, () -> DelayFormat.readRecord(LANE, new byte[] {1, 0, 0}));
    }

    @Test
    void recordsSortByTheirDueTimeAndThenByNumber() {
        byte[] first = DelayFormat.recordKey(LANE, new Slot(1_000, 99));
        byte[] second = DelayFormat.recordKey(LANE, new Slot(2_000, 1));
        byte[] third = DelayFormat.recordKey(LANE, new Slot(2_000, 300));
        assertTrue(Arrays.compareUnsigned(first, second) < 0);
        assertTrue(Arrays.compareUnsigned(second, third) < 0);
        assertEquals(new Slot(2_000, 300), DelayFormat.slotOf(third));
        assertEquals(LANE, DelayFormat.laneOf(third));
        byte[] prefix = DelayFormat.prefix(DelayFormat.RECORD, LANE);
        assertTrue(Arrays.compareUnsigned(prefix, first) < 0);
        assertTrue(Arrays.compareUnsigned(third, DelayFormat.behind(prefix)) < 0);
    }

    @Test
    void cancelKeys() {
        Slot slot = new Slot(5, 6);
        assertEquals(slot, DelayFormat.cancelled(DelayFormat.cancelKey(LANE, HASH, slot)));
    }

    @Test
    void holds() {
        Hold hold =
                new Hold(
                        3,
                        new Sequence(9, (short) 2, 77),
                        true,
                        false,
                        1_234,
                        List.of(10L, 20L),
                        List.of(new Hold.Cancel(HASH, 1)));
        Write.Put put = (Write.Put) DelayFormat.put(LANE, hold);
        assertEquals(hold, DelayFormat.readHold(put.key(), put.value()));
        assertEquals(List.of(new Slot(10, 3), new Slot(20, 4)), hold.slots());
        assertTrue(hold.holds(3) && hold.holds(4) && !hold.holds(5) && !hold.holds(2));
    }

    @Test
    void handOversAndCounts() {
        HandOver handOver =
                new HandOver(
                        new Sequence(1, (short) 0, 5), 88, List.of(new Slot(1, 2), new Slot(3, 4)));
        Write.Put put = (Write.Put) DelayFormat.put(LANE, handOver);
        assertEquals(handOver, DelayFormat.readHandOver(LANE, put.value()));
        LaneState state = new LaneState(1, 2, (short) 3, 4);
        assertEquals(
                state,
                DelayFormat.readState(LANE, ((Write.Put) DelayFormat.put(LANE, state)).value()));
    }
}
