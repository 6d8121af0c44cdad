package io.leat.storage.local;

import io.leat.storage.api.LogBounds;

/**
 * What is known of a log without reading it.
 *
 * @param logStart the first offset that may be read
 * @param durable the end of what was forced, or less: a power cut may have taken a later checkpoint
 * @param lastStable the first offset of the earliest transaction that is open there, or its end
 * @param indexed how far the indexes were forced; not beyond {@code durable}
 * @param producers whether there is a snapshot of producers as of {@code indexed}; without one
 *     there were none
 */
record LogCheckpoint(
        long logStart,
        LogPosition durable,
        long lastStable,
        IndexedEnd indexed,
        boolean producers) {
    /** A log that was never written to. */
    static final LogCheckpoint EMPTY =
            new LogCheckpoint(0, LogPosition.startOf(0), 0, IndexedEnd.startOf(0), false);

    LogCheckpoint {
        if (logStart < 0
                || logStart > durable.offset()
                || lastStable < 0
                || lastStable > durable.offset()
                || indexed.at().offset() > durable.offset()) {
            throw new IllegalArgumentException(
                    "log start %d, indexed %s, durable %s, stable %d"
                            .formatted(logStart, indexed, durable, lastStable));
        }
    }

    /** Whether indexes and producers go as far as the log does. */
    boolean indexesComplete() {
        return indexed.at().equals(durable);
    }

    LogBounds bounds() {
        return new LogBounds(
                logStart, Math.max(logStart, lastStable), durable.offset(), durable.offset());
    }

    /** The same with a durable end that may be further, or at the start of a new segment. */
    LogCheckpoint durableAtLeast(LogPosition end, long endLastStable) {
        return end.offset() > durable.offset()
                        || (end.offset() == durable.offset()
                                && end.segmentBase() > durable.segmentBase())
                ? new LogCheckpoint(logStart, end, endLastStable, indexed, producers)
                : this;
    }

    /** The same with the durable end of a view, where that is further. */
    LogCheckpoint durableAtLeast(LogView view) {
        return durableAtLeast(view.durable(), view.bounds().lastStable());
    }

    LogCheckpoint logStart(long logStart) {
        return new LogCheckpoint(logStart, durable, lastStable, indexed, producers);
    }

    LogCheckpoint indexed(IndexedEnd indexed, boolean producers) {
        return new LogCheckpoint(logStart, durable, lastStable, indexed, producers);
    }
}
