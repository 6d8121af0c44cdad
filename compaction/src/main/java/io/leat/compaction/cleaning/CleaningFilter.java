package io.leat.compaction.cleaning;

import io.leat.compaction.segment.BatchFilter;
import io.leat.compaction.segment.KeyDigest;
import io.leat.compaction.segment.SegmentReading;
import io.leat.storage.api.ProducerTraces;
import io.leat.wire.record.BatchSieve;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordScan;

/**
 * Decides what compaction leaves of each batch, from the start of a log on. One thread.
 *
 * @see io.leat.compaction.cleaning the rules
 */
final class CleaningFilter implements BatchFilter {
    private final Pass pass;
    private final TransactionTrail trail;
    private final Removed removed;
    private final KeyDigest digest = new KeyDigest();
    private final BatchSieve sieve = new BatchSieve(SegmentReading.INFLATED_BYTES_MAX);
    private boolean tombstonesGo;

    /**
     * What a pass goes by.
     *
     * @param map the last offset of each key of the dirty part
     * @param coveredEnd where the map ends: what is behind stays as it is
     * @param traces of the producers
     * @param nowMillis horizons up to here have passed
     * @param horizonMillis the horizon that tombstones and markers get now
     */
    record Pass(
            OffsetMap map,
            long coveredEnd,
            ProducerTraces traces,
            long nowMillis,
            long horizonMillis) {}

    /** Counts what went, and remembers when more will. */
    static final class Removed {
        long records;
        long tombstones;
        long keyless;
        long nextHorizonMillis = CleanPoint.NEVER;

        void add(Removed other) {
            records += other.records;
            tombstones += other.tombstones;
            keyless += other.keyless;
            nextHorizonMillis = Math.min(nextHorizonMillis, other.nextHorizonMillis);
        }
    }

    CleaningFilter(Pass pass, TransactionTrail trail, Removed removed) {
        this.pass = pass;
        this.trail = trail;
        this.removed = removed;
    }

    @Override
    public Fate filter(RecordBatch batch, boolean last) {
        boolean covered = batch.nextOffset() <= pass.coveredEnd();
        if (batch.isControl()) {
            boolean needless = trail.passMarker(batch);
            return needless && covered ? needlessMarker(batch, last) : Fate.Stays.STAYS;
        }
        boolean aborted = trail.passData(batch);
        boolean known = batch.hasProducer() && pass.traces().batch(batch.lastOffset());
        boolean keepsHeader = last || known;
        if (batch.recordCount() == 0) {
            return keepsHeader ? Fate.Stays.STAYS : Fate.Goes.GOES;
        }
        if (aborted && covered) {
            removed.records += batch.recordCount();
            return emptied(batch, keepsHeader);
        }
        return batch.baseOffset() >= pass.coveredEnd()
                ? Fate.Stays.STAYS
                : sifted(batch, covered, keepsHeader);
    }

    private Fate sifted(RecordBatch batch, boolean covered, boolean keepsHeader) {
        tombstonesGo = batch.hasDeleteHorizon() && batch.baseTimestampMillis() <= pass.nowMillis();
        sieve.sift(batch, this::keeps);
        removed.records += sieve.droppedCount();
        if (sieve.keptCount() == 0) {
            return emptied(batch, keepsHeader);
        }
        if (sieve.tombstoneKept() && covered) {
            long horizon =
                    batch.hasDeleteHorizon() ? batch.baseTimestampMillis() : pass.horizonMillis();
            removed.nextHorizonMillis = Math.min(removed.nextHorizonMillis, horizon);
            if (!batch.hasDeleteHorizon()) {
                return new Fate.Becomes(sieve.keptUntil(pass.horizonMillis()));
            }
        }
        return sieve.droppedCount() == 0 ? Fate.Stays.STAYS : new Fate.Becomes(sieve.kept());
    }

    private boolean keeps(RecordScan record) {
        if (record.offset() >= pass.coveredEnd()) {
            return true;
        }
        if (!record.hasKey()) {
            removed.keyless++;
            return false;
        }
        digest.take(record);
        if (record.offset() < pass.map().get(digest)) {
            return false;
        }
        if (!record.hasValue() && tombstonesGo) {
            removed.tombstones++;
            return false;
        }
        return true;
    }

    private Fate needlessMarker(RecordBatch batch, boolean last) {
        boolean keepsHeader =
                last || pass.traces().marker(batch.producerId(), batch.producerEpoch());
        if (batch.recordCount() == 0) {
            return keepsHeader ? Fate.Stays.STAYS : Fate.Goes.GOES;
        }
        if (!batch.hasDeleteHorizon()) {
            sieve.sift(batch, record -> true);
            return new Fate.Becomes(sieve.keptUntil(pass.horizonMillis()));
        }
        return batch.baseTimestampMillis() <= pass.nowMillis()
                ? emptied(batch, keepsHeader)
                : Fate.Stays.STAYS;
    }

    private Fate emptied(RecordBatch batch, boolean keepsHeader) {
        return keepsHeader ? new Fate.Becomes(sieve.emptied(batch)) : Fate.Goes.GOES;
    }
}
