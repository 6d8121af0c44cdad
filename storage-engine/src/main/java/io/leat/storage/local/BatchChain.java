package io.leat.storage.local;

import io.leat.wire.record.BatchLayout;
import io.leat.wire.record.RecordBatch;
import java.nio.ByteBuffer;

/**
 * Tells whether the headers of a segment's batches make sense one behind the other. A batch's CRC
 * does not cover its base offset and leader epoch, and what a header says of its length is believed
 * before any CRC is looked at; but offsets rise, epochs are 0, and segments end where they must. So
 * no flipped bit there can make a reader take a record for another one, or pass over some.
 *
 * <p>Compaction leaves gaps between batches, and a base offset that was changed to another one
 * within such a gap is the one thing that is not seen. For one thread.
 */
final class BatchChain {
    /** What {@link #check} answers where all is well. */
    static final int SOUND = -1;

    private final BatchCursor cursor;
    private final int limit;
    private final long endOffset;

    /**
     * @param data a segment's bytes from its first on
     * @param limit where the last batch ends
     * @param endOffset the offset there
     */
    BatchChain(ByteBuffer data, int limit, long endOffset) {
        this.cursor = new BatchCursor(data, limit);
        this.limit = limit;
        this.endOffset = endOffset;
    }

    /**
     * Checks the batches that begin in a part of the segment.
     *
     * @param from where a batch begins
     * @param to where the part ends, which may be in the middle of a batch
     * @param expectedOffset the offset to be found in the first one
     * @return the position of the first batch that is not as it should be, or {@link #SOUND}
     */
    int check(int from, int to, long expectedOffset) {
        int position = from;
        int previous = from;
        long next = expectedOffset;
        // Whether offsets are missing before the previous one: then it is to blame for a conflict.
        boolean gap = false;
        while (position < to) {
            if (!cursor.moveTo(position) || !fits(cursor.batch())) {
                return position;
            }
            RecordBatch batch = cursor.batch();
            boolean first = position == from;
            if (!first && batch.baseOffset() < next) {
                return gap ? previous : position;
            }
            gap = batch.baseOffset() > next;
            previous = position;
            next = batch.nextOffset();
            position += batch.sizeBytes();
        }
        // Whatever stands behind tells whether the last one was right.
        boolean conflict =
                position < limit
                        ? cursor.moveTo(position) && cursor.batch().baseOffset() < next
                        : next != endOffset;
        return conflict && gap ? previous : SOUND;
    }

    /** Whether a batch can be one of this segment's. */
    private boolean fits(RecordBatch batch) {
        return batch.partitionLeaderEpoch() == 0
                && batch.baseOffset() >= 0
                && batch.nextOffset() <= endOffset
                && batch.sizeBytes() >= BatchLayout.HEADER_BYTES;
    }
}
