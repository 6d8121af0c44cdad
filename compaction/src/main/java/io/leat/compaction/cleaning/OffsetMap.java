package io.leat.compaction.cleaning;

import io.leat.compaction.segment.KeyDigest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The last offset of each key, in memory outside the heap whose size is fixed. Keys are told apart
 * by 16 bytes of their hash. One thread.
 *
 * <pre>
 * slot, 24 bytes: int64 hash | int64 more of the hash | int64 offset + 1, 0 where it is free
 * </pre>
 *
 * <p>Open addressing, from the slot that the hash's first word points at, to the next free one.
 */
final class OffsetMap implements AutoCloseable {
    static final int SLOT_BYTES = 24;
    static final long NONE = -1;

    private static final long SECOND = 8;
    private static final long OFFSET = 16;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment slots;
    private final long slotCount;
    private final long sizeMax;
    private long size;

    private OffsetMap(long slotCount, double loadFactor) {
        this.slotCount = slotCount;
        this.sizeMax = Math.max(1, (long) (slotCount * loadFactor));
        this.slots = arena.allocate(slotCount * SLOT_BYTES, Long.BYTES);
    }

    /**
     * A map.
     *
     * @param keys for how many keys
     * @param bytesMax how large it may be, at the most; then it is for fewer keys
     * @param loadFactor how full it may become: more keys in the same space, found more slowly;
     *     more than 0, less than 1
     */
    static OffsetMap of(long keys, long bytesMax, double loadFactor) {
        if (!(loadFactor > 0 && loadFactor < 1)) {
            throw new IllegalArgumentException("not a load factor: " + loadFactor);
        }
        double wanted = Math.ceil(keys / loadFactor) + 1;
        long slotsMax = bytesMax / SLOT_BYTES;
        long slots = wanted < slotsMax ? (long) wanted : slotsMax;
        return new OffsetMap(Math.max(slots, 2), loadFactor);
    }

    /** How many keys it holds. */
    long size() {
        return size;
    }

    /**
     * Remembers an offset of a key: the largest counts.
     *
     * @return false where the map is full, and does not know the key
     */
    boolean put(KeyDigest key, long offset) {
        long first = key.word(0);
        long second = key.word(1);
        long at = find(first, second);
        long known = slots.get(ValueLayout.JAVA_LONG, at + OFFSET);
        if (known == 0) {
            if (size == sizeMax) {
                return false;
            }
            slots.set(ValueLayout.JAVA_LONG, at, first);
            slots.set(ValueLayout.JAVA_LONG, at + SECOND, second);
            size++;
        }
        if (offset >= known) {
            slots.set(ValueLayout.JAVA_LONG, at + OFFSET, offset + 1);
        }
        return true;
    }

    /** The last offset of a key, or {@link #NONE}. */
    long get(KeyDigest key) {
        return slots.get(ValueLayout.JAVA_LONG, find(key.word(0), key.word(1)) + OFFSET) - 1;
    }

    /** Where the key's slot is, or the free one that it would get; there always is one. */
    private long find(long first, long second) {
        // Spreads the hashes over the slots evenly, whatever their number.
        long slot = Math.unsignedMultiplyHigh(first, slotCount);
        while (true) {
            long at = slot * SLOT_BYTES;
            if (slots.get(ValueLayout.JAVA_LONG, at + OFFSET) == 0
                    || (slots.get(ValueLayout.JAVA_LONG, at) == first
                            && slots.get(ValueLayout.JAVA_LONG, at + SECOND) == second)) {
                return at;
            }
            slot = slot + 1 == slotCount ? 0 : slot + 1;
        }
    }

    /** Frees the memory. */
    @Override
    public void close() {
        arena.close();
    }
}
