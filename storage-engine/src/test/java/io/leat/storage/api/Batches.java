package io.leat.storage.api;

import io.leat.wire.record.Compression;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordBatchBuilder;
import io.leat.wire.record.TransactionMarker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes record batches for tests, and takes them apart. */
public final class Batches {
    private Batches() {}

    /** One record per value, all with one timestamp. */
    public static ByteBuffer batch(long timestampMillis, String... values) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(256);
        for (String value : values) {
            builder.append(timestampMillis, null, value.getBytes(StandardCharsets.UTF_8));
        }
        return builder.build();
    }

    /** One record per timestamp. */
    public static ByteBuffer timed(Compression compression, long... timestampsMillis) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(256).compression(compression);
        for (long timestamp : timestampsMillis) {
            builder.append(timestamp, null, new byte[8]);
        }
        return builder.build();
    }

    /** One record of so many bytes of value. */
    public static ByteBuffer sized(int valueBytes) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(valueBytes + 128);
        builder.append(1, null, new byte[valueBytes]);
        return builder.build();
    }

    /** {@code count} records of an idempotent producer. */
    public static ByteBuffer produced(long producerId, int epoch, int sequence, int count) {
        RecordBatchBuilder builder =
                RecordBatchBuilder.growable(256).producer(producerId, (short) epoch, sequence);
        for (int i = 0; i < count; i++) {
            builder.append(1, null, ("p" + producerId).getBytes(StandardCharsets.UTF_8));
        }
        return builder.build();
    }

    /** {@code count} records of a transactional producer. */
    public static ByteBuffer transactional(long producerId, int epoch, int sequence, int count) {
        RecordBatchBuilder builder =
                RecordBatchBuilder.growable(256)
                        .producer(producerId, (short) epoch, sequence)
                        .transactional();
        for (int i = 0; i < count; i++) {
            builder.append(1, null, ("t" + producerId).getBytes(StandardCharsets.UTF_8));
        }
        return builder.build();
    }

    /** The end of a transaction. */
    public static ByteBuffer marker(long producerId, int epoch, boolean committed) {
        return new TransactionMarker(producerId, (short) epoch, committed, 0).batch(1);
    }

    /** The whole batches in {@code bytes}. */
    public static List<RecordBatch> parse(ByteBuffer bytes) {
        List<RecordBatch> batches = new ArrayList<>();
        int position = bytes.position();
        while (true) {
            RecordBatch batch = new RecordBatch().wrap(bytes, position);
            if (!batch.isWhole()) {
                return batches;
            }
            batches.add(batch);
            position += batch.sizeBytes();
        }
    }
}
