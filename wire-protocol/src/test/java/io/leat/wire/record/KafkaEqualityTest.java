package io.leat.wire.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.apache.kafka.common.record.internal.MutableRecordBatch;

/** Our batches are Kafka's batches, both ways. */
@Domain(DomainContext.Global.class)
@Domain(RandomRecords.class)
class KafkaEqualityTest {
    @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
    void uncompressedBatchesHaveTheBytesOfKafkas(
            @ForAll KafkaOracle.Batch random, @ForAll List<Record> records) {
        KafkaOracle.Batch settings = uncompressed(random);

        assertEquals(KafkaOracle.build(settings, records), build(settings, records));
    }

    @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
    void kafkaReadsWhatWeBuild(@ForAll KafkaOracle.Batch settings, @ForAll List<Record> records) {
        ByteBuffer bytes = build(settings, records);

        assertEquals(atOffsetsOf(settings, records), KafkaOracle.records(bytes));
        assertSameHeader(KafkaOracle.batch(bytes), RecordBatch.of(bytes));
    }

    @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
    void weReadWhatKafkaBuilds(@ForAll KafkaOracle.Batch settings, @ForAll List<Record> records) {
        ByteBuffer bytes = KafkaOracle.build(settings, records);
        ByteBuffer direct = TestBatches.direct(bytes).asReadOnlyBuffer();

        assertEquals(atOffsetsOf(settings, records), TestBatches.read(bytes));
        assertEquals(atOffsetsOf(settings, records), TestBatches.read(direct));
        assertSameHeader(KafkaOracle.batch(bytes), RecordBatch.of(direct));
    }

    @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
    void whatKafkaBuildsPassesEveryCheck(
            @ForAll KafkaOracle.Batch settings, @ForAll List<Record> records) {
        RecordBatch batch = RecordBatch.of(KafkaOracle.build(settings, records));
        batch.baseOffset(0);
        long maxTimestamp = records.stream().mapToLong(Record::timestampMillis).max().orElseThrow();

        assertEquals(new BatchCheck.Passed(maxTimestamp), BatchCheck.ofProduced(batch));
        assertEquals(
                new BatchCheck.Passed(maxTimestamp),
                BatchCheck.ofRecords(
                        batch, RecordRules.formatOnly(TestBatches.INFLATED_BYTES_MAX)));
    }

    @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
    void logAppendTimeIsSetAsKafkaSetsIt(
            @ForAll KafkaOracle.Batch settings, @ForAll List<Record> records, @ForAll long now) {
        ByteBuffer ours = KafkaOracle.build(settings, records);
        ByteBuffer theirs = TestBatches.copy(ours);
        MutableRecordBatch kafka = KafkaOracle.batch(theirs);

        RecordBatch batch = RecordBatch.of(ours);
        batch.logAppendTime(now);
        batch.partitionLeaderEpoch(3);
        batch.baseOffset(1_000);
        kafka.setMaxTimestamp(org.apache.kafka.common.record.TimestampType.LOG_APPEND_TIME, now);
        kafka.setPartitionLeaderEpoch(3);
        kafka.setLastOffset(1_000 + records.size() - 1);

        assertEquals(theirs, ours);
        assertEquals(KafkaOracle.records(theirs), TestBatches.read(ours));
        assertInstanceOf(BatchCheck.Passed.class, BatchCheck.ofStored(batch));
    }

    @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
    void skippingLandsOnTheRecordAskedFor(
            @ForAll KafkaOracle.Batch settings, @ForAll List<Record> records, @ForAll int target) {
        ByteBuffer bytes = build(settings, records);
        int index = Math.floorMod(target, records.size());

        try (RecordReader reader =
                new RecordReader(RecordBatch.of(bytes), TestBatches.INFLATED_BYTES_MAX)) {
            reader.skipTo(settings.baseOffset() + index);
            assertEquals(atOffsetsOf(settings, records).get(index), reader.next());
            assertEquals(index < records.size() - 1, reader.hasNext());
            reader.skipTo(Long.MAX_VALUE);
            assertTrue(!reader.hasNext());
        }
    }

    private static void assertSameHeader(MutableRecordBatch kafka, RecordBatch batch) {
        assertEquals(kafka.baseOffset(), batch.baseOffset());
        assertEquals(kafka.lastOffset(), batch.lastOffset());
        assertEquals(kafka.nextOffset(), batch.nextOffset());
        assertEquals(kafka.sizeInBytes(), batch.sizeBytes());
        assertEquals(kafka.partitionLeaderEpoch(), batch.partitionLeaderEpoch());
        assertEquals(kafka.magic(), batch.magic());
        assertEquals(kafka.checksum(), batch.crc() & 0xffffffffL);
        assertEquals(kafka.compressionType().id, batch.compression().id());
        assertEquals(
                kafka.timestampType().id,
                batch.timestampType() == TimestampType.CREATE_TIME ? 0 : 1);
        assertEquals(kafka.isTransactional(), batch.isTransactional());
        assertEquals(kafka.isControlBatch(), batch.isControl());
        assertEquals(kafka.deleteHorizonMs().isPresent(), batch.hasDeleteHorizon());
        assertEquals(kafka.maxTimestamp(), batch.maxTimestampMillis());
        assertEquals(kafka.hasProducerId(), batch.hasProducer());
        assertEquals(kafka.producerId(), batch.producerId());
        assertEquals(kafka.producerEpoch(), batch.producerEpoch());
        assertEquals(kafka.baseSequence(), batch.baseSequence());
        assertEquals(kafka.lastSequence(), batch.lastSequence());
        assertEquals(kafka.countOrNull(), batch.recordCount());
    }

    private static ByteBuffer build(KafkaOracle.Batch settings, List<Record> records) {
        RecordBatchBuilder builder = settings.builder();
        for (Record record : records) {
            assertTrue(
                    builder.append(
                            record.timestampMillis(),
                            record.key(),
                            record.value(),
                            record.headers()));
        }
        return builder.build();
    }

    private static KafkaOracle.Batch uncompressed(KafkaOracle.Batch settings) {
        return new KafkaOracle.Batch(
                Compression.NONE,
                settings.baseOffset(),
                settings.leaderEpoch(),
                settings.producerId(),
                settings.producerEpoch(),
                settings.baseSequence(),
                settings.transactional());
    }

    private static List<Record> atOffsetsOf(KafkaOracle.Batch settings, List<Record> records) {
        return records.stream()
                .map(record -> RandomRecords.at(settings.baseOffset() + record.offset(), record))
                .toList();
    }
}
