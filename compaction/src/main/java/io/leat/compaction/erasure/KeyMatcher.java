package io.leat.compaction.erasure;

import io.leat.wire.record.RecordScan;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.List;

/** Finds records of some keys by the hash of theirs. Allocates nothing per record. One thread. */
final class KeyMatcher {
    static final int NO_MATCH = -1;

    private final List<KeyHash> sorted;
    private final MessageDigest digest = KeyHash.sha256();
    private final byte[] hash = new byte[KeyHash.BYTES];
    private final ByteBuffer hashed = ByteBuffer.wrap(hash);
    private ByteBuffer viewed = ByteBuffer.allocate(0);
    private ByteBuffer view = viewed;

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
        digest(record);
        return find();
    }

    @SuppressWarnings("ReferenceEquality") // Equal content is not enough: it must be that buffer.
    private void digest(RecordScan record) {
        ByteBuffer window = record.keyBuffer();
        if (window != viewed) {
            viewed = window;
            view = window.duplicate();
        }
        int end = record.keyPosition() + record.keySizeBytes();
        view.limit(end).position(record.keyPosition());
        digest.update(view);
        try {
            int size = digest.digest(hash, 0, hash.length);
            assert size == hash.length;
        } catch (DigestException e) {
            throw new IllegalStateException("a SHA-256 has " + hash.length + " bytes", e);
        }
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
        int order = Long.compareUnsigned(key.first(), hashed.getLong(0));
        order = order != 0 ? order : Long.compareUnsigned(key.second(), hashed.getLong(8));
        order = order != 0 ? order : Long.compareUnsigned(key.third(), hashed.getLong(16));
        return order != 0 ? order : Long.compareUnsigned(key.fourth(), hashed.getLong(24));
    }
}
