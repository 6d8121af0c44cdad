package io.leat.storage.local;

import io.leat.storage.api.LogBounds;
import java.util.List;

/**
 * What there is of a log at one moment. Readers take it once and work on it without locks.
 *
 * @param segments by base offset; the last may still grow
 * @param bounds the log's bounds
 * @param durable the end of what was forced
 * @param written the end of what was written
 */
record LogView(List<Segment> segments, LogBounds bounds, LogPosition durable, LogPosition written) {
    LogView {
        if (bounds.durableEnd() != durable.offset() || bounds.writtenEnd() != written.offset()) {
            throw new IllegalArgumentException(bounds + " with " + durable + ", " + written);
        }
    }

    LogView written(List<Segment> segments, LogPosition written) {
        LogBounds moved =
                new LogBounds(
                        bounds.logStart(),
                        bounds.lastStable(),
                        bounds.durableEnd(),
                        written.offset());
        return new LogView(segments, moved, durable, written);
    }

    /**
     * Moves the durable end.
     *
     * @param lastStable the last stable offset there; the log start may be behind it
     */
    LogView durable(LogPosition durable, long lastStable) {
        LogBounds moved =
                new LogBounds(
                        bounds.logStart(),
                        Math.max(bounds.logStart(), lastStable),
                        durable.offset(),
                        bounds.writtenEnd());
        return new LogView(segments, moved, durable, written);
    }

    LogView logStart(long logStart, List<Segment> segments) {
        LogBounds moved =
                new LogBounds(
                        logStart,
                        Math.max(logStart, bounds.lastStable()),
                        bounds.durableEnd(),
                        bounds.writtenEnd());
        return new LogView(segments, moved, durable, written);
    }

    /** The index of the last segment whose base offset is {@code offset} or less, or -1. */
    int segmentOf(long offset) {
        int low = 0;
        int high = segments.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (segments.get(middle).baseOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** How many bytes of a segment are durable. */
    int durableBytes(Segment segment) {
        long base = segment.baseOffset();
        if (base == durable.segmentBase()) {
            return durable.position();
        }
        return base < durable.segmentBase() ? segment.sizeBytes() : 0;
    }

    /** The offset where the durable bytes of a segment, by its number, end. */
    long durableEnd(int segment) {
        boolean last = segment == segments.size() - 1;
        return last || segments.get(segment).baseOffset() == durable.segmentBase()
                ? durable.offset()
                : segments.get(segment + 1).baseOffset();
    }

    /** Bytes of records, forced or not. */
    long sizeBytes() {
        long sum = 0;
        for (Segment segment : segments) {
            sum += segment.sizeBytes();
        }
        return sum;
    }
}
