package io.leat.broker.share;

import java.util.OptionalLong;

/**
 * What a share group knows of one partition. Immutable.
 *
 * @param window the records that are under way
 * @param nextLock the number of the next lock; not kept
 * @param nextSequence the number of the next dead letter
 * @param producer the producer id that its dead letters are written with, once there was one
 * @param updates how many updates lie behind the snapshot in the state store
 */
record SharePartition(
        Window window, long nextLock, long nextSequence, OptionalLong producer, int updates) {

    /** Where the next delivery begins, unless the window is full. */
    OptionalLong nextOffset(ShareSettings settings) {
        for (Run run : window.runs()) {
            if (run.standing() instanceof Standing.Available) {
                return OptionalLong.of(run.first());
            }
        }
        return window.unsettled() < settings.locksMax()
                ? OptionalLong.of(window.end())
                : OptionalLong.empty();
    }

    /** How many records a group has before it, of a log that ends there. */
    long lag(long logEnd) {
        return Math.max(0, logEnd - window.start() - window.settled());
    }

    /** Whether dead letters wait to be written. */
    boolean archiving() {
        return window.runs().stream().anyMatch(run -> run.standing() instanceof Standing.Archiving);
    }
}
