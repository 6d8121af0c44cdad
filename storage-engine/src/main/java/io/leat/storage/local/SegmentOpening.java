package io.leat.storage.local;

import io.leat.storage.api.LogConfig;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens segments that no longer grow, and makes indexes anew that are missing or do not fit. */
final class SegmentOpening {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentOpening.class);

    private SegmentOpening() {}

    /** Opens a segment's files for reading. */
    static SegmentFiles sealed(OpenSegments pool, Path directory, long baseOffset, int sizeBytes)
            throws IOException {
        Disk disk = pool.disk();
        boolean indexed =
                disk.exists(SegmentFiles.offsetIndexPath(directory, baseOffset))
                        && disk.exists(SegmentFiles.timeIndexPath(directory, baseOffset));
        if (indexed) {
            SegmentFiles files = open(disk, directory, baseOffset, sizeBytes);
            if (fits(files, sizeBytes)) {
                return files;
            }
            files.release();
        }
        // Of an empty segment that nobody wrote to none were made.
        if (indexed || sizeBytes > 0) {
            LOG.warn(
                    "indexes of {} are {}: making them anew",
                    SegmentFiles.dataPath(directory, baseOffset),
                    indexed ? "stale or damaged" : "missing");
        }
        reindex(pool, directory, baseOffset, sizeBytes);
        return open(disk, directory, baseOffset, sizeBytes);
    }

    // The arena lives as long as the files' last lease.
    @SuppressWarnings("MustBeClosedChecker")
    private static SegmentFiles open(Disk disk, Path directory, long baseOffset, int sizeBytes)
            throws IOException {
        Arena arena = Arena.ofShared();
        DiskFile data = null;
        try {
            data = disk.open(SegmentFiles.dataPath(directory, baseOffset), Disk.Access.READ);
            DamagedLogException.requireDurable(data.sizeBytes(), sizeBytes);
            return new SegmentFiles(
                    data,
                    data.map(false, sizeBytes, arena),
                    OffsetIndex.readOnly(
                            disk,
                            SegmentFiles.offsetIndexPath(directory, baseOffset),
                            baseOffset,
                            arena),
                    TimeIndex.readOnly(
                            disk,
                            SegmentFiles.timeIndexPath(directory, baseOffset),
                            baseOffset,
                            arena),
                    arena);
        } catch (IOException | RuntimeException e) {
            arena.close();
            if (data != null) {
                data.close();
            }
            throw e;
        }
    }

    /** Whether the indexes end with entries that name batches of the segment. */
    private static boolean fits(SegmentFiles files, int sizeBytes) {
        OffsetIndex offsets = files.offsets();
        int last = offsets.entries() - 1;
        if (last >= 0) {
            int position = offsets.position(last);
            BatchCursor cursor = new BatchCursor(files.bytes(), sizeBytes);
            if (position < 0
                    || (position == 0 && last > 0)
                    || !cursor.moveTo(position)
                    || cursor.batch().lastOffset() != offsets.offset(last)) {
                return false;
            }
        }
        TimeIndex times = files.times();
        int youngest = times.entries() - 1;
        return youngest < 1
                || times.timestampMillis(youngest) > times.timestampMillis(youngest - 1);
    }

    private static void reindex(OpenSegments pool, Path directory, long baseOffset, int sizeBytes)
            throws IOException {
        LogConfig config = LogConfig.DEFAULT;
        SegmentWriter writer =
                SegmentWriter.ofIndexes(pool, directory, baseOffset, sizeBytes, config);
        try {
            BatchCursor cursor = new BatchCursor(writer.files().bytes(), sizeBytes);
            boolean more = cursor.moveTo(0);
            while (more) {
                writer.makeIndexRoom(1, 0, config.indexIntervalBytes());
                writer.passed(cursor.batch(), config.indexIntervalBytes());
                more = cursor.next();
            }
            writer.completeTimeIndex();
            writer.files().offsets().file().trimAndForce();
            writer.files().times().file().trimAndForce();
        } finally {
            writer.segment().retire();
        }
    }
}
