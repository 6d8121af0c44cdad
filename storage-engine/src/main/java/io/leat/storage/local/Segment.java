package io.leat.storage.local;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One data file of a log with its two indexes, as readers know it. Its files are opened when first
 * needed. Any thread; only the log's lane makes it grow.
 */
final class Segment {
    private final Disk disk;
    private final Path directory;
    private final long baseOffset;
    private volatile int sizeBytes;
    private volatile @Nullable SegmentFiles files;
    private boolean retired;

    Segment(Disk disk, Path directory, long baseOffset, int sizeBytes) {
        this.disk = disk;
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

    Path dataPath() {
        return SegmentFiles.dataPath(directory, baseOffset);
    }

    /** The files, opened, with a lease that the caller ends. */
    SegmentFiles lease() throws IOException {
        SegmentFiles open = files;
        if (open != null && open.retain()) {
            return open;
        }
        return openAndLease();
    }

    private synchronized SegmentFiles openAndLease() throws IOException {
        if (retired) {
            throw new NoSuchFileException(dataPath() + " was removed");
        }
        SegmentFiles open = files;
        if (open == null) {
            // A thread that comes interrupted would close the channel it opens.
            boolean interrupted = Thread.interrupted();
            try {
                open = SegmentOpening.sealed(disk, directory, baseOffset, sizeBytes);
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

    /** Takes over files, with their first lease, in the place of those that were open. */
    synchronized void adopt(SegmentFiles fresh) {
        SegmentFiles open = files;
        files = fresh;
        if (open != null) {
            open.release();
        }
    }

    /** Closes the files once their leases have ended; they are opened again when needed. */
    synchronized void unload() {
        SegmentFiles open = files;
        files = null;
        if (open != null) {
            open.release();
        }
    }

    /** Lets go of the files for good. */
    synchronized void retire() {
        retired = true;
        unload();
    }

    /** Removes the files' names; what is leased stays readable. */
    void delete() throws IOException {
        retire();
        disk.delete(SegmentFiles.offsetIndexPath(directory, baseOffset));
        disk.delete(SegmentFiles.timeIndexPath(directory, baseOffset));
        disk.delete(dataPath());
    }

    @Override
    public String toString() {
        return dataPath().toString();
    }
}
