package io.leat.storage.local;

import io.leat.storage.api.StoredFile.Flaw;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries in an offset index's bytes; zeros behind them are room for more.
 *
 * @param bytes the file's
 * @param baseOffset the segment's
 */
record OffsetEntries(ByteBuffer bytes, long baseOffset) {
    static final OffsetEntries NONE = new OffsetEntries(ByteBuffer.allocate(0), 0);

    int count() {
        int count = bytes.limit() / OffsetIndex.ENTRY_BYTES;
        // No entry but the first can be all zeros, and none is added for the first batch.
        while (count > 0 && bytes.getLong((count - 1) * OffsetIndex.ENTRY_BYTES) == 0) {
            count--;
        }
        return count;
    }

    long offset(int i) {
        return baseOffset + bytes.getInt(i * OffsetIndex.ENTRY_BYTES);
    }

    int position(int i) {
        return bytes.getInt(i * OffsetIndex.ENTRY_BYTES + Integer.BYTES);
    }

    /** What does not fit the segment; the next start makes a new index then. */
    List<Flaw> flaws(ByteBuffer segment) {
        List<Flaw> flaws = new ArrayList<>();
        BatchCursor cursor = new BatchCursor(segment, segment.limit());
        for (int i = 0; i < count(); i++) {
            if (!cursor.moveTo(position(i)) || cursor.batch().lastOffset() != offset(i)) {
                flaws.add(
                        new Flaw(
                                (long) i * OffsetIndex.ENTRY_BYTES,
                                false,
                                "no batch that ends with offset %d stands at position %d of the segment; look-ups go without the entry"
                                        .formatted(offset(i), position(i))));
            }
        }
        return flaws;
    }
}
