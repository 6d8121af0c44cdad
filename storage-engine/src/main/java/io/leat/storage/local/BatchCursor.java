package io.leat.storage.local;

import io.leat.wire.record.BatchLayout;
import io.leat.wire.record.RecordBatch;
import java.nio.ByteBuffer;

/**
 * Steps from batch to batch through a segment's bytes, reading headers only. For one thread.
 *
 * <p>It never looks beyond its limit: there the mapping may have no file behind it.
 */
final class BatchCursor {
    private final ByteBuffer data;
    private final int limit;
    private final RecordBatch batch = new RecordBatch();
    private int position;
    private int previous = -1;

    /**
     * @param data a segment's bytes from its first on
     * @param limit where the readable bytes end
     */
    BatchCursor(ByteBuffer data, int limit) {
        this.data = data;
        this.limit = limit;
    }

    /** Whether a batch that ends at the limit or before stands at {@code position}. */
    boolean moveTo(int position) {
        previous = -1;
        return look(position);
    }

    private boolean look(int position) {
        this.position = position;
        if (position < 0 || limit - position < BatchLayout.HEADER_BYTES) {
            return false;
        }
        batch.wrap(data, position);
        int batchLength = batch.batchLength();
        return batchLength >= BatchLayout.HEADER_BYTES - BatchLayout.LENGTH_PREFIX_BYTES
                && batchLength <= limit - position - BatchLayout.LENGTH_PREFIX_BYTES
                && batch.magic() == BatchLayout.MAGIC_V2
                && batch.lastOffsetDelta() >= 0;
    }

    /** Moves behind the batch here; as {@link #moveTo}. */
    boolean next() {
        previous = position;
        return look(position + batch.sizeBytes());
    }

    /** Where the batch before stands, if {@link #next} came from there, or -1. */
    int previous() {
        return previous;
    }

    int limit() {
        return limit;
    }

    /** Whether nothing is left. */
    boolean atEnd() {
        return position >= limit;
    }

    /** Whether nothing is left but room that was made ready for batches. */
    boolean onlyRoomLeft() {
        return ReadyRoom.is(data, position, limit);
    }

    int position() {
        return position;
    }

    /** The batch here, where the last move answered true. */
    RecordBatch batch() {
        return batch;
    }
}
