package io.leat.compaction.segment;

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
import java.util.function.Predicate;

/**
 * Reads segments from their first byte to the last, and leaves out nothing: a byte that is not part
 * of a sound batch ends the reading, since nobody can say what it was. One thread.
 */
public final class SegmentReading {
    /** No bound: each batch was held to one when it was produced. */
    public static final int INFLATED_BYTES_MAX = Integer.MAX_VALUE - 8;

    private final LogId id;
    private final SealedSegments sealed;
    private final Supervisor supervisor;
    private final RecordBatch batch = new RecordBatch();

    public SegmentReading(LogId id, SealedSegments sealed, Supervisor supervisor) {
        this.id = id;
        this.sealed = sealed;
        this.supervisor = supervisor;
    }

    /** Takes a batch whose checksum fits; the view is good for the time of the call. */
    @FunctionalInterface
    public interface BatchStep {
        void take(RecordBatch batch);
    }

    /** Takes a record; the view is good for the time of the call. */
    @FunctionalInterface
    public interface RecordStep {
        void take(RecordScan record);
    }

    /**
     * Goes through all batches.
     *
     * @throws StorageException when the segment is damaged, cannot be read or is no longer there,
     *     or the work shall stop
     */
    public void batches(SealedSegment segment, BatchStep step) {
        try (LogSlice slice = sealed.read(segment)) {
            batches(segment, slice.bytes(), step);
        }
    }

    /** Goes through all batches of the segment, which are these bytes. */
    void batches(SealedSegment segment, ByteBuffer bytes, BatchStep step) {
        boolean whole =
                goThrough(
                        segment,
                        bytes,
                        one -> {
                            step.take(one);
                            return true;
                        });
        assert whole;
    }

    /**
     * Goes through the batches as long as the step says so.
     *
     * @return whether it said so of all
     * @throws StorageException as {@link #batches}
     */
    public boolean whileTrue(SealedSegment segment, Predicate<RecordBatch> step) {
        try (LogSlice slice = sealed.read(segment)) {
            return goThrough(segment, slice.bytes(), step);
        }
    }

    private boolean goThrough(
            SealedSegment segment, ByteBuffer bytes, Predicate<RecordBatch> step) {
        int at = bytes.position();
        try {
            while (at < bytes.limit()) {
                if (supervisor.stopped()) {
                    throw new StorageException("work on " + id + " was stopped");
                }
                batch.wrap(bytes, at);
                if (BatchCheck.ofStored(batch) instanceof BatchCheck.Failed failed) {
                    throw damaged(segment, at, failed.message());
                }
                int sizeBytes = batch.sizeBytes();
                supervisor.read(sizeBytes);
                if (!step.test(batch)) {
                    return false;
                }
                at += sizeBytes;
            }
            return true;
        } catch (InvalidBatchException e) {
            throw damaged(segment, at, String.valueOf(e.getMessage()));
        }
    }

    /** Goes through all records that producers wrote; not through the broker's own markers. */
    public void records(SealedSegment segment, RecordStep step) {
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

    /** Whether there are records of a producer in a batch. */
    public static boolean hasRecords(RecordBatch batch) {
        return !batch.isControl() && batch.recordCount() > 0;
    }

    private StorageException damaged(SealedSegment segment, int position, String why) {
        return new StorageException(
                "segment %d of %s is damaged at byte %d, nobody knows what was there: %s"
                        .formatted(segment.baseOffset(), id, position, why));
    }
}
