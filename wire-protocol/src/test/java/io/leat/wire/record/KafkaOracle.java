package io.leat.wire.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/** What Apache Kafka's own classes make of records and batches. */
final class KafkaOracle {
    private KafkaOracle() {}

    static ByteBuffer build(Batch settings, List<Record> records) {
        MemoryRecordsBuilder builder =
                new MemoryRecordsBuilder(
                        new ByteBufferOutputStream(1024),
                        (byte) 2,
                        org.apache.kafka.common.compress.Compression.of(
                                        settings.compression().configName())
                                .build(),
                        TimestampType.CREATE_TIME,
                        settings.baseOffset(),
                        RecordBatch.NONE,
                        settings.producerId(),
                        settings.producerEpoch(),
                        settings.baseSequence(),
                        settings.transactional(),
                        false,
                        settings.leaderEpoch(),
                        Integer.MAX_VALUE);
        for (Record record : records) {
            builder.append(
                    record.timestampMillis(),
                    record.key(),
                    record.value(),
                    record.headers().stream().map(KafkaOracle::header).toArray(Header[]::new));
        }
        return builder.build().buffer();
    }

    static MutableRecordBatch batch(ByteBuffer bytes) {
        return MemoryRecords.readableRecords(bytes.duplicate()).batches().iterator().next();
    }

    static List<Record> records(ByteBuffer bytes) {
        MutableRecordBatch batch = batch(bytes);
        batch.ensureValid();
        List<Record> records = new ArrayList<>();
        for (org.apache.kafka.common.record.internal.Record record : batch) {
            List<RecordHeader> headers =
                    Arrays.stream(record.headers()).map(KafkaOracle::header).toList();
            records.add(
                    new Record(
                            record.offset(),
                            record.timestamp(),
                            record.key(),
                            record.value(),
                            headers));
        }
        return records;
    }

    private static Header header(RecordHeader header) {
        byte[] value = header.value() == null ? null : TestBatches.array(header.value());
        return new org.apache.kafka.common.header.internals.RecordHeader(header.key(), value);
    }

    private static RecordHeader header(Header header) {
        byte[] value = header.value();
        return new RecordHeader(header.key(), value == null ? null : ByteBuffer.wrap(value));
    }

    /** What a batch has besides its records. */
    record Batch(
            Compression compression,
            long baseOffset,
            int leaderEpoch,
            long producerId,
            short producerEpoch,
            int baseSequence,
            boolean transactional) {
        static Batch of(Compression compression) {
            return new Batch(compression, 0, 0, -1, (short) -1, -1, false);
        }

        RecordBatchBuilder builder() {
            RecordBatchBuilder builder =
                    RecordBatchBuilder.growable(0)
                            .compression(compression)
                            .baseOffset(baseOffset)
                            .partitionLeaderEpoch(leaderEpoch)
                            .producer(producerId, producerEpoch, baseSequence);
            return transactional ? builder.transactional() : builder;
        }
    }
}
