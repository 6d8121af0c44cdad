package io.leat.wire.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class RecordBatchTest {
    @Test
    void leavesBoundsAndOrderOfTheBufferAlone() {
        ByteBuffer bytes = TestBatches.of(Compression.NONE, 3);
        ByteBuffer buffer =
                ByteBuffer.allocate(500)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(100, bytes, 0, bytes.limit());
        buffer.position(7).limit(400);

        RecordBatch batch = new RecordBatch().wrap(buffer, 100);

        assertTrue(batch.isWhole());
        assertTrue(batch.crcValid());
        assertEquals(3, batch.recordCount());
        assertEquals(bytes, batch.bytes());
        assertEquals(7, buffer.position());
        assertEquals(400, buffer.limit());
        assertEquals(ByteOrder.LITTLE_ENDIAN, buffer.order());
    }

    @Test
    void seesNoFurtherThanTheLimitOfTheMoment() {
        ByteBuffer buffer = TestBatches.of(Compression.NONE, 3);
        int size = buffer.limit();
        RecordBatch batch = new RecordBatch();

        assertFalse(batch.wrap(buffer.limit(size - 1), 0).isWhole());
        assertTrue(batch.wrap(buffer.limit(size), 0).isWhole());
        assertFalse(batch.wrap(buffer.limit(30), 0).isWhole());
        assertThrows(IndexOutOfBoundsException.class, batch::recordCount);
        assertFalse(batch.wrap(buffer, 30).isWhole());
        assertThrows(IndexOutOfBoundsException.class, () -> batch.wrap(buffer, 31));
    }

    @Test
    void readOnlyBuffersAreForGettersOnly() {
        RecordBatch batch = RecordBatch.of(TestBatches.of(Compression.NONE, 3).asReadOnlyBuffer());

        assertTrue(batch.crcValid());
        assertThrows(ReadOnlyBufferException.class, () -> batch.baseOffset(1));
    }

    @Test
    void walksTheBatchesOfABufferAndLeavesOutTheOneCutOff() {
        ByteBuffer three = three();
        for (int cut = 0; cut < three.capacity() / 3; cut++) {
            ByteBuffer bytes = three.duplicate().limit(three.capacity() - cut);
            List<Long> offsets = new ArrayList<>();
            for (RecordBatch batch : new RecordBatches(bytes)) {
                offsets.add(batch.baseOffset());
            }
            assertEquals(cut == 0 ? List.of(10L, 20L, 30L) : List.of(10L, 20L), offsets);
        }
    }

    @Test
    void stopsTheWalkAtWhatIsNoBatch() {
        ByteBuffer three = three();
        three.put(three.capacity() / 3 + BatchLayout.MAGIC, (byte) 9);
        var walk = new RecordBatches(three).iterator();

        assertEquals(10, walk.next().baseOffset());
        InvalidBatchException thrown = assertThrows(InvalidBatchException.class, walk::hasNext);
        assertEquals(Flaw.UNKNOWN_MAGIC, thrown.flaw());
    }

    @Test
    void endsTheWalkWithTheBuffer() {
        assertThrows(
                NoSuchElementException.class,
                () -> new RecordBatches(ByteBuffer.allocate(0)).iterator().next());
    }

    @Test
    void batchesEmptiedByCompactionHaveNoRecords() {
        RecordBatch batch = RecordBatch.of(TestBatches.around(Compression.GZIP, 0, new byte[0]));

        try (RecordReader reader = new RecordReader(batch, 0)) {
            assertFalse(reader.hasNext());
            assertThrows(NoSuchElementException.class, reader::next);
        }
    }

    private static ByteBuffer three() {
        ByteBuffer one = TestBatches.of(Compression.NONE, 2);
        int size = one.limit();
        ByteBuffer three = ByteBuffer.allocate(3 * size);
        for (int i = 0; i < 3; i++) {
            three.put(i * size, one, 0, size);
            new RecordBatch().wrap(three, i * size).baseOffset(10L * (i + 1));
        }
        return three;
    }
}
