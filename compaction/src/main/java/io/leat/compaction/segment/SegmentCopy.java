package io.leat.compaction.segment;

import io.leat.compaction.segment.BatchFilter.Fate;
import io.leat.storage.api.LogSlice;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.SealedSegments;
import io.leat.storage.api.SealedSegments.Rewrite;
import io.leat.storage.api.StorageException;
import io.leat.wire.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Copies segments into what is to take their place, through a filter. Batches that stay are copied
 * byte for byte, many at once. One thread.
 */
public final class SegmentCopy {
    private static final int RUN_BYTES_MAX = 8 << 20;

    private final SealedSegments sealed;
    private final SegmentReading reading;
    private final Supervisor supervisor;

    public SegmentCopy(SealedSegments sealed, SegmentReading reading, Supervisor supervisor) {
        this.sealed = sealed;
        this.reading = reading;
        this.supervisor = supervisor;
    }

    /**
     * Copies all batches of some neighbouring segments.
     *
     * @param segments those that the target is to replace
     * @throws StorageException as reading and writing do
     */
    public void copy(List<SealedSegment> segments, Rewrite target, BatchFilter filter) {
        long endOffset = segments.getLast().endOffset();
        for (SealedSegment segment : segments) {
            try (LogSlice slice = sealed.read(segment)) {
                Run run = new Run(slice.bytes(), target);
                reading.batches(
                        segment,
                        run.bytes,
                        batch -> run.take(batch, filter.filter(batch, isLast(batch, endOffset))));
                run.write();
            }
        }
    }

    /**
     * Whether a filter would change anything of a segment. Reads on only until that is known.
     *
     * @throws StorageException as reading does
     */
    public boolean changes(SealedSegment segment, BatchFilter filter) {
        return !reading.whileTrue(
                segment,
                batch ->
                        filter.filter(batch, isLast(batch, segment.endOffset()))
                                instanceof Fate.Stays);
    }

    private static boolean isLast(RecordBatch batch, long endOffset) {
        return batch.nextOffset() >= endOffset;
    }

    /** Batches that stay as they are, and are not yet written. */
    private final class Run {
        private final ByteBuffer bytes;
        private final Rewrite target;
        private int start;
        private int end;

        Run(ByteBuffer bytes, Rewrite target) {
            this.bytes = bytes;
            this.target = target;
            start = bytes.position();
            end = start;
        }

        void take(RecordBatch batch, Fate fate) {
            int behind = batch.position() + batch.sizeBytes();
            switch (fate) {
                case Fate.Stays _ -> {}
                case Fate.Goes _ -> skipTo(behind);
                case Fate.Becomes(ByteBuffer other) -> {
                    skipTo(behind);
                    append(other);
                }
            }
            end = behind;
            if (end - start >= RUN_BYTES_MAX) {
                write();
            }
        }

        private void skipTo(int behind) {
            write();
            start = behind;
        }

        void write() {
            if (end > start) {
                append(bytes.slice(start, end - start));
            }
            start = end;
        }

        private void append(ByteBuffer batches) {
            target.append(batches);
            supervisor.written(batches.remaining());
        }
    }
}
