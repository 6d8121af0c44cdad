package io.leat.compaction.erasure;

import io.leat.compaction.segment.BatchFilter;
import io.leat.compaction.segment.SegmentReading;
import io.leat.wire.record.BatchSieve;
import io.leat.wire.record.RecordBatch;

/**
 * Leaves records out, and all else as it is. A batch that loses all of its records stays as an
 * empty one where it tells a producer's sequence, or where its segment ends. One thread.
 */
final class ErasureFilter implements BatchFilter {
    private final BatchSieve.Keep keep;
    private final BatchSieve sieve = new BatchSieve(SegmentReading.INFLATED_BYTES_MAX);
    private long dropped;

    ErasureFilter(BatchSieve.Keep keep) {
        this.keep = keep;
    }

    /** How many records were left out. */
    long dropped() {
        return dropped;
    }

    @Override
    public Fate filter(RecordBatch batch, boolean last) {
        if (!SegmentReading.hasRecords(batch)) {
            return Fate.Stays.STAYS;
        }
        sieve.sift(batch, keep);
        dropped += sieve.droppedCount();
        if (sieve.droppedCount() == 0) {
            return Fate.Stays.STAYS;
        }
        if (sieve.keptCount() > 0) {
            return new Fate.Becomes(sieve.kept());
        }
        return batch.hasProducer() || last
                ? new Fate.Becomes(sieve.emptied(batch))
                : Fate.Goes.GOES;
    }
}
