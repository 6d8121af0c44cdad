package io.leat.storage.local;

import io.leat.wire.record.BatchLayout;
import io.leat.wire.record.RecordBatch;
import java.nio.ByteBuffer;

/** A record batch without records, as compaction leaves them: it stands for offsets only. */
final class EmptyBatch {
    private EmptyBatch() {}

    /** One that stands for a single offset, of no producer and no time. */
    static ByteBuffer at(long offset) {
        ByteBuffer bytes = ByteBuffer.allocate(BatchLayout.HEADER_BYTES);
        bytes.putLong(BatchLayout.BASE_OFFSET, offset);
        bytes.putInt(
                BatchLayout.BATCH_LENGTH,
                BatchLayout.HEADER_BYTES - BatchLayout.LENGTH_PREFIX_BYTES);
        bytes.put(BatchLayout.MAGIC, BatchLayout.MAGIC_V2);
        bytes.putLong(BatchLayout.BASE_TIMESTAMP, RecordBatch.NONE);
        bytes.putLong(BatchLayout.MAX_TIMESTAMP, RecordBatch.NONE);
        RecordBatch.of(bytes)
                .producer(RecordBatch.NONE, (short) RecordBatch.NONE, RecordBatch.NONE);
        return bytes;
    }
}
