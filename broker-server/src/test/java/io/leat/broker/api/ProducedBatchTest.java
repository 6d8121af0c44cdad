package io.leat.broker.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.topic.TopicConfig;
import io.leat.wire.ErrorCode;
import io.leat.wire.record.BatchLayout;
import io.leat.wire.record.Compression;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordBatchBuilder;
import io.leat.wire.record.Varints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class ProducedBatchTest {
    @Test
    void whatIsHeldToBeDelayedMayInflateToLess() throws IOException {
        long heap = Runtime.getRuntime().maxMemory();
        RecordBatch batch = claiming((int) Math.min(heap / 8, Integer.MAX_VALUE - 100));

        assertEquals(
                ErrorCode.MESSAGE_TOO_LARGE,
                refusal(batch, Map.of("leat.delayed.delivery", "true")));
        assertEquals(ErrorCode.INVALID_RECORD, refusal(batch, Map.of()), "it is cut off");
    }

    private static ErrorCode refusal(RecordBatch batch, Map<String, String> overrides) {
        TopicConfig config = new TopicConfig(BrokerConfig.defaults(), overrides);
        return assertInstanceOf(
                        ProducedBatch.Refused.class,
                        ProducedBatch.check(batch, config, System.currentTimeMillis()))
                .error();
    }

    /** A batch whose only record claims a value of this size, of which nothing comes. */
    private static RecordBatch claiming(int valueBytes) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(2 * Varints.INT_BYTES_MAX + 4);
        Varints.putInt(start, 4 + Varints.sizeBytes(valueBytes) + valueBytes + 1);
        start.put(new byte[] {0, 0, 0, 1}); // attributes, timestamp, offset, and no key
        Varints.putInt(start, valueBytes);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(start.array(), 0, start.position());
        }
        RecordBatchBuilder other = RecordBatchBuilder.growable(128);
        other.append(1, null, new byte[8]);
        ByteBuffer bytes = ByteBuffer.allocate(BatchLayout.HEADER_BYTES + compressed.size());
        bytes.put(0, other.build(), 0, BatchLayout.HEADER_BYTES)
                .put(BatchLayout.HEADER_BYTES, compressed.toByteArray())
                .putInt(
                        BatchLayout.BATCH_LENGTH,
                        bytes.capacity() - BatchLayout.LENGTH_PREFIX_BYTES)
                .putShort(BatchLayout.ATTRIBUTES, (short) Compression.GZIP.id());
        RecordBatch batch = RecordBatch.of(bytes);
        batch.maxTimestampMillis(1); // and with it the CRC
        return batch;
    }
}
