package io.leat.broker.delay;

import io.leat.wire.message.ProduceResponse.BatchIndexAndErrorMessage;
import io.leat.wire.record.BatchSieve;
import io.leat.wire.record.Record;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What is to be delivered later of a batch, and what is left of it. */
sealed interface BatchSplit {
    /** Nothing is to be delivered later. */
    enum Whole implements BatchSplit {
        WHOLE
    }

    /**
     * A batch with delayed records.
     *
     * @param rest the batch without them, which may have no record left: offsets, producer and
     *     sequences are as they were
     */
    record Parts(ByteBuffer rest, List<Delayed> delayed, List<Hold.Cancel> cancels)
            implements BatchSplit {}

    /** A batch with records whose headers make no sense. */
    record Flawed(List<BatchIndexAndErrorMessage> records) implements BatchSplit {}

    /**
     * A delayed record.
     *
     * @param index which record of the batch it is
     * @param value its bytes as {@link DelayFormat} has them
     */
    // The bytes are handed to the store as they are, and never compared.
    @SuppressWarnings("ArrayRecordComponent")
    record Delayed(int index, Timing.Later timing, byte[] value) {}

    /** Splits a batch whose records were checked. */
    static BatchSplit of(
            RecordBatch batch, int inflatedBytesMax, long nowMillis, long horizonMillis) {
        List<Delayed> delayed = new ArrayList<>();
        List<Hold.Cancel> cancels = new ArrayList<>();
        List<BatchIndexAndErrorMessage> flaws = new ArrayList<>();
        BitSet taken = new BitSet();
        try (RecordReader records = new RecordReader(batch, inflatedBytesMax)) {
            for (int index = 0; records.hasNext(); index++) {
                Record record = records.next();
                switch (Timing.of(record, nowMillis, horizonMillis)) {
                    case Timing.Now now -> {}
                    case Timing.Later later -> {
                        Pending pending =
                                new Pending(
                                        batch.compression(), nowMillis, later.cancelKey(), record);
                        delayed.add(new Delayed(index, later, DelayFormat.value(pending)));
                        taken.set(index);
                    }
                    case Timing.Cancel cancel -> {
                        cancels.add(new Hold.Cancel(cancel.key(), delayed.size()));
                        taken.set(index);
                    }
                    case Timing.Flaw flaw ->
                            flaws.add(new BatchIndexAndErrorMessage(index, flaw.message()));
                }
            }
        }
        if (!flaws.isEmpty()) {
            return new Flawed(flaws);
        }
        return taken.isEmpty()
                ? Whole.WHOLE
                : new Parts(without(batch, taken, inflatedBytesMax), delayed, cancels);
    }

    private static ByteBuffer without(RecordBatch batch, BitSet taken, int inflatedBytesMax) {
        BatchSieve sieve = new BatchSieve(inflatedBytesMax);
        if (taken.cardinality() == batch.recordCount()) {
            return sieve.emptied(batch);
        }
        int[] index = {0};
        sieve.sift(batch, record -> !taken.get(index[0]++));
        return sieve.kept();
    }
}
