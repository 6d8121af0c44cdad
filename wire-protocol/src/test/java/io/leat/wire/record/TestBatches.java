package io.leat.wire.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Batches for tests, sound and damaged ones. */
final class TestBatches {
    static final int INFLATED_BYTES_MAX = 16 << 20;

    private TestBatches() {}

    static ByteBuffer of(Compression compression, int count) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(64).compression(compression);
        for (int i = 0; i < count; i++) {
            builder.append(
                    1_000 + i,
                    ByteBuffer.wrap(utf8("key-" + i)),
                    ByteBuffer.wrap(utf8("a value that occurs often")),
                    List.of(RecordHeader.of("origin", "EDDB")));
        }
        return builder.build();
    }

    /** A batch with a right header and CRC around any bytes. */
    static ByteBuffer around(Compression compression, int count, byte[] recordBytes) {
        ByteBuffer batch = ByteBuffer.allocate(BatchLayout.HEADER_BYTES + recordBytes.length);
        batch.put(BatchLayout.RECORDS, recordBytes)
                .putInt(
                        BatchLayout.BATCH_LENGTH,
                        batch.capacity() - BatchLayout.LENGTH_PREFIX_BYTES)
                .put(BatchLayout.MAGIC, (byte) 2)
                .putShort(BatchLayout.ATTRIBUTES, (short) compression.id())
                .putInt(BatchLayout.LAST_OFFSET_DELTA, count - 1)
                .putLong(BatchLayout.PRODUCER_ID, -1)
                .putShort(BatchLayout.PRODUCER_EPOCH, (short) -1)
                .putInt(BatchLayout.BASE_SEQUENCE, -1)
                .putInt(BatchLayout.RECORD_COUNT, count);
        RecordBatch.of(batch).updateCrc();
        return batch;
    }

    /** The bytes behind the header. */
    static byte[] recordBytes(ByteBuffer batch) {
        return array(RecordBatch.of(batch).recordBytes());
    }

    static byte[] compress(Compression compression, byte[]... pieces) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = Codec.of(compression).deflate(bytes, compression.levelDefault())) {
            for (byte[] piece : pieces) {
                out.write(piece);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static List<Record> read(ByteBuffer batch) {
        return read(RecordBatch.of(batch));
    }

    static List<Record> read(RecordBatch batch) {
        List<Record> records = new ArrayList<>();
        try (RecordReader reader = new RecordReader(batch, INFLATED_BYTES_MAX)) {
            while (reader.hasNext()) {
                records.add(reader.next());
            }
        }
        return records;
    }

    static BatchCheck checkRecords(ByteBuffer batch) {
        return BatchCheck.ofRecords(
                RecordBatch.of(batch), RecordRules.formatOnly(INFLATED_BYTES_MAX));
    }

    static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.wrap(array(bytes));
    }

    static ByteBuffer direct(ByteBuffer bytes) {
        return ByteBuffer.allocateDirect(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    static byte[] array(ByteBuffer bytes) {
        byte[] array = new byte[bytes.remaining()];
        bytes.get(bytes.position(), array);
        return array;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
