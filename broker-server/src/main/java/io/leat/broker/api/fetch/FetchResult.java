package io.leat.broker.api.fetch;

import io.leat.storage.api.AbortedTransaction;
import io.leat.storage.api.LogSlice;
import io.leat.wire.ErrorCode;
import io.leat.wire.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * What came of a read.
 *
 * @param slice the bytes, when there are any; owned by whoever holds the result
 * @param aborted transactions whose records a {@code read_committed} consumer skips
 */
record FetchResult(
        FetchTarget target,
        ErrorCode error,
        long highWatermark,
        long lastStableOffset,
        long logStart,
        Optional<LogSlice> slice,
        List<AbortedTransaction> aborted) {
    private static final long UNKNOWN = -1;

    static FetchResult failed(FetchTarget target, ErrorCode error) {
        return new FetchResult(
                target, error, UNKNOWN, UNKNOWN, UNKNOWN, Optional.empty(), List.of());
    }

    int sizeBytes() {
        return slice.map(LogSlice::sizeBytes).orElse(0);
    }

    /** How many records the slice holds, as its batches' headers say. */
    int recordCount() {
        if (slice.isEmpty()) {
            return 0;
        }
        ByteBuffer bytes = slice.get().bytes();
        RecordBatch batch = new RecordBatch();
        int count = 0;
        int position = bytes.position();
        while (position < bytes.limit() && batch.wrap(bytes, position).isWhole()) {
            count += batch.recordCount();
            position += batch.sizeBytes();
        }
        return count;
    }

    /** The offset behind the last whole batch; where there is none, the one that was asked for. */
    long nextOffset() {
        if (slice.isEmpty()) {
            return target.offset();
        }
        ByteBuffer bytes = slice.get().bytes();
        RecordBatch batch = new RecordBatch();
        long next = target.offset();
        int position = bytes.position();
        while (position < bytes.limit() && batch.wrap(bytes, position).isWhole()) {
            next = batch.nextOffset();
            position += batch.sizeBytes();
        }
        return next;
    }

    void discard() {
        slice.ifPresent(LogSlice::close);
    }
}
