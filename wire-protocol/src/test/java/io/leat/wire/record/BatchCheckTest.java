package io.leat.wire.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.wire.record.BatchCheck.Failed;
import io.leat.wire.record.BatchCheck.Passed;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchCheckTest {
    private static final int COUNT = 3;

    @ParameterizedTest
    @EnumSource(Compression.class)
    void findsEveryFlippedBit(Compression compression) {
        ByteBuffer sound = TestBatches.of(compression, COUNT);
        assertInstanceOf(Passed.class, produced(sound));
        for (int bit = 0; bit < 8 * sound.remaining(); bit++) {
            ByteBuffer flipped = TestBatches.copy(sound);
            int at = bit / 8;
            flipped.put(at, (byte) (flipped.get(at) ^ 1 << bit % 8));

            boolean leaderEpoch =
                    at >= BatchLayout.PARTITION_LEADER_EPOCH && at < BatchLayout.MAGIC;
            assertEquals(leaderEpoch, produced(flipped) instanceof Passed, "bit " + bit);
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void findsEveryTruncation(Compression compression) {
        ByteBuffer sound = TestBatches.of(compression, COUNT);
        for (int size = 0; size < sound.remaining(); size++) {
            ByteBuffer cut = sound.duplicate().limit(size);
            Flaw expected = size == 0 ? Flaw.EMPTY : Flaw.TRUNCATED;

            assertEquals(expected, flaw(produced(cut)), "after " + size + " bytes");
            assertEquals(expected, flaw(BatchCheck.ofStored(RecordBatch.of(cut))));
        }
    }

    @Test
    void storedBatchesMayBeFollowedByOthers() {
        ByteBuffer one = TestBatches.of(Compression.NONE, COUNT);
        ByteBuffer two = ByteBuffer.allocate(2 * one.remaining()).put(one).put(one.flip()).flip();

        assertInstanceOf(Passed.class, BatchCheck.ofStored(RecordBatch.of(two)));
        assertEquals(Flaw.MORE_THAN_ONE_BATCH, flaw(produced(two)));
    }

    @Test
    void findsWhatIsNoBatchAtAll() {
        assertEquals(Flaw.BAD_LENGTH, flaw(produced(ByteBuffer.allocate(4_096))));
        assertEquals(Flaw.BAD_LENGTH, flaw(produced(damaged(b -> b.putInt(8, -1)))));
        assertEquals(Flaw.BAD_LENGTH, flaw(produced(damaged(b -> b.putInt(8, 48)))));
        assertEquals(Flaw.BAD_LENGTH, flaw(produced(damaged(b -> b.putInt(8, Integer.MIN_VALUE)))));
        assertEquals(Flaw.TRUNCATED, flaw(produced(damaged(b -> b.putInt(8, Integer.MAX_VALUE)))));
        assertEquals(Flaw.OLD_MAGIC, flaw(produced(damaged(b -> b.put(16, (byte) 0)))));
        assertEquals(Flaw.OLD_MAGIC, flaw(produced(damaged(b -> b.put(16, (byte) 1)))));
        assertEquals(Flaw.UNKNOWN_MAGIC, flaw(produced(damaged(b -> b.put(16, (byte) 3)))));
        assertEquals(Flaw.UNKNOWN_MAGIC, flaw(produced(damaged(b -> b.put(16, (byte) -1)))));
    }

    @Test
    void findsHeadersThatNoProducerMaySend() {
        assertEquals(Flaw.BAD_COUNT, flawOf(b -> b.putInt(BatchLayout.RECORD_COUNT, 0)));
        assertEquals(Flaw.BAD_COUNT, flawOf(b -> b.putInt(BatchLayout.RECORD_COUNT, -1)));
        assertEquals(Flaw.BAD_COUNT, flawOf(b -> b.putInt(BatchLayout.RECORD_COUNT, COUNT + 1)));
        assertEquals(Flaw.BAD_COUNT, flawOf(b -> b.putInt(BatchLayout.LAST_OFFSET_DELTA, -1)));
        assertEquals(Flaw.BAD_BASE_OFFSET, flawOf(b -> b.putLong(BatchLayout.BASE_OFFSET, 5)));
        assertEquals(Flaw.CONTROL_BATCH, flawOfAttributes(BatchLayout.CONTROL_BIT));
        assertEquals(Flaw.BAD_ATTRIBUTES, flawOfAttributes(BatchLayout.DELETE_HORIZON_BIT));
        assertEquals(Flaw.BAD_ATTRIBUTES, flawOfAttributes(0x80));
        assertEquals(Flaw.BAD_ATTRIBUTES, flawOfAttributes(0x8000));
        assertEquals(Flaw.UNKNOWN_COMPRESSION, flawOfAttributes(5));
        assertEquals(Flaw.UNKNOWN_COMPRESSION, flawOfAttributes(7));
        assertEquals(Flaw.LOG_APPEND_TIME, flawOfAttributes(BatchLayout.LOG_APPEND_TIME_BIT));
        assertEquals(Flaw.BAD_PRODUCER_STATE, flawOfAttributes(BatchLayout.TRANSACTIONAL_BIT));
        assertEquals(Flaw.BAD_PRODUCER_STATE, flawOf(b -> b.putLong(BatchLayout.PRODUCER_ID, 1)));
    }

    @Test
    void takesEpochAndSequenceOfNobodyAsTheyAre() {
        ByteBuffer batch = TestBatches.of(Compression.NONE, COUNT);
        RecordBatch.of(batch).producer(-1, (short) 0, 0);

        assertInstanceOf(Passed.class, produced(batch));
    }

    @Test
    void reportsTheTimestampThatTheRecordsHave() {
        ByteBuffer batch = TestBatches.of(Compression.NONE, COUNT);
        RecordBatch.of(batch).maxTimestampMillis(5);

        assertEquals(new Passed(5), produced(batch));
        assertEquals(new Passed(1_000 + COUNT - 1), TestBatches.checkRecords(batch));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void findsRecordsThatBreakTheTopicsRules(Compression compression) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(64).compression(compression);
        builder.append(100, new byte[50], new byte[50]);
        builder.append(-1, null, new byte[50]);
        builder.append(300, new byte[50], null);
        RecordBatch batch = RecordBatch.of(builder.build());
        assertEquals(compression, batch.compression());

        Failed noKey =
                assertInstanceOf(
                        Failed.class,
                        BatchCheck.ofRecords(batch, new RecordRules(true, 0, 300, 1 << 20)));
        assertEquals(Flaw.KEY_MISSING, noKey.flaw());
        assertEquals(1, noKey.recordIndex());
        Failed tooNew =
                assertInstanceOf(
                        Failed.class,
                        BatchCheck.ofRecords(batch, new RecordRules(false, 0, 299, 1 << 20)));
        assertEquals(Flaw.TIMESTAMP_OUT_OF_RANGE, tooNew.flaw());
        assertEquals(2, tooNew.recordIndex());
        Failed tooOld =
                assertInstanceOf(
                        Failed.class,
                        BatchCheck.ofRecords(batch, new RecordRules(false, 101, 300, 1 << 20)));
        assertEquals(0, tooOld.recordIndex());
        assertEquals(
                new Passed(300),
                BatchCheck.ofRecords(batch, new RecordRules(false, 100, 300, 1 << 20)));
    }

    @Test
    void findsRecordsThatDoNotAddUp() {
        byte[] record = {20, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0};
        byte[] sound = {12, 0, 0, 0, 1, 1, 0};

        assertEquals(Flaw.MALFORMED_RECORD, flaw(records(1, record)));
        assertInstanceOf(Passed.class, records(1, sound));
        assertEquals(Flaw.BAD_OFFSET_DELTA, flaw(records(1, 12, 0, 0, 2, 1, 1, 0)));
        assertEquals(Flaw.MALFORMED_RECORD, flaw(records(2, sound)));
        assertEquals(Flaw.MALFORMED_RECORD, flaw(records(1, 12, 0, 0, 0, 1, 1, 0, 0)));
        assertEquals(Flaw.MALFORMED_RECORD, flaw(records(1, 14, 0, 0, 0, 1, 1, 0, 0)));
        assertEquals(Flaw.MALFORMED_RECORD, flaw(records(1, 12, 0, 0, 0, 3, 1, 0)));
        assertEquals(Flaw.MALFORMED_RECORD, flaw(records(1, 12, 0, 0, 0, 1, 1, 2)));
        assertEquals(Flaw.MALFORMED_RECORD, flaw(records(1, 12, 0, 0, 0, 1, 1, 1)));
        assertEquals(Flaw.MALFORMED_RECORD, flaw(records(1, 11, 0, 0, 0, 1, 1, 0)));
        assertEquals(Flaw.MALFORMED_RECORD, flaw(records(1, 16, 0, 0, 0, 1, 1, 2, 1, 1)));
        assertEquals(Flaw.MALFORMED_RECORD, flaw(records(1)));
        assertEquals(
                Flaw.MALFORMED_RECORD, flaw(records(1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)));
    }

    @Test
    void findsNumbersOfTooManyBits() {
        int ff = 0xff;

        assertInstanceOf(
                Passed.class, records(1, 30, 0, ff, ff, ff, ff, ff, ff, ff, ff, ff, 1, 0, 1, 1, 0));
        assertEquals(
                Flaw.MALFORMED_RECORD,
                flaw(records(1, 30, 0, ff, ff, ff, ff, ff, ff, ff, ff, ff, 2, 0, 1, 1, 0)));
        assertEquals(
                Flaw.MALFORMED_RECORD, flaw(records(1, 20, 0, 0, ff, ff, ff, ff, 0x10, 1, 1, 0)));
        assertEquals(
                Flaw.BAD_OFFSET_DELTA, flaw(records(1, 20, 0, 0, ff, ff, ff, ff, 0x0f, 1, 1, 0)));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void damagedRecordsUnderARightCrcNeverEscapeTheCheck(Compression compression) {
        ByteBuffer sound = TestBatches.of(compression, 5);
        byte[] recordBytes = TestBatches.recordBytes(sound);
        Compression used = RecordBatch.of(sound).compression();
        for (int bit = 0; bit < 8 * recordBytes.length; bit++) {
            byte[] damaged = recordBytes.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);

            assertCheckAndReaderAgree(TestBatches.around(used, 5, damaged));
        }
        for (int size = 0; size < recordBytes.length; size++) {
            byte[] cut = java.util.Arrays.copyOf(recordBytes, size);

            assertCheckAndReaderAgree(TestBatches.around(used, 5, cut));
        }
    }

    /**
     * The reader reads what the check passes, and refuses with the same exception what it fails.
     */
    private static void assertCheckAndReaderAgree(ByteBuffer batch) {
        BatchCheck check = TestBatches.checkRecords(batch);
        if (check instanceof Failed failed && failed.flaw() == Flaw.BAD_OFFSET_DELTA) {
            return; // the reader has no opinion on gaps, which compaction leaves
        }
        boolean read;
        try {
            read = TestBatches.read(batch).size() == 5;
        } catch (InvalidBatchException e) {
            read = false;
        }
        assertEquals(check instanceof Passed, read);
    }

    private static BatchCheck records(int count, int... recordBytes) {
        byte[] bytes = new byte[recordBytes.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) recordBytes[i];
        }
        return records(count, bytes);
    }

    private static BatchCheck records(int count, byte[] recordBytes) {
        ByteBuffer batch = TestBatches.around(Compression.NONE, count, recordBytes);
        assertInstanceOf(Passed.class, produced(batch));
        return TestBatches.checkRecords(batch);
    }

    private static Flaw flawOfAttributes(int attributes) {
        return flawOf(b -> b.putShort(BatchLayout.ATTRIBUTES, (short) attributes));
    }

    /** The flaw of a batch that was changed so and has a CRC that fits. */
    private static Flaw flawOf(Consumer<ByteBuffer> change) {
        ByteBuffer batch = damaged(change);
        RecordBatch.of(batch).updateCrc();
        return flaw(produced(batch));
    }

    private static ByteBuffer damaged(Consumer<ByteBuffer> change) {
        ByteBuffer batch = TestBatches.copy(TestBatches.of(Compression.NONE, COUNT));
        change.accept(batch);
        return batch;
    }

    private static BatchCheck produced(ByteBuffer bytes) {
        return BatchCheck.ofProduced(RecordBatch.of(bytes));
    }

    private static Flaw flaw(BatchCheck check) {
        Failed failed = assertInstanceOf(Failed.class, check);
        assertTrue(!failed.message().isBlank());
        return failed.flaw();
    }
}
