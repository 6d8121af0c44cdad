package io.leat.broker.share;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.wire.record.Record;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeadLetterTest {
    private static final DeadLetter LETTER =
            new DeadLetter("group", "topic", 0, 7, 1, DeathCause.REJECTED);

    /** Else the retention of the dead-letter topic would remove an old record unread. */
    @Test
    void itsTimeIsWhenItCameThere() {
        Record old = new Record(7, 1_000, null, ByteBuffer.wrap(new byte[] {1}), List.of());
        for (Optional<Record> record : List.of(Optional.of(old), Optional.<Record>empty())) {
            RecordBatchBuilder batch = RecordBatchBuilder.growable(256);
            assertTrue(LETTER.addTo(batch, record, "", 900_000));
            assertEquals(900_000, RecordBatch.of(batch.build()).maxTimestampMillis());
        }
    }
}
