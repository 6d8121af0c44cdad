package io.leat.compaction.erasure;

import io.leat.wire.record.RecordScan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where in a log each of some keys was written last, and so what must be done for a tombstone to
 * stay behind:
 *
 * <pre>
 *   last record below the boundary   record behind it   what is done
 *   none                             whatever           nothing
 *   a value                          none               a tombstone is appended
 *   a tombstone                      none               that tombstone is kept
 *   any                              a value            nothing: consumers hear of the new value
 *   any                              a tombstone        nothing: it is there, perhaps appended
 *                                                       before a crash
 * </pre>
 *
 * One thread.
 */
final class KeySurvey {
    static final long NONE = -1;

    private final KeyMatcher keys;
    private final long boundary;
    private final long[] lastBelow;
    private final long[] lastBehind;
    private final boolean[] valueBelow;
    private final boolean[] valueBehind;
    private final byte[][] lastKey;

    KeySurvey(KeyMatcher keys, long boundary) {
        this.keys = keys;
        this.boundary = boundary;
        lastBelow = new long[keys.size()];
        lastBehind = new long[keys.size()];
        Arrays.fill(lastBelow, NONE);
        Arrays.fill(lastBehind, NONE);
        valueBelow = new boolean[keys.size()];
        valueBehind = new boolean[keys.size()];
        lastKey = new byte[keys.size()][];
    }

    /** Looks at a record. The same one may come twice. */
    void take(RecordScan record) {
        int key = keys.match(record);
        if (key == KeyMatcher.NO_MATCH) {
            return;
        }
        long offset = record.offset();
        if (offset >= boundary && offset >= lastBehind[key]) {
            lastBehind[key] = offset;
            valueBehind[key] = record.hasValue();
        } else if (offset < boundary && offset >= lastBelow[key]) {
            lastBelow[key] = offset;
            valueBelow[key] = record.hasValue();
            byte[] bytes = new byte[record.keySizeBytes()];
            record.keyBuffer().get(record.keyPosition(), bytes);
            lastKey[key] = bytes;
        }
    }

    /** The keys that need a tombstone. */
    List<byte[]> missingTombstones() {
        List<byte[]> missing = new ArrayList<>();
        for (int key = 0; key < lastBelow.length; key++) {
            if (lastBelow[key] != NONE && valueBelow[key] && lastBehind[key] == NONE) {
                missing.add(lastKey[key]);
            }
        }
        return missing;
    }

    /** For each key the offset of the tombstone below the boundary that stays, or {@link #NONE}. */
    long[] keptTombstones() {
        long[] kept = new long[lastBelow.length];
        for (int key = 0; key < kept.length; key++) {
            boolean keeps = !valueBelow[key] && lastBehind[key] == NONE;
            kept[key] = keeps ? lastBelow[key] : NONE;
        }
        return kept;
    }

    /** How many keys have a tombstone as their last record once the missing ones are appended. */
    int tombstones() {
        int count = 0;
        for (int key = 0; key < lastBelow.length; key++) {
            boolean written = lastBelow[key] != NONE;
            count += written && (lastBehind[key] == NONE || !valueBehind[key]) ? 1 : 0;
        }
        return count;
    }
}
