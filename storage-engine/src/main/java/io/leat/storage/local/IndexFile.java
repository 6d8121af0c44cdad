package io.leat.storage.local;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A mapped file of entries of one size, sorted, growing at its end.
 *
 * <p>One thread appends; others read entries below {@link #entries}, which is written last. There
 * is no file before there is room for an entry, as most partitions are small: a thousand new ones
 * cost a thousand files, not three thousand. The address range is reserved for the largest size at
 * once, and is all that this costs: the file grows in steps, by zeros that are <em>written</em>, so
 * that a full disk is an {@link IOException} there and not a fault at a store into the mapping. No
 * file descriptor is kept.
 */
final class IndexFile {
    private static final int FIRST_STEP_BYTES = 4 << 10;
    private static final int LARGEST_STEP_BYTES = 1 << 20;

    private final Disk disk;
    private final Path path;
    private final int entryBytes;
    private final long spanBytes;
    private final Arena arena;
    // Empty where there is no file yet. Written before the entries that need it.
    private MemorySegment mapping = MemorySegment.NULL;
    private long allocatedBytes;
    private volatile int entries;

    private IndexFile(Disk disk, Path path, int entryBytes, long spanBytes, Arena arena) {
        this.disk = disk;
        this.path = path;
        this.entryBytes = entryBytes;
        this.spanBytes = spanBytes;
        this.arena = arena;
    }

    /**
     * Opens an index to append to. One without entries has no file, whatever there was.
     *
     * @param entries how many of the file's entries count; those behind are cut off
     * @param bytesMax what the file may grow to
     */
    static IndexFile writable(
            Disk disk, Path path, int entryBytes, int entries, int bytesMax, Arena arena)
            throws IOException {
        long wholeBytes = Math.max(bytesMax - bytesMax % entryBytes, entryBytes);
        if (entries == 0) {
            disk.delete(path);
            return new IndexFile(disk, path, entryBytes, wholeBytes, arena);
        }
        try (DiskFile file = disk.open(path, Disk.Access.CREATE)) {
            long usedBytes = Math.min((long) entries * entryBytes, file.sizeBytes());
            usedBytes -= usedBytes % entryBytes;
            file.truncate(usedBytes);
            long spanBytes = Math.max(wholeBytes, usedBytes);
            IndexFile index = new IndexFile(disk, path, entryBytes, spanBytes, arena);
            index.mapping = file.map(true, spanBytes, arena);
            index.allocatedBytes = usedBytes;
            index.entries = (int) (usedBytes / entryBytes);
            return index;
        }
    }

    /** Opens an index that is complete. */
    static IndexFile readOnly(Disk disk, Path path, int entryBytes, Arena arena)
            throws IOException {
        try (DiskFile file = disk.open(path, Disk.Access.READ)) {
            long usedBytes = file.sizeBytes() - file.sizeBytes() % entryBytes;
            IndexFile index = new IndexFile(disk, path, entryBytes, usedBytes, arena);
            index.mapping = file.map(false, usedBytes, arena);
            index.allocatedBytes = usedBytes;
            index.entries = (int) (usedBytes / entryBytes);
            return index;
        }
    }

    Path path() {
        return path;
    }

    int entries() {
        return entries;
    }

    boolean full() {
        return entriesLeft() <= 0;
    }

    /** How many more entries fit into the index at its largest. */
    int entriesLeft() {
        return (int) (spanBytes / entryBytes) - entries;
    }

    /** The entries, for who has seen that there are some. */
    MemorySegment mapping() {
        return mapping;
    }

    /** Where the entry to be added next stands; the file has room for it. */
    long nextEntryPosition() {
        long position = (long) entries * entryBytes;
        if (position + entryBytes > allocatedBytes) {
            throw new IllegalStateException("no room made in " + path);
        }
        return position;
    }

    /** Makes the entry at {@link #nextEntryPosition} visible. */
    void added() {
        // Only one thread adds.
        @SuppressWarnings("NonAtomicVolatileUpdate")
        int more = entries + 1;
        entries = more;
    }

    /** Grows the file where the next {@code more} entries, or all that may come, would not fit. */
    void makeRoom(int more) throws IOException {
        long needed = Math.min((long) (entries + more) * entryBytes, spanBytes);
        if (needed <= allocatedBytes) {
            return;
        }
        long step = Math.clamp(allocatedBytes, FIRST_STEP_BYTES, LARGEST_STEP_BYTES);
        long grown = Math.max(allocatedBytes + step, needed);
        // Whole entries, or Kafka's tools take the file for damaged.
        long target = Math.min(grown - grown % entryBytes, spanBytes);
        try (DiskFile file = openOrMake()) {
            file.write(ByteBuffer.allocate((int) (target - allocatedBytes)), allocatedBytes);
            if (mapping.byteSize() == 0) {
                mapping = file.map(true, spanBytes, arena);
            }
        }
        allocatedBytes = target;
    }

    /** Cuts off the room that no entry took, and forces the file, which is there from then on. */
    void trimAndForce() throws IOException {
        try (DiskFile file = openOrMake()) {
            allocatedBytes = (long) entries * entryBytes;
            file.truncate(allocatedBytes);
            file.force();
        }
    }

    /** Forces the file, which is there from then on. */
    void force() throws IOException {
        try (DiskFile file = openOrMake()) {
            file.force();
        }
    }

    private DiskFile openOrMake() throws IOException {
        boolean made = mapping.byteSize() > 0;
        return disk.open(path, made ? Disk.Access.WRITE : Disk.Access.CREATE);
    }
}
