package io.leat.storage.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One data file of a log with its two indexes, as readers know it. Its files are opened when first
 * needed. Any thread; only the log's lane makes it grow.
 */
final class Segment {
    private static final long TIMESTAMP_UNKNOWN = -2;

    /** The segment was taken out of its log: a newer view of the log does without it. */
    static final class GoneException extends IOException {
        private static final long serialVersionUID = 1L;

        GoneException(String message) {
            super(message);
        }
    }

    private final OpenSegments pool;
    private final Path directory;
    private final long baseOffset;
    private volatile int sizeBytes;
    private volatile @Nullable SegmentFiles files;
    private volatile @Nullable AbortedIndex aborted;
    private boolean abortedKept;
    private volatile long maxTimestampMillis = TIMESTAMP_UNKNOWN;
    private boolean adopted;
    private boolean retired;

    Segment(OpenSegments pool, Path directory, long baseOffset, int sizeBytes) {
        this.pool = pool;
        this.directory = directory;
        this.baseOffset = baseOffset;
        this.sizeBytes = sizeBytes;
    }

    long baseOffset() {
        return baseOffset;
    }

    /** Bytes written. */
    int sizeBytes() {
        return sizeBytes;
    }

    void sizeBytes(int sizeBytes) {
        this.sizeBytes = sizeBytes;
    }

    /**
     * The largest timestamp of what was written, or -1 where nothing has one. Reads it from the
     * files of a segment that was not written to in this life.
     */
    long maxTimestampMillis() throws IOException {
        long known = maxTimestampMillis;
        if (known == TIMESTAMP_UNKNOWN) {
            SegmentFiles open = lease();
            try {
                known = open.maxTimestampMillis(sizeBytes);
            } finally {
                open.release();
            }
            maxTimestampMillis = known;
        }
        return known;
    }

    void maxTimestampMillis(long timestampMillis) {
        maxTimestampMillis = timestampMillis;
    }

    Path dataPath() {
        return SegmentFiles.dataPath(directory, baseOffset);
    }

    /** The aborted transactions, or nothing where the file with them is missing or damaged. */
    Optional<AbortedIndex> aborted() throws IOException {
        AbortedIndex known = aborted;
        return known != null ? Optional.of(known) : loadAborted();
    }

    private synchronized Optional<AbortedIndex> loadAborted() throws IOException {
        AbortedIndex known = aborted;
        if (known != null) {
            return Optional.of(known);
        }
        requireThere();
        Optional<AbortedIndex> read = AbortedIndex.read(pool.disk(), directory, baseOffset);
        aborted = read.orElse(null);
        abortedKept = read.isPresent();
        return read;
    }

    /** The files of that name may be another segment's by now. */
    private void requireThere() throws GoneException {
        if (retired) {
            throw new GoneException(dataPath() + " was removed");
        }
    }

    /** The aborted transactions, which stand in no file yet. */
    synchronized void aborted(AbortedIndex index) {
        aborted = index;
        abortedKept = false;
    }

    /** Writes and forces the aborted transactions of the segment, which grows no more. */
    synchronized void keepAborted(AbortedIndex index) throws IOException {
        requireThere();
        index.write(pool.disk(), directory, baseOffset);
        aborted = index;
        abortedKept = true;
    }

    /** The files, opened, with a lease that the caller ends. */
    SegmentFiles lease() throws IOException {
        SegmentFiles open = files;
        if (open != null && open.retain()) {
            return open;
        }
        SegmentFiles opened = openAndLease();
        pool.opened(this);
        return opened;
    }

    private synchronized SegmentFiles openAndLease() throws IOException {
        requireThere();
        SegmentFiles open = files;
        if (open == null) {
            // A thread that comes interrupted would close the channel it opens.
            boolean interrupted = Thread.interrupted();
            try {
                open = SegmentOpening.sealed(pool, directory, baseOffset, sizeBytes);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
            files = open;
        }
        if (!open.retain()) {
            throw new IllegalStateException("files in use are closed: " + dataPath());
        }
        return open;
    }

    /**
     * Opens the files, and lets nobody close them before {@link #unload}: files of these names are
     * about to be replaced or worked on, and readers go on with what is open.
     */
    synchronized void keepOpen() throws IOException {
        openAndLease().release();
        adopted = true;
    }

    /** Takes over files, with their first lease, in the place of those that were open. */
    synchronized void adopt(SegmentFiles fresh) {
        SegmentFiles open = files;
        files = fresh;
        adopted = true;
        if (open != null) {
            open.release();
        }
    }

    /** Closes the files once their leases have ended; they are opened again when needed. */
    synchronized void unload() {
        SegmentFiles open = files;
        files = null;
        adopted = false;
        if (abortedKept && !retired) {
            aborted = null;
        }
        if (open != null) {
            open.release();
        }
    }

    /** As {@link #unload}, but leaves the files of a segment that is written to. */
    synchronized void unloadUnlessAdopted() {
        if (!adopted) {
            unload();
        }
    }

    /** Lets go of the files for good. */
    synchronized void retire() {
        retired = true;
        unload();
    }

    /**
     * As {@link #retire}, and counts the segment's bytes in {@code retiredBytes} until the last
     * lease on them has ended.
     */
    synchronized void retire(LongAdder retiredBytes) {
        SegmentFiles open = files;
        if (open != null && !retired) {
            long bytes = sizeBytes;
            retiredBytes.add(bytes);
            open.onFreed(() -> retiredBytes.add(-bytes));
        }
        retire();
    }

    /** Removes the files' names; what is leased stays readable. */
    void delete() throws IOException {
        retire();
        Disk disk = pool.disk();
        disk.delete(SegmentFiles.offsetIndexPath(directory, baseOffset));
        disk.delete(SegmentFiles.timeIndexPath(directory, baseOffset));
        disk.delete(AbortedIndex.path(directory, baseOffset));
        disk.delete(dataPath());
    }

    @Override
    public String toString() {
        return dataPath().toString();
    }
}
