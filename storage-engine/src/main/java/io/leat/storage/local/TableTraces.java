package io.leat.storage.local;

import io.leat.storage.api.ProducerTraces;
import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;

/** The traces of the producers in a {@link ProducerTable}: kept small, there may be a million. */
final class TableTraces implements ProducerTraces {
    private static final long NONE = Long.MIN_VALUE;

    private final Long2LongHashMap epochs = new Long2LongHashMap(NONE);
    private long[] lastOffsets;
    private int count;

    /** The traces of so many producers, to be added. */
    TableTraces(int producers) {
        lastOffsets = new long[producers];
    }

    void add(Producer producer) {
        if (producer.batchCount() == 0) {
            epochs.put(producer.id(), producer.epoch());
        }
        for (int i = 0; i < producer.batchCount(); i++) {
            if (count == lastOffsets.length) {
                lastOffsets = Arrays.copyOf(lastOffsets, Math.max(16, count + (count >> 1)));
            }
            lastOffsets[count++] = producer.lastOffset(i);
        }
    }

    /** All were added. */
    TableTraces sorted() {
        lastOffsets = Arrays.copyOf(lastOffsets, count);
        Arrays.sort(lastOffsets);
        return this;
    }

    @Override
    public boolean batch(long lastOffset) {
        return Arrays.binarySearch(lastOffsets, lastOffset) >= 0;
    }

    @Override
    public boolean marker(long producerId, short producerEpoch) {
        return epochs.get(producerId) == producerEpoch;
    }
}
