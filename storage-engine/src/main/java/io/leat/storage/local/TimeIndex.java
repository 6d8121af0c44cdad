package io.leat.storage.local;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Sparse index of a segment from timestamps to offsets, in Kafka's format: big-endian entries,
 * timestamps strictly ascending.
 *
 * <pre>
 * int64 timestamp         the largest so far in the segment, ms
 * int32 relative offset   last offset of the batch that has it, less the segment's base offset
 * </pre>
 *
 * <p>Up to that batch no record is younger than the timestamp says. A closed segment's last entry
 * has the largest timestamp of the segment.
 */
final class TimeIndex {
    static final int ENTRY_BYTES = 12;

    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final long baseOffset;
    private final IndexFile file;

    private TimeIndex(long baseOffset, IndexFile file) {
        this.baseOffset = baseOffset;
        this.file = file;
    }

    static TimeIndex writable(
            Disk disk, Path path, long baseOffset, int entries, int bytesMax, Arena arena)
            throws IOException {
        return new TimeIndex(
                baseOffset, IndexFile.writable(disk, path, ENTRY_BYTES, entries, bytesMax, arena));
    }

    static TimeIndex readOnly(Disk disk, Path path, long baseOffset, Arena arena)
            throws IOException {
        return new TimeIndex(baseOffset, IndexFile.readOnly(disk, path, ENTRY_BYTES, arena));
    }

    IndexFile file() {
        return file;
    }

    int entries() {
        return file.entries();
    }

    /** The timestamp of entry {@code i}. */
    long timestampMillis(int i) {
        return file.mapping().get(LONG, (long) i * ENTRY_BYTES);
    }

    /** The offset of entry {@code i}. */
    long offset(int i) {
        return baseOffset + file.mapping().get(INT, (long) i * ENTRY_BYTES + Long.BYTES);
    }

    /** The last entry whose timestamp is below {@code timestampMillis}; -1 where there is none. */
    int lookup(long timestampMillis) {
        int low = 0;
        int high = file.entries() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (timestampMillis(middle) < timestampMillis) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** Adds an entry unless its timestamp is not above that of the last. Make room first. */
    void append(long timestampMillis, long offset) {
        int last = file.entries() - 1;
        if (timestampMillis < 0 || (last >= 0 && timestampMillis <= timestampMillis(last))) {
            return;
        }
        MemorySegment mapping = file.mapping();
        long at = file.nextEntryPosition();
        mapping.set(LONG, at, timestampMillis);
        mapping.set(INT, at + Long.BYTES, (int) (offset - baseOffset));
        file.added();
    }
}
