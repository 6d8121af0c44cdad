package io.leat.wire.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Markers are byte for byte what Apache Kafka writes, and are read back. */
class TransactionMarkerTest {
    private static final long PRODUCER = 1234567890123L;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMarkerIsWhatApacheKafkaWrites(boolean committed) {
        ByteBuffer kafkas =
                MemoryRecords.withEndTransactionMarker(
                                0L,
                                1_700_000_000_000L,
                                0,
                                PRODUCER,
                                (short) 7,
                                new EndTransactionMarker(
                                        committed
                                                ? ControlRecordType.COMMIT
                                                : ControlRecordType.ABORT,
                                        3))
                        .buffer();

        ByteBuffer ours =
                new TransactionMarker(PRODUCER, (short) 7, committed, 3).batch(1_700_000_000_000L);

        assertEquals(kafkas, ours);
        assertTrue(RecordBatch.of(ours).crcValid());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMarkerIsReadBack(boolean committed) {
        TransactionMarker marker = new TransactionMarker(PRODUCER, (short) 7, committed, 0);

        assertEquals(Optional.of(marker), TransactionMarker.of(RecordBatch.of(marker.batch(1000))));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 99})
    void otherBatchesAreNoMarkers(int type) {
        RecordBatchBuilder builder =
                RecordBatchBuilder.growable(0).producer(PRODUCER, (short) 0, -1).transactional();
        if (type > 1) {
            builder.control();
        }
        ByteBuffer key = ByteBuffer.allocate(4).putShort((short) 0).putShort((short) type).flip();
        builder.append(1000, key, null, List.of());

        assertEquals(Optional.empty(), TransactionMarker.of(RecordBatch.of(builder.build())));
    }
}
