package io.leat.storage.local;

import io.leat.storage.api.LogBounds;

/**
 * What is known of a log without reading it.
 *
 * @param logStart the first offset that may be read
 * @param durable the end of what was forced, or less: a power cut may have taken a later checkpoint
 * @param indexed how far the indexes were forced; not beyond {@code durable}
 * @param producers whether there is a snapshot of producers as of {@code indexed}; without one
 *     there were none
 */
record LogCheckpoint(long logStart, LogPosition durable, IndexedEnd indexed, boolean producers) {
    /** A log that was never written to. */
    static final LogCheckpoint EMPTY =
            new LogCheckpoint(0, LogPosition.startOf(0), IndexedEnd.startOf(0), false);

    LogCheckpoint {
        if (logStart < 0
                || logStart > durable.offset()
                || indexed.at().offset() > durable.offset()) {
            throw new IllegalArgumentException(
                    "log start %d, indexed %s, durable %s".formatted(logStart, indexed, durable));
        }
    }

    /** Whether indexes and producers go as far as the log does. */
    boolean indexesComplete() {
        return indexed.at().equals(durable);
    }

    LogBounds bounds() {
        return new LogBounds(logStart, durable.offset(), durable.offset());
    }

    /** The same with a durable end that may be further. */
    LogCheckpoint durableAtLeast(LogPosition end) {
        boolean further = end.offset() > durable.offset();
        return new LogCheckpoint(logStart, further ? end : durable, indexed, producers);
    }

    LogCheckpoint logStart(long logStart) {
        return new LogCheckpoint(logStart, durable, indexed, producers);
    }

    LogCheckpoint indexed(IndexedEnd indexed, boolean producers) {
        return new LogCheckpoint(logStart, durable, indexed, producers);
    }
}
