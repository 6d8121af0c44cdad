package io.leat.storage.local;

import io.leat.storage.api.AbortedTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.zip.CRC32C;

/**
 * The transactions whose abort markers stand in one segment, by offset of the marker. In memory as
 * the segment grows, in a file once it is sealed.
 *
 * <p>The file has Kafka's entries, and behind them what tells whether they are whole. Every sealed
 * segment has one, if only with that end, so that one that is missing can be told from one that is
 * not needed; and is made anew from the log then.
 *
 * <pre>
 * entry:   int16 version, 0
 *          int64 producer id
 *          int64 first offset          of the transaction
 *          int64 last offset           that of the marker
 *          int64 last stable offset    behind the marker
 * end:     int64 last stable offset    behind the segment
 *          int32 magic | int32 CRC-32C of all before it
 * </pre>
 *
 * <p>A last stable offset says where a search may end: a transaction with records before it has its
 * marker before it was reached. One thread adds; any thread reads.
 */
final class AbortedIndex {
    private static final int MAGIC = 0x4c544931; // "LTI1"
    private static final int ENTRY_BYTES = Short.BYTES + 4 * Long.BYTES;
    private static final int END_BYTES = Long.BYTES + 2 * Integer.BYTES;
    private static final int LONGS = 4;

    // Four longs an entry, as in the file. Replaced before the count that needs more room goes up.
    private volatile long[] entries = {};
    private volatile int count;
    private volatile long stableEnd;

    /** An index without entries, of a segment that is not sealed. */
    AbortedIndex() {
        this(-1);
    }

    private AbortedIndex(long stableEnd) {
        this.stableEnd = stableEnd;
    }

    static Path path(Path directory, long baseOffset) {
        return directory.resolve("%020d.txnindex".formatted(baseOffset));
    }

    int size() {
        return count;
    }

    /** Adds a transaction; markers come in order. */
    void add(long producerId, long firstOffset, long markerOffset, long lastStable) {
        int at = count;
        long[] array = entries;
        if ((at + 1) * LONGS > array.length) {
            array = Arrays.copyOf(array, Math.max(2 * array.length, 2 * LONGS));
        }
        array[LONGS * at] = producerId;
        array[LONGS * at + 1] = firstOffset;
        array[LONGS * at + 2] = markerOffset;
        array[LONGS * at + 3] = lastStable;
        entries = array;
        count = at + 1;
    }

    /**
     * Adds the index of the segment behind, which is merged with this one.
     *
     * @param markerStays which markers, by their offsets, are still there
     */
    void addAll(AbortedIndex behind, LongPredicate markerStays) {
        int more = behind.count;
        long[] array = behind.entries;
        for (int i = 0; i < more; i++) {
            int at = LONGS * i;
            if (markerStays.test(array[at + 2])) {
                add(array[at], array[at + 1], array[at + 2], array[at + 3]);
            }
        }
        stableEnd = behind.stableEnd;
    }

    /**
     * The segment is complete.
     *
     * @param lastStable the last stable offset where it ends
     */
    void seal(long lastStable) {
        stableEnd = lastStable;
    }

    /**
     * Visits the transactions that may have records from {@code from} on and before {@code to}.
     *
     * @return whether segments behind may have more of them
     */
    boolean collect(long from, long to, Consumer<AbortedTransaction> visitor) {
        int size = count;
        long[] array = entries;
        for (int i = firstMarkerFrom(array, size, from); i < size; i++) {
            long firstOffset = array[LONGS * i + 1];
            if (firstOffset < to) {
                visitor.accept(new AbortedTransaction(array[LONGS * i], firstOffset));
            }
            if (array[LONGS * i + 3] >= to) {
                return false;
            }
        }
        return stableEnd < to;
    }

    /** The first entry whose marker stands at {@code offset} or behind. */
    private static int firstMarkerFrom(long[] array, int size, long offset) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (array[LONGS * middle + 2] < offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The bytes that {@link #writeTo} writes. */
    int sizeBytes() {
        return count * ENTRY_BYTES + END_BYTES;
    }

    /** Writes the file's bytes. The thread that adds. */
    void writeTo(ByteBuffer out) {
        int start = out.position();
        long[] array = entries;
        for (int i = 0; i < count; i++) {
            out.putShort((short) 0);
            for (int j = 0; j < LONGS; j++) {
                out.putLong(array[LONGS * i + j]);
            }
        }
        out.putLong(stableEnd).putInt(MAGIC);
        CRC32C crc = new CRC32C();
        crc.update(out.duplicate().limit(out.position()).position(start));
        out.putInt((int) crc.getValue());
    }

    /** The index in a file's bytes, or nothing where they are damaged. */
    static Optional<AbortedIndex> readFrom(ByteBuffer in) {
        int start = in.position();
        int entryBytes = in.remaining() - END_BYTES;
        if (entryBytes < 0 || entryBytes % ENTRY_BYTES != 0) {
            return Optional.empty();
        }
        int crcAt = in.limit() - Integer.BYTES;
        CRC32C crc = new CRC32C();
        crc.update(in.duplicate().limit(crcAt));
        if (in.getInt(crcAt) != (int) crc.getValue() || in.getInt(crcAt - Integer.BYTES) != MAGIC) {
            return Optional.empty();
        }
        AbortedIndex index = new AbortedIndex(in.getLong(start + entryBytes));
        for (int at = start; at < start + entryBytes; at += ENTRY_BYTES) {
            int longs = at + Short.BYTES;
            index.add(
                    in.getLong(longs),
                    in.getLong(longs + Long.BYTES),
                    in.getLong(longs + 2 * Long.BYTES),
                    in.getLong(longs + 3 * Long.BYTES));
        }
        return Optional.of(index);
    }

    /** The index of a sealed segment, or nothing where it is missing or damaged. */
    static Optional<AbortedIndex> read(Disk disk, Path directory, long baseOffset)
            throws IOException {
        try (DiskFile file = disk.open(path(directory, baseOffset), Disk.Access.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.sizeBytes()));
            file.read(bytes, 0);
            return readFrom(bytes.flip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Writes and forces the file; its name is certain only once the directory is forced. */
    void write(Disk disk, Path directory, long baseOffset) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(sizeBytes());
        writeTo(bytes);
        // Never into a file that is there: a force of it may have failed before.
        disk.delete(path(directory, baseOffset));
        try (DiskFile file = disk.open(path(directory, baseOffset), Disk.Access.CREATE)) {
            file.write(bytes.flip(), 0);
            file.force();
        }
    }
}
