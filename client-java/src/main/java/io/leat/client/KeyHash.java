package io.leat.client;

/**
 * MurmurHash2 with the seed that Apache Kafka's producer uses: a key goes to the same partition
 * whichever client sends it.
 */
final class KeyHash {
    private static final int SEED = 0x9747b28c;
    private static final int MULTIPLIER = 0x5bd1e995;
    private static final int SHIFT = 24;

    private KeyHash() {}

    /** The partition of a key. */
    static int partition(byte[] key, int partitionCount) {
        return (murmur2(key) & Integer.MAX_VALUE) % partitionCount;
    }

    static int murmur2(byte[] bytes) {
        int hash = SEED ^ bytes.length;
        int at = 0;
        for (; bytes.length - at >= Integer.BYTES; at += Integer.BYTES) {
            int word =
                    (bytes[at] & 0xff)
                            | ((bytes[at + 1] & 0xff) << 8)
                            | ((bytes[at + 2] & 0xff) << 16)
                            | (bytes[at + 3] << 24);
            word *= MULTIPLIER;
            word ^= word >>> SHIFT;
            hash = (hash * MULTIPLIER) ^ (word * MULTIPLIER);
        }
        if (at < bytes.length) {
            for (int rest = bytes.length - 1; rest >= at; rest--) {
                hash ^= (bytes[rest] & 0xff) << (8 * (rest - at));
            }
            hash *= MULTIPLIER;
        }
        hash ^= hash >>> 13;
        hash *= MULTIPLIER;
        return hash ^ (hash >>> 15);
    }
}
