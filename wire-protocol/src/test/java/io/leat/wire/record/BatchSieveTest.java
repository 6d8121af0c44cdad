package io.leat.wire.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sifted batch is what Kafka's own filter makes of it. */
@Domain(DomainContext.Global.class)
@Domain(RandomRecords.class)
class BatchSieveTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long RETENTION = 3_600_000L;

    private final BatchSieve sieve = new BatchSieve(TestBatches.INFLATED_BYTES_MAX);

    @Property(tries = 400, shrinking = ShrinkingMode.BOUNDED)
    void keepsWhatKafkaKeeps(
            @ForAll KafkaOracle.Batch settings, @ForAll List<Record> records, @ForAll long seed) {
        ByteBuffer source = KafkaOracle.build(settings, records);
        Random random = new Random(seed);
        boolean[] keep = new boolean[records.size()];
        for (int i = 0; i < keep.length; i++) {
            keep[i] = random.nextInt(4) > 0;
        }

        sieve.sift(RecordBatch.of(source), r -> keep[(int) (r.offset() - settings.baseOffset())]);
        ByteBuffer expected = kafkaFilters(source, settings.baseOffset(), keep);

        if (sieve.keptCount() == 0) {
            assertEquals(expected, sieve.emptied(RecordBatch.of(source)));
            return;
        }
        ByteBuffer actual = sieve.tombstoneKept() ? sieve.keptUntil(NOW + RETENTION) : sieve.kept();
        assertSameBatch(expected, actual);
        boolean sameBase = keep[0] || sieve.tombstoneKept();
        if (settings.compression() == Compression.NONE && sameBase) {
            assertEquals(expected, actual);
        }
    }

    @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
    void siftsABatchAgainAndAgain(
            @ForAll KafkaOracle.Batch settings, @ForAll List<Record> records, @ForAll long seed) {
        ByteBuffer bytes = KafkaOracle.build(settings, records);
        Random random = new Random(seed);
        List<Record> left = KafkaOracle.records(bytes);
        for (int round = 0; round < 3 && !left.isEmpty(); round++) {
            List<Record> next = new ArrayList<>();
            left.stream().filter(r -> random.nextBoolean()).forEach(next::add);
            List<Long> offsets = next.stream().map(Record::offset).toList();
            sieve.sift(RecordBatch.of(bytes), r -> offsets.contains(r.offset()));
            left = next;
            if (left.isEmpty()) {
                bytes = TestBatches.copy(sieve.emptied(RecordBatch.of(bytes)));
            } else if (round == 1) {
                bytes = TestBatches.copy(sieve.keptUntil(NOW));
            } else {
                bytes = TestBatches.copy(sieve.kept());
            }
            assertEquals(left, KafkaOracle.records(bytes));
            assertEquals(left, TestBatches.read(bytes));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBatchOfWhichAllStaysIsNotTouched(Compression compression) {
        ByteBuffer direct = TestBatches.direct(TestBatches.of(compression, 5));

        sieve.sift(RecordBatch.of(direct.asReadOnlyBuffer()), r -> true);

        assertEquals(5, sieve.keptCount());
        assertEquals(0, sieve.droppedCount());
        assertEquals(direct, sieve.kept());
        assertTrue(sieve.kept().isDirect(), "the source's own bytes");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsCompressedStaysCompressed(Compression compression) {
        ByteBuffer source = TestBatches.of(compression, 50);
        RecordBatch.of(source).partitionLeaderEpoch(7);

        sieve.sift(RecordBatch.of(TestBatches.direct(source)), r -> r.offset() % 7 == 3);

        RecordBatch kept = RecordBatch.of(sieve.kept());
        assertTrue(kept.crcValid());
        assertEquals(compression, kept.compression());
        assertEquals(7, kept.partitionLeaderEpoch());
        assertEquals(49, kept.lastOffsetDelta());
        assertEquals(7, kept.recordCount());
        assertEquals(1_045, kept.maxTimestampMillis());
        assertEquals(
                List.of(3L, 10L, 17L, 24L, 31L, 38L, 45L),
                TestBatches.read(kept).stream().map(Record::offset).toList());
    }

    @ParameterizedTest
    @EnumSource
    void theTimeOfTheAppendStays(Compression compression) {
        ByteBuffer source = TestBatches.of(compression, 4);
        RecordBatch.of(source).logAppendTime(5_000);

        sieve.sift(RecordBatch.of(source), r -> r.offset() == 1 && r.timestampMillis() == 5_000);
        ByteBuffer kept = sieve.keptUntil(9_000);

        RecordBatch batch = RecordBatch.of(kept);
        assertEquals(TimestampType.LOG_APPEND_TIME, batch.timestampType());
        assertEquals(5_000, batch.maxTimestampMillis());
        assertEquals(9_000, batch.baseTimestampMillis());
        assertEquals(5_000, KafkaOracle.records(kept).get(0).timestampMillis());
    }

    @Test
    void aDeleteHorizonIsSetOnce() {
        ByteBuffer source = TestBatches.of(Compression.NONE, 3);
        sieve.sift(RecordBatch.of(source), r -> true);
        ByteBuffer marked = TestBatches.copy(sieve.keptUntil(9_000));

        sieve.sift(RecordBatch.of(marked), r -> r.offset() > 0);
        RecordBatch later = RecordBatch.of(TestBatches.copy(sieve.keptUntil(12_000)));

        assertTrue(later.hasDeleteHorizon());
        assertEquals(9_000, later.baseTimestampMillis());
        assertEquals(
                List.of(1_001L, 1_002L),
                TestBatches.read(later).stream().map(Record::timestampMillis).toList());
        assertFalse(RecordBatch.of(sieve.emptied(later)).hasDeleteHorizon());
    }

    @Test
    void nothingIsMadeOfNothing() {
        ByteBuffer source = TestBatches.of(Compression.NONE, 3);
        sieve.sift(RecordBatch.of(source), r -> false);
        assertThrows(IllegalStateException.class, sieve::kept);

        ByteBuffer empty = TestBatches.copy(sieve.emptied(RecordBatch.of(source)));
        sieve.sift(RecordBatch.of(empty), r -> true);
        assertEquals(0, sieve.keptCount());
        assertThrows(IllegalStateException.class, sieve::kept);
        assertEquals(empty, sieve.emptied(RecordBatch.of(empty)));
    }

    @ParameterizedTest
    @EnumSource
    void showsEachRecordAsItIs(Compression compression) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(64).compression(compression);
        builder.baseOffset(100);
        builder.append(1_000, null, TestBatches.utf8("value"));
        builder.append(999, TestBatches.utf8("key"), null);
        builder.append(1_001, new byte[0], new byte[0]);
        try (RecordScan scan =
                new RecordScan(RecordBatch.of(builder.build()), TestBatches.INFLATED_BYTES_MAX)) {
            scan.next();
            assertEquals(100, scan.offset());
            assertFalse(scan.hasKey());
            assertTrue(scan.hasValue());
            scan.next();
            assertEquals(999, scan.timestampMillis());
            assertEquals(
                    ByteBuffer.wrap(TestBatches.utf8("key")),
                    scan.keyBuffer().slice(scan.keyPosition(), scan.keySizeBytes()));
            assertFalse(scan.hasValue());
            scan.next();
            assertTrue(scan.hasKey() && scan.hasValue());
            assertEquals(0, scan.keySizeBytes());
            assertFalse(scan.hasNext());
        }
    }

    private static void assertSameBatch(ByteBuffer expectedBytes, ByteBuffer actualBytes) {
        MutableRecordBatch expected = KafkaOracle.batch(expectedBytes);
        MutableRecordBatch actual = KafkaOracle.batch(actualBytes);
        assertEquals(KafkaOracle.records(expectedBytes), KafkaOracle.records(actualBytes));
        assertEquals(expected.baseOffset(), actual.baseOffset());
        assertEquals(expected.lastOffset(), actual.lastOffset());
        assertEquals(expected.maxTimestamp(), actual.maxTimestamp());
        assertEquals(expected.timestampType(), actual.timestampType());
        assertEquals(expected.producerId(), actual.producerId());
        assertEquals(expected.producerEpoch(), actual.producerEpoch());
        assertEquals(expected.baseSequence(), actual.baseSequence());
        assertEquals(expected.lastSequence(), actual.lastSequence());
        assertEquals(expected.partitionLeaderEpoch(), actual.partitionLeaderEpoch());
        assertEquals(expected.isTransactional(), actual.isTransactional());
        assertEquals(expected.isControlBatch(), actual.isControlBatch());
        assertEquals(expected.compressionType(), actual.compressionType());
        assertEquals(expected.deleteHorizonMs(), actual.deleteHorizonMs());
        assertEquals(expected.countOrNull(), actual.countOrNull());
    }

    private static ByteBuffer kafkaFilters(ByteBuffer source, long baseOffset, boolean[] keep) {
        MemoryRecords.RecordFilter filter =
                new MemoryRecords.RecordFilter(NOW, RETENTION) {
                    @Override
                    protected BatchRetentionResult checkBatchRetention(
                            org.apache.kafka.common.record.internal.RecordBatch batch) {
                        return new BatchRetentionResult(BatchRetention.RETAIN_EMPTY, false);
                    }

                    @Override
                    protected boolean shouldRetainRecord(
                            org.apache.kafka.common.record.internal.RecordBatch batch,
                            org.apache.kafka.common.record.internal.Record record) {
                        return keep[(int) (record.offset() - baseOffset)];
                    }
                };
        MemoryRecords.FilterResult result =
                MemoryRecords.readableRecords(source.duplicate())
                        .filterTo(
                                filter,
                                ByteBuffer.allocate(source.remaining() + 4_096),
                                BufferSupplier.NO_CACHING,
                                Integer.MAX_VALUE);
        return result.outputBuffer().flip();
    }
}
