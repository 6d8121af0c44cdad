package io.leat.storage.local;

import io.leat.wire.record.RecordBatch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A segment's open files and mappings, counted: they are freed when the segment has let go and the
 * last lease has ended, so that bytes on their way to a consumer outlive the segment's file name.
 *
 * <p>Any thread.
 */
final class SegmentFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentFiles.class);

    private final DiskFile data;
    private final ByteBuffer bytes;
    private final OffsetIndex offsets;
    private final TimeIndex times;
    private final Arena arena;
    private final AtomicInteger leases = new AtomicInteger(1);
    private volatile @Nullable Runnable onFreed;

    SegmentFiles(
            DiskFile data, MemorySegment bytes, OffsetIndex offsets, TimeIndex times, Arena arena) {
        this.data = data;
        this.bytes = bytes.asByteBuffer().asReadOnlyBuffer();
        this.offsets = offsets;
        this.times = times;
        this.arena = arena;
    }

    static Path dataPath(Path directory, long baseOffset) {
        return directory.resolve("%020d.log".formatted(baseOffset));
    }

    static Path offsetIndexPath(Path directory, long baseOffset) {
        return directory.resolve("%020d.index".formatted(baseOffset));
    }

    static Path timeIndexPath(Path directory, long baseOffset) {
        return directory.resolve("%020d.timeindex".formatted(baseOffset));
    }

    DiskFile data() {
        return data;
    }

    /** The data file's bytes, read-only; beyond what was written there may be none. */
    ByteBuffer bytes() {
        return bytes;
    }

    OffsetIndex offsets() {
        return offsets;
    }

    TimeIndex times() {
        return times;
    }

    /**
     * The largest timestamp of the batches in the first {@code limit} bytes, or -1. The last entry
     * of the time index says it; where that does not name such a batch, all headers are read.
     */
    long maxTimestampMillis(int limit) {
        BatchCursor cursor = new BatchCursor(bytes, limit);
        int youngest = times.entries() - 1;
        if (youngest >= 0) {
            long timestamp = times.timestampMillis(youngest);
            if (LogReader.seek(this, cursor, times.offset(youngest))
                    && cursor.batch().lastOffset() == times.offset(youngest)
                    && cursor.batch().maxTimestampMillis() == timestamp) {
                return timestamp;
            }
        }
        long largest = RecordBatch.NONE;
        boolean more = cursor.moveTo(0);
        while (more) {
            largest = Math.max(largest, cursor.batch().maxTimestampMillis());
            more = cursor.next();
        }
        return largest;
    }

    /** Has {@code onFreed} run once all leases have ended; the caller holds one. */
    void onFreed(Runnable onFreed) {
        this.onFreed = onFreed;
    }

    /** Takes a lease; false where the files are closed already. */
    boolean retain() {
        int count = leases.get();
        while (count > 0) {
            int seen = leases.compareAndExchange(count, count + 1);
            if (seen == count) {
                return true;
            }
            count = seen;
        }
        return false;
    }

    /** Ends a lease. */
    void release() {
        int left = leases.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("lease ended twice: " + data.path());
        }
        if (left == 0) {
            arena.close();
            try {
                data.close();
            } catch (IOException e) {
                // It was only read, or forced before; nothing is lost.
                LOG.warn("closing {}: {}", data.path(), e.toString());
            }
            Runnable told = onFreed;
            if (told != null) {
                told.run();
            }
        }
    }
}
