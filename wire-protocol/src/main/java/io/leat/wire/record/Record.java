package io.leat.wire.record;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record.
 *
 * @param offset its place in the partition
 * @param timestampMillis milliseconds since 1970, or -1 for none
 * @param key position to limit, or null
 * @param value position to limit, or null (on compacted topics a tombstone)
 * @param headers in the producer's order
 */
@SuppressWarnings("JavaLangClash") // The field's word; nobody needs java.lang.Record by name.
public record Record(
        long offset,
        long timestampMillis,
        @Nullable ByteBuffer key,
        @Nullable ByteBuffer value,
        List<RecordHeader> headers) {
    public Record {
        headers = List.copyOf(headers);
    }
}
