package io.leat.compaction.cleaning;

import io.leat.storage.api.GrowingSegment;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogSlice;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.StorageException;
import io.leat.wire.record.RecordBatch;
import java.util.List;
import java.util.Optional;

/**
 * How dirty a log is.
 *
 * @param firstDirty where the dirty part begins
 * @param cleanableEnd where what may be cleaned now ends
 * @param cleanBytes bytes of segments before the dirty part
 * @param cleanableBytes bytes of dirty segments that may be cleaned now
 * @param oldestMillis the timestamp with which the dirty part begins, the growing segment included,
 *     or {@link #NONE} where there is none, or nothing can be cleaned and nothing become overdue
 * @param growingMillis the timestamp with which the growing segment begins, or {@link #NONE}
 */
public record Dirt(
        long firstDirty,
        long cleanableEnd,
        long cleanBytes,
        long cleanableBytes,
        long oldestMillis,
        long growingMillis) {
    public static final long NONE = -1;

    /**
     * Looks at a log. Reads little, but may block on the disk.
     *
     * @param point up to where it is clean
     * @throws StorageException when it cannot be read
     */
    public static Dirt of(
            PartitionLog log, CleaningPolicy policy, CleanPoint point, long nowMillis) {
        List<SealedSegment> sealed = log.sealed().list();
        long start = Math.max(log.bounds().logStart(), sealed.isEmpty() ? 0 : firstBase(sealed));
        // A clean point behind the end is another log's: one that was lost, and began anew.
        boolean valid = point.offset() <= log.bounds().writtenEnd();
        long firstDirty = valid ? Math.max(point.offset(), start) : start;
        long cleanableEnd = firstDirty;
        long cleanBytes = 0;
        long cleanableBytes = 0;
        long lastStable = log.bounds().lastStable();
        long youngest =
                policy.minLagMillis() == 0 ? Long.MAX_VALUE : nowMillis - policy.minLagMillis();
        for (SealedSegment segment : sealed) {
            if (segment.endOffset() <= firstDirty) {
                cleanBytes += segment.sizeBytes();
                continue;
            }
            if (segment.endOffset() > lastStable || segment.maxTimestampMillis() > youngest) {
                break;
            }
            cleanableBytes += segment.sizeBytes();
            cleanableEnd = segment.endOffset();
        }
        // Not for nothing: it opens files.
        boolean asked = cleanableBytes > 0 || policy.maxLagMillis() != Long.MAX_VALUE;
        long growing = asked ? growingMillis(log) : NONE;
        long oldest = asked ? sealedMillis(log, sealed, firstDirty) : NONE;
        return new Dirt(
                firstDirty,
                cleanableEnd,
                cleanBytes,
                cleanableBytes,
                oldest == NONE ? growing : oldest,
                growing);
    }

    private static long firstBase(List<SealedSegment> sealed) {
        return sealed.getFirst().baseOffset();
    }

    /** The share of dirty bytes in what may be cleaned and what is clean, 0 to 1. */
    public double ratio() {
        long all = cleanBytes + cleanableBytes;
        return all == 0 ? 0 : (double) cleanableBytes / all;
    }

    /** How long the oldest dirty record has been waiting, by its timestamp, in milliseconds. */
    public long ageMillis(long nowMillis) {
        return oldestMillis < 0 ? 0 : Math.max(0, nowMillis - oldestMillis);
    }

    /** Whether dirty records stay longer than {@code max.compaction.lag.ms} allows. */
    public boolean overdue(CleaningPolicy policy, long nowMillis) {
        return ageMillis(nowMillis) > policy.maxLagMillis();
    }

    /** Whether a pass is to be made now. */
    public boolean due(CleaningPolicy policy, CleanPoint point, long nowMillis) {
        return point.nextHorizonMillis() <= nowMillis
                || ratio() > policy.minDirtyRatio()
                || (cleanableBytes > 0 && overdue(policy, nowMillis));
    }

    /** Whether the segment that grows has to be sealed for {@code max.compaction.lag.ms}. */
    boolean sealFirst(CleaningPolicy policy, long nowMillis) {
        return growingMillis >= 0 && nowMillis - growingMillis > policy.maxLagMillis();
    }

    private static long sealedMillis(
            PartitionLog log, List<SealedSegment> sealed, long firstDirty) {
        for (SealedSegment segment : sealed) {
            if (segment.endOffset() > firstDirty) {
                try (LogSlice slice = log.sealed().read(segment)) {
                    return firstTimestamp(slice);
                }
            }
        }
        return NONE;
    }

    private static long growingMillis(PartitionLog log) {
        Optional<GrowingSegment> growing = log.sealed().growing();
        if (growing.isEmpty()) {
            return NONE;
        }
        long from = Math.max(growing.get().baseOffset(), log.bounds().logStart());
        if (from >= log.bounds().durableEnd()) {
            return NONE;
        }
        ReadOutcome read = log.read(from, 1, true, Isolation.READ_UNCOMMITTED).join();
        if (read instanceof ReadOutcome.Data data) {
            try (LogSlice slice = data.slice()) {
                return firstTimestamp(slice);
            }
        }
        return NONE;
    }

    private static long firstTimestamp(LogSlice slice) {
        RecordBatch first = RecordBatch.of(slice.bytes());
        return first.isWhole() ? first.maxTimestampMillis() : NONE;
    }
}
