package io.leat.storage.local;

import io.leat.wire.record.RecordBatch;
import org.agrona.collections.Long2LongHashMap;

/**
 * The idempotent producers whose batches wait to be written, each with what has to follow: so that
 * the batches which a producer sent one after the other are written together, though the {@link
 * ProducerTable} does not know of any before all are in the file.
 *
 * <p>Used by the log's lane only.
 */
final class StagedProducers {
    private static final long NONE = -1;
    // Follows no batch: an epoch is its high half, and none is below zero.
    private static final long NOTHING = -2;

    private final Long2LongHashMap follows = new Long2LongHashMap(NONE);

    /** Whether something of the batch's producer is staged. */
    boolean knows(RecordBatch batch) {
        return batch.hasProducer() && follows.get(batch.producerId()) != NONE;
    }

    /**
     * Whether the batch goes on exactly where the last one staged of its producer ends: then it is
     * to be appended, whatever else is known. Of all others only the table can tell.
     */
    boolean isNext(RecordBatch batch) {
        return !batch.isControl()
                && batch.baseSequence() >= 0
                && follows.get(batch.producerId())
                        == key(batch.producerEpoch(), batch.baseSequence());
    }

    /** The batch is staged. */
    void add(RecordBatch batch) {
        if (batch.hasProducer()) {
            int last = batch.lastSequence();
            boolean followed = !batch.isControl() && last >= 0 && batch.producerEpoch() >= 0;
            follows.put(
                    batch.producerId(),
                    followed
                            ? key(batch.producerEpoch(), (last + 1) & Integer.MAX_VALUE)
                            : NOTHING);
        }
    }

    private static long key(short epoch, int sequence) {
        return ((long) epoch << Integer.SIZE) | sequence;
    }

    void clear() {
        if (!follows.isEmpty()) {
            follows.clear();
        }
    }
}
