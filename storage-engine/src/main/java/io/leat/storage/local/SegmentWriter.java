package io.leat.storage.local;

import io.leat.storage.api.LogConfig;
import io.leat.wire.record.RecordBatch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The end of a log: the segment that grows, and what must be remembered to index it. Used by the
 * log's lane only, or by recovery before the lane knows the log.
 */
final class SegmentWriter {
    private final Segment segment;
    private final SegmentFiles files;
    private final int bytesMax;
    private final Optional<RoomSteps> roomSteps;
    private Optional<ReadyRoom> room;
    private int position;
    private int bytesSinceEntry;
    private long firstTimestampMillis = RecordBatch.NONE;
    private long maxTimestampMillis = RecordBatch.NONE;
    private long maxTimestampOffset;
    private AbortedIndex aborted = new AbortedIndex();

    private SegmentWriter(Disk disk, Segment segment, SegmentFiles files, int bytesMax) {
        this.segment = segment;
        this.files = files;
        this.bytesMax = bytesMax;
        this.roomSteps = disk.readyRoom();
        this.room = freshRoom();
        this.maxTimestampOffset = segment.baseOffset();
    }

    /** Makes a segment; whatever was in files of that name is gone. */
    static SegmentWriter create(
            OpenSegments pool, Path directory, long baseOffset, LogConfig config)
            throws IOException {
        SegmentWriter writer = reopen(pool, directory, IndexedEnd.startOf(baseOffset), 0, config);
        writer.aborted(new AbortedIndex());
        return writer;
    }

    /**
     * Opens a segment to append to. What stands behind {@code sizeBytes} is cut off, and indexes
     * are cut to what {@code end} says; who calls steps through the batches behind it with {@link
     * #passed}.
     */
    static SegmentWriter reopen(
            OpenSegments pool, Path directory, IndexedEnd end, int sizeBytes, LogConfig config)
            throws IOException {
        long baseOffset = end.at().segmentBase();
        DiskFile data =
                pool.disk().open(SegmentFiles.dataPath(directory, baseOffset), Disk.Access.CREATE);
        try {
            if (data.sizeBytes() != sizeBytes) {
                data.truncate(sizeBytes);
            }
        } catch (IOException | RuntimeException e) {
            data.close();
            throw e;
        }
        int bytesMax = Math.max(config.segmentBytes(), sizeBytes);
        return over(pool, directory, end, new Data(data, sizeBytes, bytesMax), config);
    }

    /**
     * Opens a segment that nobody appends to, to make its indexes anew: who calls steps through its
     * batches with {@link #passed}. What is in the file is left as it is, whoever may hold it.
     */
    static SegmentWriter ofIndexes(
            OpenSegments pool, Path directory, long baseOffset, int sizeBytes, LogConfig config)
            throws IOException {
        DiskFile data =
                pool.disk().open(SegmentFiles.dataPath(directory, baseOffset), Disk.Access.READ);
        try {
            DamagedLogException.requireDurable(data.sizeBytes(), sizeBytes);
        } catch (IOException | RuntimeException e) {
            data.close();
            throw e;
        }
        return over(
                pool,
                directory,
                IndexedEnd.startOf(baseOffset),
                new Data(data, sizeBytes, sizeBytes),
                config);
    }

    /** A data file that has so many bytes, and may grow to so many. */
    private record Data(DiskFile file, int sizeBytes, int bytesMax) {}

    // The arena lives as long as the files' last lease.
    @SuppressWarnings("MustBeClosedChecker")
    private static SegmentWriter over(
            OpenSegments pool, Path directory, IndexedEnd end, Data data, LogConfig config)
            throws IOException {
        Disk disk = pool.disk();
        long baseOffset = end.at().segmentBase();
        Arena arena = Arena.ofShared();
        try {
            SegmentFiles files =
                    new SegmentFiles(
                            data.file(),
                            data.file().map(false, data.bytesMax(), arena),
                            OffsetIndex.writable(
                                    disk,
                                    SegmentFiles.offsetIndexPath(directory, baseOffset),
                                    baseOffset,
                                    end.offsetEntries(),
                                    config.indexBytesMax(),
                                    arena),
                            TimeIndex.writable(
                                    disk,
                                    SegmentFiles.timeIndexPath(directory, baseOffset),
                                    baseOffset,
                                    end.timeEntries(),
                                    config.indexBytesMax(),
                                    arena),
                            arena);
            Segment segment = new Segment(pool, directory, baseOffset, data.sizeBytes());
            segment.adopt(files);
            SegmentWriter writer = new SegmentWriter(disk, segment, files, data.bytesMax());
            writer.resumeAt(end);
            return writer;
        } catch (IOException | RuntimeException e) {
            arena.close();
            data.file().close();
            throw e;
        }
    }

    private void resumeAt(IndexedEnd end) {
        position = end.at().position();
        bytesSinceEntry = end.bytesSinceEntry();
        maxTimestampMillis = end.maxTimestampMillis();
        maxTimestampOffset = end.maxTimestampOffset();
        BatchCursor cursor = new BatchCursor(files.bytes(), position);
        segment.maxTimestampMillis(maxTimestampMillis);
        if (cursor.moveTo(0)) {
            firstTimestampMillis = cursor.batch().maxTimestampMillis();
        }
    }

    Segment segment() {
        return segment;
    }

    /** The transactions that were aborted in this segment. */
    AbortedIndex aborted() {
        return aborted;
    }

    /** Goes on with the transactions that were aborted so far. */
    void aborted(AbortedIndex soFar) {
        aborted = soFar;
        segment.aborted(soFar);
    }

    SegmentFiles files() {
        return files;
    }

    long baseOffset() {
        return segment.baseOffset();
    }

    int position() {
        return position;
    }

    boolean empty() {
        return position == 0;
    }

    /** The largest timestamp so far, or -1. */
    long maxTimestampMillis() {
        return maxTimestampMillis;
    }

    /** The largest size that the segment may get. */
    int bytesMax() {
        return bytesMax;
    }

    /** Whether the indexes have no room for more entries. */
    boolean indexesFull() {
        return indexEntriesLeft() <= 0;
    }

    /**
     * How much younger than the segment's first batch a batch would be, ms; 0 where one of them has
     * no timestamp.
     */
    long ageAt(long timestampMillis) {
        if (firstTimestampMillis < 0 || timestampMillis < 0) {
            return 0;
        }
        return timestampMillis - firstTimestampMillis;
    }

    /** How many entries both indexes have left. */
    int indexEntriesLeft() {
        return Math.min(
                files.offsets().file().entriesLeft(), files.times().file().entriesLeft() - 1);
    }

    /**
     * Makes room in the indexes for the entries of batches to be {@link #passed}: the part of
     * indexing that may find the disk full.
     *
     * @param batches how many there are
     * @param bytesBeforeLast how large all but the last are together
     */
    void makeIndexRoom(int batches, int bytesBeforeLast, int indexIntervalBytes)
            throws IOException {
        // Each entry stands for more bytes than the interval, all of them before its batch.
        long due = (bytesSinceEntry + (long) bytesBeforeLast) / (indexIntervalBytes + 1L);
        int entries = (int) Math.min(due, Math.min(batches, indexEntriesLeft()));
        if (entries > 0) {
            files.offsets().file().makeRoom(entries);
            files.times().file().makeRoom(entries);
        }
    }

    /**
     * Writes batches at the end. They count only once {@link #passed} was told of each.
     *
     * @param buffers whole batches, with their final offsets
     */
    void write(ByteBuffer[] buffers) throws IOException {
        files.data().write(buffers, position);
    }

    /**
     * As {@link #write}, of a segment that grows a little at a time and is forced each time: room
     * is made ready for what comes next, which {@link #cutRoom} takes back.
     *
     * @param sizeBytes of all buffers
     */
    void append(ByteBuffer[] buffers, int sizeBytes) throws IOException {
        ByteBuffer[] written =
                room.isPresent()
                        ? room.get().write(buffers, position, position + sizeBytes)
                        : buffers;
        files.data().write(written, position);
    }

    private Optional<ReadyRoom> freshRoom() {
        return roomSteps.map(steps -> new ReadyRoom(steps, files.data(), bytesMax));
    }

    /** The room behind the end. */
    Optional<ReadyRoom> room() {
        return room;
    }

    /**
     * Takes back the room behind the end: nothing is to be appended any more.
     *
     * @return whether there was some, so that the file is to be forced once more
     */
    boolean cutRoom() throws IOException {
        // Where none is made here: the file may come from a disk where it was.
        if (files.data().sizeBytes() == position) {
            return false;
        }
        cut();
        return true;
    }

    /** Cuts off whatever is behind the end. */
    void cut() throws IOException {
        // What was said of the room before holds no more, whoever says it from now on.
        room = freshRoom();
        files.data().truncate(position);
    }

    /**
     * The batch is in the file at {@link #position}: index it, and go on behind it. Room was made
     * in the indexes, with the same interval.
     */
    void passed(RecordBatch batch, int indexIntervalBytes) {
        long timestamp = batch.maxTimestampMillis();
        if (position == 0) {
            firstTimestampMillis = timestamp;
        }
        // The header that is kept of an emptied batch has the timestamp of records that are gone.
        if (timestamp > maxTimestampMillis && batch.recordCount() > 0) {
            maxTimestampMillis = timestamp;
            maxTimestampOffset = batch.lastOffset();
        }
        if (bytesSinceEntry > indexIntervalBytes && !indexesFull()) {
            files.offsets().append(batch.lastOffset(), position);
            files.times().append(maxTimestampMillis, maxTimestampOffset);
            bytesSinceEntry = 0;
        }
        int sizeBytes = batch.sizeBytes();
        bytesSinceEntry += sizeBytes;
        position += sizeBytes;
        assert position <= bytesMax : segment + " grew to " + position + " of " + bytesMax;
    }

    /** Lets readers know of what was passed. */
    void publish() {
        segment.maxTimestampMillis(maxTimestampMillis);
        segment.sizeBytes(position);
    }

    /** Adds the last time index entry, the one that has the segment's largest timestamp. */
    void completeTimeIndex() throws IOException {
        if (!files.times().file().full()) {
            files.times().file().makeRoom(1);
            files.times().append(maxTimestampMillis, maxTimestampOffset);
        }
    }

    /** What the indexes cover now. */
    IndexedEnd indexedEnd(long nextOffset) {
        return new IndexedEnd(
                new LogPosition(nextOffset, baseOffset(), position),
                files.offsets().entries(),
                files.times().entries(),
                bytesSinceEntry,
                maxTimestampMillis,
                maxTimestampOffset);
    }
}
