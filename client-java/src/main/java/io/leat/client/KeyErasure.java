package io.leat.client;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Keys whose records are to be erased from a topic, see {@link Admin#eraseKeys}.
 *
 * @param topic where
 * @param keys the keys as they are in the records, at least one and at most {@value #KEYS_MAX}
 * @param leaveTombstones whether a tombstone of each key that had a value stays behind the records
 *     that go: for consumers that keep the latest value of each key and must hear that it is gone.
 *     A tombstone holds the key, so without need there should be none
 */
public record KeyErasure(String topic, List<byte[]> keys, boolean leaveTombstones) {
    /** How many keys go in one erasure. */
    public static final int KEYS_MAX = 1_000;

    public KeyErasure {
        Objects.requireNonNull(topic, "topic");
        keys = List.copyOf(keys);
        Check.between("keys", 1, KEYS_MAX, keys.size());
    }

    /** Erases one key, and leaves no tombstone. */
    public static KeyErasure of(String topic, byte[] key) {
        return new KeyErasure(topic, List.of(key), false);
    }

    /** Erases keys, and leaves no tombstones. */
    public static KeyErasure of(String topic, Collection<byte[]> keys) {
        return new KeyErasure(topic, List.copyOf(keys), false);
    }

    /** The same, with a tombstone of each key that had a value. */
    public KeyErasure leavingTombstones() {
        return new KeyErasure(topic, keys, true);
    }

    /** Without the keys: they are what nobody is to read any more. */
    @Override
    public String toString() {
        return keys.size()
                + (keys.size() == 1 ? " key of " : " keys of ")
                + Requests.subject(topic)
                + (leaveTombstones ? ", leaving tombstones" : "");
    }
}
