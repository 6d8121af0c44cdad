package io.leat.wire.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordTimesTest {
    private static final int COUNT = 500;

    private record Time(long offset, long timestampMillis) {}

    @ParameterizedTest
    @EnumSource(Compression.class)
    void areThoseThatTheReaderReads(Compression compression) {
        ByteBuffer batch = TestBatches.of(compression, COUNT);
        RecordBatch.of(batch).baseOffset(70);

        assertEquals(COUNT, times(batch).size());
        assertEquals(read(batch), times(batch));
        RecordBatch.of(batch).logAppendTime(5);
        assertEquals(read(batch), times(batch));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void recordsMayBeLargerThanAnyWindow(Compression compression) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(64).compression(compression);
        builder.append(3, new byte[100_000], new byte[200_000]);
        builder.append(1, new byte[10], new byte[10]);
        builder.append(2, new byte[16 * 1024], new byte[16 * 1024]);

        assertEquals(
                List.of(new Time(0, 3), new Time(1, 1), new Time(2, 2)), times(builder.build()));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void recordsThatAreCutOffAreRefused(Compression compression) {
        byte[] whole = TestBatches.recordBytes(TestBatches.of(Compression.NONE, 1));
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);
        byte[] bytes =
                compression == Compression.NONE ? cut : TestBatches.compress(compression, cut);
        ByteBuffer batch = TestBatches.around(compression, 1, bytes);

        InvalidBatchException thrown =
                assertThrows(InvalidBatchException.class, () -> times(batch));
        assertEquals(Flaw.MALFORMED_RECORD, thrown.flaw());
    }

    @Test
    void nothingFollowsAClose() {
        RecordTimes records =
                new RecordTimes(
                        RecordBatch.of(TestBatches.of(Compression.LZ4, 2)),
                        TestBatches.INFLATED_BYTES_MAX);
        assertTrue(records.next());
        records.close();
        records.close();
        assertFalse(records.next());
    }

    private static List<Time> times(ByteBuffer batch) {
        List<Time> times = new ArrayList<>();
        try (RecordTimes records =
                new RecordTimes(RecordBatch.of(batch), TestBatches.INFLATED_BYTES_MAX)) {
            while (records.next()) {
                times.add(new Time(records.offset(), records.timestampMillis()));
            }
        }
        return times;
    }

    private static List<Time> read(ByteBuffer batch) {
        return TestBatches.read(batch).stream()
                .map(record -> new Time(record.offset(), record.timestampMillis()))
                .toList();
    }
}
