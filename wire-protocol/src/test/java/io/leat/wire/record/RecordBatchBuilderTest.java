package io.leat.wire.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordBatchBuilderTest {
    @ParameterizedTest
    @EnumSource(Compression.class)
    void readsBackWhatItBuilt(Compression compression) {
        RecordBatchBuilder builder =
                RecordBatchBuilder.growable(0).compression(compression).baseOffset(7);
        for (int i = 0; i < 500; i++) {
            assertTrue(
                    builder.append(1_000 + i, utf8("key-" + i), utf8("some value, often alike")));
        }
        int estimate = builder.sizeBytes();

        RecordBatch batch = RecordBatch.of(builder.build());

        assertEquals(compression, batch.compression());
        assertTrue(batch.crcValid());
        assertTrue(batch.sizeBytes() <= estimate);
        assertEquals(506, batch.lastOffset());
        assertEquals(1_499, batch.maxTimestampMillis());
        List<String> keys = new ArrayList<>();
        try (RecordReader reader = new RecordReader(batch, 1 << 20)) {
            while (reader.hasNext()) {
                Record record = reader.next();
                assertEquals(7 + keys.size(), record.offset());
                assertEquals(1_000 + keys.size(), record.timestampMillis());
                keys.add(StandardCharsets.UTF_8.decode(record.key()).toString());
            }
        }
        assertEquals(500, keys.size());
        assertEquals("key-499", keys.get(499));
    }

    @Test
    void staysWithinAGivenBuffer() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(200).position(10).limit(110);
        RecordBatchBuilder builder = RecordBatchBuilder.into(buffer);

        assertFalse(builder.append(0, null, new byte[100]));
        assertTrue(builder.append(0, null, new byte[20]));
        assertFalse(builder.append(0, null, new byte[20]));
        ByteBuffer batch = builder.build();

        assertEquals(1, RecordBatch.of(batch).recordCount());
        assertEquals(10 + batch.remaining(), buffer.position());
        assertTrue(new RecordBatch().wrap(buffer, 10).crcValid());
        assertThrows(IllegalStateException.class, () -> builder.append(0, null, null));
        assertThrows(IllegalStateException.class, builder::build);
    }

    @Test
    void aGrowableBuilderTakesAFirstRecordOfAnySize() {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(64).sizeBytesMax(100);

        assertTrue(builder.append(0, null, new byte[1_000]));
        assertFalse(builder.append(0, null, new byte[0]));
        assertEquals(1, RecordBatch.of(builder.build()).recordCount());
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void leavesAloneWhatCompressionWouldMakeLarger(Compression compression) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(64).compression(compression);
        builder.append(0, null, new byte[] {3, 1, 4, 1, 5});
        int estimate = builder.sizeBytes();

        RecordBatch batch = RecordBatch.of(builder.build());

        assertEquals(Compression.NONE, batch.compression());
        assertEquals(estimate, batch.sizeBytes());
    }

    @Test
    void refusesLevelsThatACodecDoesNotHave() {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(64);

        IllegalArgumentException thrown =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> builder.compression(Compression.GZIP, 10));
        assertEquals("gzip has levels from -1 to 9, not 10", thrown.getMessage());
    }

    @Test
    void neverTouchesPositionsOfKeysAndValues() {
        ByteBuffer key = ByteBuffer.wrap(utf8("xkeyx"), 1, 3);
        RecordBatchBuilder builder = RecordBatchBuilder.growable(64);
        builder.append(5, key, null, List.of(RecordHeader.of("trace", "on")));

        assertEquals(1, key.position());
        try (RecordReader reader = new RecordReader(RecordBatch.of(builder.build()), 0)) {
            Record record = reader.next();
            assertEquals(key, record.key());
            assertEquals(null, record.value());
            assertEquals(List.of(RecordHeader.of("trace", "on")), record.headers());
            assertFalse(reader.hasNext());
        }
    }

    @Test
    void leavesTheSequenceToThePlaceItGoesTo() {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(64);
        builder.append(5, null, null);
        builder.append(6, null, null);
        builder.producer(9, (short) 2, Integer.MAX_VALUE);

        RecordBatch batch = RecordBatch.of(builder.build());

        assertTrue(batch.hasProducer());
        assertEquals(9, batch.producerId());
        assertEquals(2, batch.producerEpoch());
        assertEquals(0, batch.lastSequence());
        batch.producer(9, (short) 3, 0);
        assertTrue(batch.crcValid());
        assertEquals(1, batch.lastSequence());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
