package io.leat.storage.local;

import io.leat.storage.api.AbortedTransaction;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.TimedOffset;
import io.leat.wire.record.Record;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads of one view of a log, on the caller's thread, without locks. */
final class LogReader {
    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);

    /** Batches inflate record by record; this only bounds what a bomb may cost. */
    private static final int INFLATED_BYTES_MAX = 1 << 30;

    private final LogView view;

    LogReader(LogView view) {
        this.view = view;
    }

    /** As {@link io.leat.storage.api.PartitionLog#read}; the offset lies within the bounds. */
    ReadOutcome read(long offset, int maxBytes, boolean atLeastOneBatch, Isolation isolation)
            throws IOException {
        long end = view.bounds().readEnd(isolation);
        if (offset >= end) {
            return new ReadOutcome.Data(SegmentSlice.EMPTY, view.bounds());
        }
        List<Segment> segments = view.segments();
        int first = view.segmentOf(offset);
        for (int i = Math.max(first, 0); i < segments.size(); i++) {
            Segment segment = segments.get(i);
            int limit = view.durableBytes(segment);
            if (segment.baseOffset() >= end) {
                break;
            }
            if (limit == 0) {
                continue;
            }
            SegmentFiles files = segment.lease();
            boolean handedOver = false;
            try {
                if (files.bytes().capacity() < limit) {
                    return new ReadOutcome.Failed(segment + " is shorter than it was");
                }
                if (end < view.bounds().durableEnd()) {
                    limit = positionOf(files, limit, end);
                }
                BatchCursor cursor = new BatchCursor(files.bytes(), limit);
                if (seek(files, cursor, offset)) {
                    int sizeBytes = Math.min(maxBytes, limit - cursor.position());
                    int firstBytes = cursor.batch().sizeBytes();
                    if (sizeBytes < firstBytes) {
                        sizeBytes = atLeastOneBatch ? firstBytes : 0;
                    }
                    List<AbortedTransaction> aborted =
                            isolation == Isolation.READ_COMMITTED
                                    ? aborted(i, files, offset, cursor.position() + sizeBytes)
                                    : List.of();
                    handedOver = true;
                    return new ReadOutcome.Data(
                            new SegmentSlice(files, cursor.position(), sizeBytes),
                            view.bounds(),
                            aborted);
                }
                if (!cursor.atEnd()) {
                    return new ReadOutcome.Failed(damage(segment, cursor));
                }
            } finally {
                if (!handedOver) {
                    files.release();
                }
            }
        }
        return end < view.bounds().durableEnd()
                ? new ReadOutcome.Data(SegmentSlice.EMPTY, view.bounds())
                : new ReadOutcome.Failed("offset %d is missing".formatted(offset));
    }

    /** Where the first batch that ends at {@code offset} or behind stands, or would. */
    private static int positionOf(SegmentFiles files, int limit, long offset) {
        BatchCursor cursor = new BatchCursor(files.bytes(), limit);
        seek(files, cursor, offset);
        return cursor.position();
    }

    /**
     * The aborted transactions with records from an offset on up to a position.
     *
     * @param first the segment of both
     */
    private List<AbortedTransaction> aborted(
            int first, SegmentFiles files, long from, int endPosition) throws IOException {
        return aborted(first, from, offsetFrom(first, files, endPosition));
    }

    /** As {@link io.leat.storage.api.SealedSegments#aborted}. */
    List<AbortedTransaction> aborted(long from, long to) throws IOException {
        return aborted(Math.max(0, view.segmentOf(from)), from, to);
    }

    private List<AbortedTransaction> aborted(int first, long from, long to) throws IOException {
        long stable = Math.min(to, view.bounds().lastStable());
        List<AbortedTransaction> aborted = new ArrayList<>();
        boolean more = true;
        for (int i = first; more && i < view.segments().size(); i++) {
            more = abortedIn(i).collect(from, stable, aborted::add);
        }
        return aborted;
    }

    /** The aborted transactions of a segment, by its number in the view. */
    AbortedIndex abortedIn(int segment) throws IOException {
        Optional<AbortedIndex> index = view.segments().get(segment).aborted();
        return index.isPresent() ? index.get() : indexAborted(segment);
    }

    /** An offset behind all records before a position, and not far behind if an index knows one. */
    private long offsetFrom(int segment, SegmentFiles files, int position) {
        OffsetIndex index = files.offsets();
        int entry = index.lookupPosition(position);
        if (entry >= 0) {
            int limit = view.durableBytes(view.segments().get(segment));
            BatchCursor cursor = new BatchCursor(files.bytes(), limit);
            int at = index.position(entry);
            if (cursor.moveTo(at) && cursor.batch().lastOffset() == index.offset(entry)) {
                return index.offset(entry);
            }
        }
        boolean last = segment == view.segments().size() - 1;
        return last ? Long.MAX_VALUE : view.segments().get(segment + 1).baseOffset();
    }

    /**
     * Makes an index of aborted transactions anew. They may have begun in any segment before, so
     * all are read, headers only.
     */
    private AbortedIndex indexAborted(int segment) throws IOException {
        LOG.warn(
                "aborted transactions of {} are missing or damaged: reading the log for them",
                view.segments().get(segment));
        ProducerTable producers = new ProducerTable();
        AbortedIndex index = new AbortedIndex();
        for (int i = 0; i <= segment; i++) {
            Segment next = view.segments().get(i);
            SegmentFiles files = next.lease();
            try {
                index = new AbortedIndex();
                producers.replay(new BatchCursor(files.bytes(), view.durableBytes(next)), 0, index);
            } finally {
                files.release();
            }
        }
        Segment indexed = view.segments().get(segment);
        if (segment == view.segments().size() - 1) {
            indexed.aborted(index);
        } else {
            index.seal(producers.lastStable(view.segments().get(segment + 1).baseOffset()));
            indexed.keepAborted(index);
        }
        return index;
    }

    /**
     * Moves to the first batch that ends at {@code offset} or behind; false where there is none.
     */
    static boolean seek(SegmentFiles files, BatchCursor cursor, long offset) {
        OffsetIndex index = files.offsets();
        boolean more = false;
        int entry = index.lookup(offset, cursor.limit());
        if (entry >= 0) {
            more = cursor.moveTo(index.position(entry));
            // The index is a hint: go by it only where it names the batch that stands there.
            more = more && cursor.batch().lastOffset() == index.offset(entry);
        }
        if (!more) {
            more = cursor.moveTo(0);
        }
        while (more && cursor.batch().lastOffset() < offset) {
            more = cursor.next();
        }
        return more;
    }

    private static String damage(Segment segment, BatchCursor cursor) {
        return "%s is damaged at position %d".formatted(segment, cursor.position());
    }

    /** As {@link io.leat.storage.api.PartitionLog#offsetForTime}. */
    Optional<TimedOffset> offsetForTime(long timestampMillis) throws IOException {
        for (Segment segment : view.segments()) {
            int limit = view.durableBytes(segment);
            if (limit == 0) {
                continue;
            }
            SegmentFiles files = segment.lease();
            try {
                Optional<TimedOffset> found = inSegment(files, limit, timestampMillis);
                if (found.isPresent()) {
                    return found;
                }
            } finally {
                files.release();
            }
        }
        return Optional.empty();
    }

    private Optional<TimedOffset> inSegment(SegmentFiles files, int limit, long timestampMillis) {
        TimeIndex times = files.times();
        long logStart = view.bounds().logStart();
        BatchCursor cursor = new BatchCursor(files.bytes(), limit);
        // Up to the batch that the entry names, all records are too old.
        int entry = times.lookup(timestampMillis);
        long from = entry < 0 ? logStart : Math.max(logStart, times.offset(entry));
        boolean more = seek(files, cursor, from);
        while (more) {
            RecordBatch batch = cursor.batch();
            if (batch.maxTimestampMillis() >= timestampMillis) {
                Optional<TimedOffset> found = firstInBatch(batch, timestampMillis);
                if (found.isPresent()) {
                    return found;
                }
            }
            more = cursor.next();
        }
        return Optional.empty();
    }

    /** As {@link io.leat.storage.api.PartitionLog#maxTimestamp}. */
    Optional<TimedOffset> maxTimestamp() throws IOException {
        Peak peak = new Peak();
        for (Segment segment : view.segments()) {
            int limit = view.durableBytes(segment);
            if (limit == 0) {
                continue;
            }
            SegmentFiles files = segment.lease();
            try {
                climb(peak, segment, files, limit);
            } finally {
                files.release();
            }
        }
        Segment holder = peak.segment;
        if (holder == null) {
            return Optional.empty();
        }
        SegmentFiles files = holder.lease();
        try {
            BatchCursor cursor = new BatchCursor(files.bytes(), view.durableBytes(holder));
            if (!cursor.moveTo(peak.position)) {
                throw new IOException(damage(holder, cursor));
            }
            return firstInBatch(cursor.batch(), peak.timestampMillis);
        } finally {
            files.release();
        }
    }

    /** The first batch found so far with the largest timestamp. */
    private static final class Peak {
        private long timestampMillis = RecordBatch.NONE;
        private @Nullable Segment segment;
        private int position;

        void consider(Segment segment, BatchCursor cursor) {
            if (cursor.batch().maxTimestampMillis() > timestampMillis) {
                timestampMillis = cursor.batch().maxTimestampMillis();
                this.segment = segment;
                position = cursor.position();
            }
        }
    }

    private void climb(Peak peak, Segment segment, SegmentFiles files, int limit) {
        BatchCursor cursor = new BatchCursor(files.bytes(), limit);
        OffsetIndex offsets = files.offsets();
        int lastEntry = offsets.lookup(Long.MAX_VALUE, limit);
        boolean more;
        if (lastEntry >= 0 && view.bounds().logStart() <= segment.baseOffset()) {
            // Up to the last offset index entry the time index knows the largest; read on from
            // there.
            int entry = lastAtOrBefore(files.times(), offsets.offset(lastEntry));
            if (entry >= 0 && seek(files, cursor, files.times().offset(entry))) {
                peak.consider(segment, cursor);
            }
            more = cursor.moveTo(offsets.position(lastEntry));
        } else {
            more = seek(files, cursor, view.bounds().logStart());
        }
        while (more) {
            peak.consider(segment, cursor);
            more = cursor.next();
        }
    }

    private static int lastAtOrBefore(TimeIndex times, long offset) {
        int entry = times.entries() - 1;
        while (entry >= 0 && times.offset(entry) > offset) {
            entry--;
        }
        return entry;
    }

    /** The first record of the batch that is not too old, and not before the log's start. */
    private Optional<TimedOffset> firstInBatch(RecordBatch batch, long timestampMillis) {
        try (RecordReader records = new RecordReader(batch, INFLATED_BYTES_MAX)) {
            records.skipTo(view.bounds().logStart());
            while (records.hasNext()) {
                Record record = records.next();
                if (record.timestampMillis() >= timestampMillis) {
                    return Optional.of(new TimedOffset(record.offset(), record.timestampMillis()));
                }
            }
            return Optional.empty();
        }
    }
}
