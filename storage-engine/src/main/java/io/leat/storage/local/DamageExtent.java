package io.leat.storage.local;

import io.leat.storage.api.Damage;
import io.leat.wire.record.RecordBatch;

/**
 * How far damage goes: from behind the last batch that makes sense to the first one behind that
 * does, which the offset index may know where a batch's own length cannot be believed.
 */
final class DamageExtent {
    private final SegmentFiles files;
    private final Segment segment;
    private final int limit;
    private final long endOffset;

    /**
     * @param files the segment's, leased
     * @param limit where its durable bytes end
     * @param endOffset the offset there
     */
    DamageExtent(SegmentFiles files, Segment segment, int limit, long endOffset) {
        this.files = files;
        this.segment = segment;
        this.limit = limit;
        this.endOffset = endOffset;
    }

    /**
     * Damage, and where in the file batches make sense again.
     *
     * @param behind the position, or where the durable bytes end
     */
    record Found(Damage damage, int behind) {}

    /** The damage that begins with the batch at a position, or where that should be. */
    Found at(int position) {
        long from = offsetAt(position);
        Resumption resumption = soundBehind(position, from);
        long end = Math.max(resumption.offset(), from + 1);
        String cause =
                position >= limit
                        ? "the segment ends too early"
                        : "there is no batch with offset " + from;
        return new Found(
                new Damage(from, end, segment + " at position " + position, cause),
                resumption.position());
    }

    /** The offset behind the last batch before a position. */
    private long offsetAt(int position) {
        BatchCursor cursor = new BatchCursor(files.bytes(), limit);
        long next = segment.baseOffset();
        boolean more = cursor.moveTo(0);
        while (more && cursor.position() < position) {
            RecordBatch batch = cursor.batch();
            if (batch.baseOffset() < next || batch.nextOffset() > endOffset) {
                break;
            }
            next = batch.nextOffset();
            more = cursor.next();
        }
        return Math.min(next, endOffset - 1);
    }

    /** Where batches make sense again. */
    record Resumption(int position, long offset) {}

    /**
     * Where batches make sense again behind the one at a position.
     *
     * @param from the offset that should stand there
     */
    Resumption soundBehind(int position, long from) {
        BatchCursor cursor = new BatchCursor(files.bytes(), limit);
        if (cursor.moveTo(position) && cursor.next() && isSound(cursor, from)) {
            return resumption(cursor);
        }
        OffsetIndex index = files.offsets();
        for (int entry = 0; entry < index.entries(); entry++) {
            if (index.position(entry) > position
                    && cursor.moveTo(index.position(entry))
                    && cursor.batch().lastOffset() == index.offset(entry)
                    && isSound(cursor, from)) {
                return resumption(cursor);
            }
        }
        return new Resumption(limit, endOffset);
    }

    private static Resumption resumption(BatchCursor cursor) {
        return new Resumption(cursor.position(), cursor.batch().baseOffset());
    }

    private boolean isSound(BatchCursor cursor, long from) {
        RecordBatch batch = cursor.batch();
        return batch.baseOffset() > from
                && batch.nextOffset() <= endOffset
                && batch.partitionLeaderEpoch() == 0
                && batch.crcValid();
    }
}
