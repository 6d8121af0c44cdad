package io.leat.storage.local;

import io.leat.storage.api.AbortedTransaction;
import io.leat.storage.api.Damage;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.TimedOffset;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordTimes;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads of one view of a log, on the caller's thread, without locks. */
final class LogReader {
    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);

    /** Records are passed over as they inflate; this only bounds the time a bomb may cost. */
    private static final int INFLATED_BYTES_MAX = 1 << 30;

    private final LogView view;
    private final Fence fence;
    private final Consumer<Damage> damaged;

    /**
     * @param fence what is known to be damaged
     * @param damaged told of damage that does not keep a read from what it is after
     */
    LogReader(LogView view, Fence fence, Consumer<Damage> damaged) {
        this.view = view;
        this.fence = fence;
        this.damaged = damaged;
    }

    /**
     * As {@link io.leat.storage.api.PartitionLog#read}; the offset lies within the bounds.
     *
     * @throws DamageException when what is there is not what was written
     */
    ReadOutcome read(long offset, int maxBytes, boolean atLeastOneBatch, Isolation isolation)
            throws IOException {
        long readEnd = view.bounds().readEnd(isolation);
        if (offset >= readEnd) {
            return new ReadOutcome.Data(SegmentSlice.EMPTY, view.bounds());
        }
        Optional<Damage> known = fence.at(offset);
        if (known.isPresent()) {
            throw new DamageException(known.get());
        }
        long end = fence.endFrom(offset, readEnd);
        int i = view.segmentOf(offset);
        SegmentFiles files = lease(i, offset);
        boolean handedOver = false;
        try {
            int durableBytes = view.durableBytes(view.segments().get(i));
            int limit = durableBytes;
            if (end < view.durableEnd(i)) {
                limit = positionOf(files, durableBytes, end);
            }
            BatchCursor cursor = new BatchCursor(files.bytes(), limit);
            boolean found = seek(files, cursor, offset);
            if (!found && cursor.atEnd() && end < view.durableEnd(i)) {
                return new ReadOutcome.Data(SegmentSlice.EMPTY, view.bounds());
            }
            int flaw = found ? flaw(i, files, cursor, offset, maxBytes) : cursor.position();
            while (!found || (flaw != BatchChain.SOUND && flaw <= cursor.position())) {
                DamageExtent.Found damage = extent(i, files).at(flaw);
                if (damage.damage().endOffset() > offset || damage.behind() <= flaw) {
                    throw new DamageException(damage.damage());
                }
                // It stands in the way only: what was asked for is behind it.
                damaged.accept(damage.damage());
                found = cursor.moveTo(damage.behind()) && walk(cursor, offset);
                flaw = found ? flaw(i, files, cursor, offset, maxBytes) : cursor.position();
            }
            int start = cursor.position();
            int sizeBytes = Math.min(maxBytes, limit - start);
            int firstBytes = cursor.batch().sizeBytes();
            if (sizeBytes < firstBytes) {
                sizeBytes = atLeastOneBatch ? firstBytes : 0;
            }
            if (flaw != BatchChain.SOUND) {
                // What stands before is given; who asks for what is behind is told.
                sizeBytes = Math.min(sizeBytes, flaw - start);
            }
            List<AbortedTransaction> aborted =
                    isolation == Isolation.READ_COMMITTED
                            ? aborted(i, files, offset, start + sizeBytes)
                            : List.of();
            handedOver = true;
            return new ReadOutcome.Data(
                    new SegmentSlice(files, start, sizeBytes), view.bounds(), aborted);
        } finally {
            if (!handedOver) {
                files.release();
            }
        }
    }

    /** Where the batches from the cursor's on, as many as are to be read, stop making sense. */
    private int flaw(int i, SegmentFiles files, BatchCursor cursor, long offset, int maxBytes) {
        int durableBytes = view.durableBytes(view.segments().get(i));
        int start = cursor.position();
        long expected = start == 0 ? view.segments().get(i).baseOffset() : offset;
        int before = cursor.previous();
        if (before >= 0) {
            RecordBatch previous = new RecordBatch().wrap(files.bytes(), before);
            if (cursor.batch().baseOffset() > offset && !previous.crcValid()) {
                // No gap that compaction left: the batch before has forgotten how far it goes.
                return before;
            }
            expected = previous.nextOffset();
        }
        int wanted = Math.max(maxBytes, cursor.batch().sizeBytes());
        int to = Math.min(wanted, cursor.limit() - start) + start;
        return new BatchChain(files.bytes(), durableBytes, view.durableEnd(i))
                .check(start, to, expected);
    }

    /**
     * Leases a segment's files.
     *
     * @param i the segment's number, or -1 where no segment begins at the offset or before
     * @throws DamageException when the segment is missing, or shorter than it was
     */
    private SegmentFiles lease(int i, long offset) throws IOException {
        if (i < 0) {
            long found =
                    view.segments().isEmpty()
                            ? view.bounds().durableEnd()
                            : view.segments().getFirst().baseOffset();
            throw new DamageException(
                    new Damage(offset, found, "offset " + offset, "the segment is missing"));
        }
        Segment segment = view.segments().get(i);
        try {
            SegmentFiles files = segment.lease();
            if (files.bytes().capacity() < view.durableBytes(segment)) {
                files.release();
                throw new DamagedLogException(
                        "it has %d bytes, %d were durable"
                                .formatted(files.bytes().capacity(), view.durableBytes(segment)));
            }
            return files;
        } catch (NoSuchFileException e) {
            if (!segment.dataPath().toString().equals(e.getFile())) {
                throw e; // an index, which is made anew
            }
            throw whole(i, "the file is missing");
        } catch (DamagedLogException e) {
            throw whole(i, String.valueOf(e.getMessage()));
        }
    }

    private DamageException whole(int i, String cause) {
        Segment segment = view.segments().get(i);
        long from = segment.baseOffset();
        long end = Math.max(view.durableEnd(i), from + 1);
        return new DamageException(new Damage(from, end, segment.toString(), cause));
    }

    /** What is damaged where no batch, or not the right one, stands at a position. */
    private DamageException damaged(int i, SegmentFiles files, int position) {
        return new DamageException(extent(i, files).at(position).damage());
    }

    private DamageExtent extent(int i, SegmentFiles files) {
        Segment segment = view.segments().get(i);
        return new DamageExtent(files, segment, view.durableBytes(segment), view.durableEnd(i));
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
            SegmentFiles files = lease(i, view.bounds().logStart());
            try {
                index = new AbortedIndex();
                BatchCursor cursor = new BatchCursor(files.bytes(), view.durableBytes(next));
                producers.replay(cursor, 0, index);
                requireAtEnd(i, files, cursor);
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
     * Moves to the first batch that ends at {@code offset} or behind. False where there is none,
     * and then the cursor is at the end; or where the way there is damaged, and the cursor stands
     * there.
     */
    static boolean seek(SegmentFiles files, BatchCursor cursor, long offset) {
        OffsetIndex index = files.offsets();
        boolean more = false;
        int entry = index.lookup(offset, cursor.limit());
        if (entry >= 0 && index.position(entry) >= 0) {
            more = cursor.moveTo(index.position(entry));
            // The index is a hint: go by it only where it names the batch that stands there.
            more = more && cursor.batch().lastOffset() == index.offset(entry);
        }
        if (!more) {
            more = cursor.moveTo(0) && cursor.batch().baseOffset() >= index.baseOffset();
        }
        return more && walk(cursor, offset);
    }

    /** Goes on to the first batch that ends at {@code offset} or behind; as {@link #seek}. */
    private static boolean walk(BatchCursor cursor, long offset) {
        boolean more = true;
        while (more && cursor.batch().lastOffset() < offset) {
            long next = cursor.batch().nextOffset();
            more = cursor.next() && cursor.batch().baseOffset() >= next;
        }
        return more;
    }

    /** As {@link io.leat.storage.api.PartitionLog#offsetForTime}. */
    Optional<TimedOffset> offsetForTime(long timestampMillis) throws IOException {
        for (int i = 0; i < view.segments().size(); i++) {
            if (view.durableBytes(view.segments().get(i)) == 0) {
                continue;
            }
            SegmentFiles files = lease(i, view.bounds().logStart());
            try {
                Optional<TimedOffset> found = inSegment(i, files, timestampMillis);
                if (found.isPresent()) {
                    return found;
                }
            } finally {
                files.release();
            }
        }
        return Optional.empty();
    }

    private Optional<TimedOffset> inSegment(int i, SegmentFiles files, long timestampMillis)
            throws IOException {
        int limit = view.durableBytes(view.segments().get(i));
        TimeIndex times = files.times();
        long logStart = view.bounds().logStart();
        BatchCursor cursor = new BatchCursor(files.bytes(), limit);
        // Up to the batch that the entry names, all records are too old.
        int entry = times.lookup(timestampMillis);
        boolean known = entry >= 0 && seekTimed(files, cursor, entry);
        long from = known ? Math.max(logStart, times.offset(entry)) : logStart;
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
        requireAtEnd(i, files, cursor);
        return Optional.empty();
    }

    /**
     * Moves to the batch that an entry of the time index names. The index is a hint: false where no
     * such batch is there.
     */
    private static boolean seekTimed(SegmentFiles files, BatchCursor cursor, int entry) {
        TimeIndex times = files.times();
        return seek(files, cursor, times.offset(entry))
                && cursor.batch().lastOffset() == times.offset(entry)
                && cursor.batch().maxTimestampMillis() == times.timestampMillis(entry);
    }

    /** A walk has to end where the segment does: a part that was not seen may hold the answer. */
    private void requireAtEnd(int i, SegmentFiles files, BatchCursor cursor) throws IOException {
        if (!cursor.atEnd()) {
            throw damaged(i, files, cursor.position());
        }
    }

    /** As {@link io.leat.storage.api.PartitionLog#maxTimestamp}. */
    Optional<TimedOffset> maxTimestamp() throws IOException {
        Peak peak = new Peak();
        for (int i = 0; i < view.segments().size(); i++) {
            if (view.durableBytes(view.segments().get(i)) == 0) {
                continue;
            }
            SegmentFiles files = lease(i, view.bounds().logStart());
            try {
                climb(peak, i, files);
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
                throw damaged(view.segments().indexOf(holder), files, peak.position);
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

        void consider(Segment segment, BatchCursor cursor, long largestMillis) {
            // The header that is kept of an emptied batch has the timestamp of records that are
            // gone.
            if (largestMillis > timestampMillis && cursor.batch().recordCount() > 0) {
                timestampMillis = largestMillis;
                this.segment = segment;
                position = cursor.position();
            }
        }
    }

    /** The largest timestamp of a batch's records that are not before the log's start. */
    private long largest(RecordBatch batch) {
        if (batch.baseOffset() >= view.bounds().logStart()) {
            return batch.maxTimestampMillis();
        }
        long largest = RecordBatch.NONE;
        try (RecordTimes records = new RecordTimes(batch, INFLATED_BYTES_MAX)) {
            while (records.next()) {
                if (records.offset() >= view.bounds().logStart()) {
                    largest = Math.max(largest, records.timestampMillis());
                }
            }
        }
        return largest;
    }

    private void climb(Peak peak, int i, SegmentFiles files) throws IOException {
        Segment segment = view.segments().get(i);
        int limit = view.durableBytes(segment);
        BatchCursor cursor = new BatchCursor(files.bytes(), limit);
        OffsetIndex offsets = files.offsets();
        int lastEntry = offsets.lookup(Long.MAX_VALUE, limit);
        boolean more;
        // Up to the last entry of the offset index the time index knows the largest; read on from
        // there.
        int entry =
                lastEntry < 0 || view.bounds().logStart() > segment.baseOffset()
                        ? -1
                        : lastAtOrBefore(files.times(), offsets.offset(lastEntry));
        if (entry >= 0 && timesHold(i, files, entry)) {
            var _ = seekTimed(files, cursor, entry);
            peak.consider(segment, cursor, largest(cursor.batch()));
            more =
                    seek(files, cursor, offsets.offset(lastEntry))
                            && cursor.position() == offsets.position(lastEntry);
        } else {
            more = seek(files, cursor, view.bounds().logStart());
        }
        while (more) {
            peak.consider(segment, cursor, largest(cursor.batch()));
            more = cursor.next();
        }
        requireAtEnd(i, files, cursor);
    }

    private static int lastAtOrBefore(TimeIndex times, long offset) {
        int entry = times.entries() - 1;
        while (entry >= 0 && times.offset(entry) > offset) {
            entry--;
        }
        return entry;
    }

    /** Whether an entry of the time index, and all behind it, name batches that are there. */
    private boolean timesHold(int i, SegmentFiles files, int from) {
        boolean growing = i == view.segments().size() - 1;
        BatchCursor cursor =
                new BatchCursor(files.bytes(), view.durableBytes(view.segments().get(i)));
        for (int entry = from; entry < files.times().entries(); entry++) {
            // What is not durable yet is not read.
            boolean beyond = growing && files.times().offset(entry) >= view.durableEnd(i);
            if (!beyond && !seekTimed(files, cursor, entry)) {
                return false;
            }
        }
        return true;
    }

    /** The first record of the batch that is not too old, and not before the log's start. */
    private Optional<TimedOffset> firstInBatch(RecordBatch batch, long timestampMillis) {
        try (RecordTimes records = new RecordTimes(batch, INFLATED_BYTES_MAX)) {
            while (records.next()) {
                if (records.offset() >= view.bounds().logStart()
                        && records.timestampMillis() >= timestampMillis) {
                    return Optional.of(
                            new TimedOffset(records.offset(), records.timestampMillis()));
                }
            }
            return Optional.empty();
        }
    }
}
