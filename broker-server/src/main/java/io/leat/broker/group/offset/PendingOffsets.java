package io.leat.broker.group.offset;

import io.leat.broker.coordinator.HeapBytes;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * Offsets that count once the transaction they were sent in is committed, by producer id.
 * Immutable.
 */
public final class PendingOffsets {
    public static final PendingOffsets NONE = new PendingOffsets(Map.of());

    private final Map<Long, Offsets> producers;

    private PendingOffsets(Map<Long, Offsets> producers) {
        this.producers = producers;
    }

    /** How much heap they take, roughly. */
    public long heapBytes() {
        long bytes = 0;
        for (Offsets offsets : producers.values()) {
            bytes += HeapBytes.ENTRY + offsets.heapBytes();
        }
        return bytes;
    }

    public boolean isEmpty() {
        return producers.isEmpty();
    }

    public Offsets of(long producerId) {
        return producers.getOrDefault(producerId, Offsets.NONE);
    }

    /** The same with other offsets of a producer. */
    public PendingOffsets with(long producerId, Offsets offsets) {
        Map<Long, Offsets> changed = new HashMap<>(producers);
        if (offsets.isEmpty()) {
            changed.remove(producerId);
        } else {
            changed.put(producerId, offsets);
        }
        return changed.isEmpty() ? NONE : new PendingOffsets(changed);
    }

    /** Whether a transaction that may still be committed has an offset in the partition. */
    public boolean contains(UUID topicId, int partition) {
        for (Offsets offsets : producers.values()) {
            if (offsets.get(topicId, partition).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is an offset in the topic. */
    public boolean contains(UUID topicId) {
        return producers.values().stream().anyMatch(offsets -> offsets.contains(topicId));
    }

    public void forEach(BiConsumer<Long, Offsets> visitor) {
        producers.forEach(visitor);
    }
}
