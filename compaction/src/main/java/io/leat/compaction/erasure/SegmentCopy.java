package io.leat.compaction.erasure;

import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.SealedSegments.Rewrite;
import io.leat.wire.record.BatchSieve;
import io.leat.wire.record.RecordBatch;
import java.nio.ByteBuffer;

/**
 * Copies a segment without some of its records. Batches that keep all of theirs are copied byte for
 * byte, many at once. One that loses all of its records stays as an empty one where it tells a
 * producer's sequence, or where its segment ends. One thread, one copy.
 */
final class SegmentCopy {
    private static final int RUN_BYTES_MAX = 8 << 20;

    private final SealedSegment segment;
    private final ByteBuffer bytes;
    private final Rewrite target;
    private final BatchSieve.Keep keep;
    private final BatchSieve sieve = new BatchSieve(SegmentReading.INFLATED_BYTES_MAX);
    private long dropped;

    // The batches from here to there stay as they are, and are not yet written.
    private int runStart;
    private int runEnd;

    private SegmentCopy(
            SealedSegment segment, ByteBuffer bytes, Rewrite target, BatchSieve.Keep keep) {
        this.segment = segment;
        this.bytes = bytes;
        this.target = target;
        this.keep = keep;
        runStart = bytes.position();
        runEnd = runStart;
    }

    /**
     * Copies all batches of a segment.
     *
     * @param bytes all of the segment, position to limit
     * @return how many records were left out
     * @throws io.leat.storage.api.StorageException as reading and writing do
     */
    static long copy(
            SegmentReading reading,
            SealedSegment segment,
            ByteBuffer bytes,
            Rewrite target,
            BatchSieve.Keep keep) {
        SegmentCopy copy = new SegmentCopy(segment, bytes, target, keep);
        reading.batches(segment, bytes, copy::take);
        copy.writeRun();
        return copy.dropped;
    }

    private void take(RecordBatch batch) {
        int end = batch.position() + batch.sizeBytes();
        if (SegmentReading.hasRecords(batch)) {
            sieve.sift(batch, keep);
            if (sieve.droppedCount() > 0) {
                writeRun();
                writeChanged(batch);
                dropped += sieve.droppedCount();
                runStart = end;
            }
        }
        runEnd = end;
        if (runEnd - runStart >= RUN_BYTES_MAX) {
            writeRun();
        }
    }

    private void writeChanged(RecordBatch batch) {
        boolean last = batch.nextOffset() >= segment.endOffset();
        if (sieve.keptCount() > 0) {
            target.append(sieve.kept());
        } else if (batch.hasProducer() || last) {
            target.append(sieve.emptied(batch));
        }
    }

    private void writeRun() {
        if (runEnd > runStart) {
            target.append(bytes.slice(runStart, runEnd - runStart));
        }
        runStart = runEnd;
    }
}
