package io.leat.broker.cleaning;

import io.leat.compaction.cleaning.CleanPoint;

/**
 * What is kept of the compaction of one log.
 *
 * @param point up to where it is clean
 * @param endedMillis when its last pass ended, or {@link #NEVER}
 * @param recordsRemoved how many records that pass removed
 * @param bytesFreed by how much it made the log smaller
 */
record CleaningState(CleanPoint point, long endedMillis, long recordsRemoved, long bytesFreed) {
    static final long NEVER = -1;

    /** Of a log that no pass has seen. */
    static final CleaningState NEW = new CleaningState(CleanPoint.START, NEVER, 0, 0);
}
