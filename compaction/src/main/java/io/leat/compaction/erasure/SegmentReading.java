package io.leat.compaction.erasure;

import io.leat.storage.api.LogId;
import io.leat.storage.api.LogSlice;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.SealedSegments;
import io.leat.storage.api.StorageException;
import io.leat.wire.record.BatchCheck;
import io.leat.wire.record.InvalidBatchException;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordScan;
import java.nio.ByteBuffer;

/**
 * Reads segments from their first byte to the last, and leaves out nothing: a byte that is not part
 * of a sound batch ends the reading, since nobody can say what it was. One thread.
 */
final class SegmentReading {
    /** No bound: each batch was held to one when it was produced. */
    static final int INFLATED_BYTES_MAX = Integer.MAX_VALUE - 8;

    private final LogId id;
    private final SealedSegments sealed;
    private final ErasureJournal journal;
    private final RecordBatch batch = new RecordBatch();

    SegmentReading(LogId id, SealedSegments sealed, ErasureJournal journal) {
        this.id = id;
        this.sealed = sealed;
        this.journal = journal;
    }

    /** Takes a batch whose checksum fits; the view is good for the time of the call. */
    @FunctionalInterface
    interface BatchStep {
        void take(RecordBatch batch);
    }

    /** Takes a record; the view is good for the time of the call. */
    @FunctionalInterface
    interface RecordStep {
        void take(RecordScan record);
    }

    /**
     * Goes through all batches.
     *
     * @throws StorageException when the segment is damaged, cannot be read or is no longer there,
     *     or the erasure shall stop
     */
    void batches(SealedSegment segment, BatchStep step) {
        try (LogSlice slice = sealed.read(segment)) {
            batches(segment, slice.bytes(), step);
        }
    }

    /** Goes through all batches of the segment, which are these bytes. */
    void batches(SealedSegment segment, ByteBuffer bytes, BatchStep step) {
        int at = bytes.position();
        try {
            while (at < bytes.limit()) {
                if (journal.stopped()) {
                    throw new StorageException("the erasure in " + id + " was stopped");
                }
                batch.wrap(bytes, at);
                if (BatchCheck.ofStored(batch) instanceof BatchCheck.Failed failed) {
                    throw damaged(segment, at, failed.message());
                }
                int sizeBytes = batch.sizeBytes();
                step.take(batch);
                at += sizeBytes;
                journal.read(sizeBytes);
            }
        } catch (InvalidBatchException e) {
            throw damaged(segment, at, String.valueOf(e.getMessage()));
        }
    }

    /** Goes through all records that producers wrote; not through the broker's own markers. */
    void records(SealedSegment segment, RecordStep step) {
        batches(
                segment,
                one -> {
                    if (hasRecords(one)) {
                        try (RecordScan scan = new RecordScan(one, INFLATED_BYTES_MAX)) {
                            while (scan.hasNext()) {
                                scan.next();
                                step.take(scan);
                            }
                        }
                    }
                });
    }

    static boolean hasRecords(RecordBatch batch) {
        return !batch.isControl() && batch.recordCount() > 0;
    }

    private StorageException damaged(SealedSegment segment, int position, String why) {
        return new StorageException(
                "segment %d of %s is damaged at byte %d, and the keys may be in there: %s"
                        .formatted(segment.baseOffset(), id, position, why));
    }
}
