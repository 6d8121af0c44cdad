package io.leat.compaction.erasure;

import io.leat.compaction.segment.KeyDigest;
import io.leat.wire.record.RecordScan;
import java.util.Collection;
import java.util.List;

/** Finds records of some keys by the hash of theirs. Allocates nothing per record. One thread. */
final class KeyMatcher {
    static final int NO_MATCH = -1;

    private final List<KeyHash> sorted;
    private final KeyDigest digest = new KeyDigest();

    KeyMatcher(Collection<KeyHash> keys) {
        this.sorted = keys.stream().sorted().distinct().toList();
    }

    /** How many keys there are. */
    int size() {
        return sorted.size();
    }

    /** Which of the keys the record has, from 0, or {@link #NO_MATCH}. */
    int match(RecordScan record) {
        if (!record.hasKey()) {
            return NO_MATCH;
        }
        digest.take(record);
        return find();
    }

    private int find() {
        int low = 0;
        int high = sorted.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(sorted.get(middle));
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return NO_MATCH;
    }

    private int compare(KeyHash key) {
        int order = Long.compareUnsigned(key.first(), digest.word(0));
        order = order != 0 ? order : Long.compareUnsigned(key.second(), digest.word(1));
        order = order != 0 ? order : Long.compareUnsigned(key.third(), digest.word(2));
        return order != 0 ? order : Long.compareUnsigned(key.fourth(), digest.word(3));
    }
}
