package io.leat.broker.delay;

import io.leat.wire.record.RecordBatch;

/** What tells a batch of an idempotent producer from all others in its partition. */
record Sequence(long producerId, short epoch, int first) {
    static Sequence of(RecordBatch batch) {
        return new Sequence(batch.producerId(), batch.producerEpoch(), batch.baseSequence());
    }

    /** Whether there is a producer at all: without one, nothing tells a batch. */
    boolean known() {
        return producerId >= 0;
    }
}
