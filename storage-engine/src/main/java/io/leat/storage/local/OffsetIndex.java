package io.leat.storage.local;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Sparse index of a segment from offsets to positions, in Kafka's format: big-endian entries,
 * sorted.
 *
 * <pre>
 * int32 relative offset   last offset of a batch, less the segment's base offset
 * int32 position          where that batch starts in the data file
 * </pre>
 *
 * <p>An index is a hint: what a lookup gives is a batch to start from, and who reads there checks
 * that the batch is the one named.
 */
final class OffsetIndex {
    static final int ENTRY_BYTES = 8;

    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final long baseOffset;
    private final IndexFile file;

    private OffsetIndex(long baseOffset, IndexFile file) {
        this.baseOffset = baseOffset;
        this.file = file;
    }

    static OffsetIndex writable(
            Disk disk, Path path, long baseOffset, int entries, int bytesMax, Arena arena)
            throws IOException {
        return new OffsetIndex(
                baseOffset, IndexFile.writable(disk, path, ENTRY_BYTES, entries, bytesMax, arena));
    }

    static OffsetIndex readOnly(Disk disk, Path path, long baseOffset, Arena arena)
            throws IOException {
        return new OffsetIndex(baseOffset, IndexFile.readOnly(disk, path, ENTRY_BYTES, arena));
    }

    IndexFile file() {
        return file;
    }

    int entries() {
        return file.entries();
    }

    /** Where the segment begins. */
    long baseOffset() {
        return baseOffset;
    }

    /** The offset of entry {@code i}. */
    long offset(int i) {
        return baseOffset + file.mapping().get(INT, (long) i * ENTRY_BYTES);
    }

    /** The position of entry {@code i}. */
    int position(int i) {
        return file.mapping().get(INT, (long) i * ENTRY_BYTES + Integer.BYTES);
    }

    /**
     * The last entry whose offset is {@code offset} or less and whose position is below {@code
     * positionLimit}; -1 where there is none.
     */
    int lookup(long offset, int positionLimit) {
        int low = 0;
        int high = file.entries() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (offset(middle) <= offset && position(middle) < positionLimit) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** The first entry whose position is {@code position} or more; -1 where there is none. */
    int lookupPosition(int position) {
        int low = 0;
        int high = file.entries() - 1;
        int last = high;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (position(middle) < position) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return low > last ? -1 : low;
    }

    /** Adds an entry; offset and position must be above those of the last. Make room first. */
    void append(long offset, int position) {
        long relative = offset - baseOffset;
        if (relative < 0 || relative > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "offset " + offset + " is out of reach from base offset " + baseOffset);
        }
        MemorySegment mapping = file.mapping();
        long at = file.nextEntryPosition();
        mapping.set(INT, at, (int) relative);
        mapping.set(INT, at + Integer.BYTES, position);
        file.added();
    }
}
