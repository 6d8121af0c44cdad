package io.leat.storage.local;

import io.leat.storage.api.StoredFile.Flaw;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries in a time index's bytes; zeros behind them are room for more.
 *
 * @param bytes the file's
 * @param baseOffset the segment's
 */
record TimeEntries(ByteBuffer bytes, long baseOffset) {
    int count() {
        int count = bytes.limit() / TimeIndex.ENTRY_BYTES;
        while (count > 0 && timestampMillis(count - 1) == 0 && offset(count - 1) == baseOffset) {
            count--;
        }
        return count;
    }

    long timestampMillis(int i) {
        return bytes.getLong(i * TimeIndex.ENTRY_BYTES);
    }

    long offset(int i) {
        return baseOffset + bytes.getInt(i * TimeIndex.ENTRY_BYTES + Long.BYTES);
    }

    /** What makes no sense; look-ups go without it. */
    List<Flaw> flaws() {
        List<Flaw> flaws = new ArrayList<>();
        for (int i = 1; i < count(); i++) {
            if (timestampMillis(i) < timestampMillis(i - 1) || offset(i) < offset(i - 1)) {
                flaws.add(
                        new Flaw(
                                (long) i * TimeIndex.ENTRY_BYTES,
                                false,
                                "timestamps or offsets go back; look-ups go without the entry"));
            }
        }
        return flaws;
    }
}
