package io.leat.storage.local;

/**
 * A place between two batches.
 *
 * @param offset the offset of the record that follows
 * @param segmentBase the base offset of the segment it stands in
 * @param position where in that segment's data file, bytes
 */
record LogPosition(long offset, long segmentBase, int position) {
    static LogPosition startOf(long offset) {
        return new LogPosition(offset, offset, 0);
    }
}
