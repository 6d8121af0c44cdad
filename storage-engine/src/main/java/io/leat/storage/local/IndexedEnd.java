package io.leat.storage.local;

import io.leat.wire.record.RecordBatch;

/**
 * How far a log's indexes go, with what is needed to go on from there.
 *
 * @param at all batches before are indexed; those of the segment named, and of all before it
 * @param offsetEntries entries of that segment's offset index
 * @param timeEntries entries of that segment's time index
 * @param bytesSinceEntry bytes of batches since the last entry
 * @param maxTimestampMillis the largest timestamp in the segment so far, or -1
 * @param maxTimestampOffset the last offset of the first batch that has it
 */
record IndexedEnd(
        LogPosition at,
        int offsetEntries,
        int timeEntries,
        int bytesSinceEntry,
        long maxTimestampMillis,
        long maxTimestampOffset) {
    /** The start of a segment. */
    static IndexedEnd startOf(long baseOffset) {
        return new IndexedEnd(
                LogPosition.startOf(baseOffset), 0, 0, 0, RecordBatch.NONE, baseOffset);
    }
}
