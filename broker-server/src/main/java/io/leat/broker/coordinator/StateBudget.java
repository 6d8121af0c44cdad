package io.leat.broker.coordinator;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much heap the states of a loop may take, all together and each. What clients say of
 * themselves becomes state, and nobody else bounds it: without this, one client that joins with
 * enough groups takes the heap from all.
 *
 * <p>Only commands that may be refused are, and only where they make a state larger; so those who
 * are in go on, and whoever leaves makes room.
 *
 * <p>Owned by the loop's thread; {@link #heldBytes} is for any thread.
 */
final class StateBudget {
    /** The part that one state may take: now and then it is copied as a whole. */
    private static final int PART_OF_ONE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(StateBudget.class);

    private final long maxBytes;
    private volatile long heldBytes;
    private long turnBytes;
    private boolean full;

    StateBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    long maxBytes() {
        return maxBytes;
    }

    /** What the states take that are published. */
    long heldBytes() {
        return heldBytes;
    }

    /** Whether a state may become that much larger. */
    boolean admits(long beforeBytes, long afterBytes) {
        if (afterBytes <= beforeBytes) {
            return true;
        }
        boolean one = afterBytes <= maxBytes / PART_OF_ONE;
        boolean all = heldBytes + turnBytes + afterBytes - beforeBytes <= maxBytes;
        if (!all && !full) {
            full = true;
            LOG.warn(
                    "Groups, offsets and transactions take {} bytes of heap, and may take {}"
                            + " (leat.coordinator.state.max.bytes): who brings more is refused",
                    heldBytes + turnBytes,
                    maxBytes);
        }
        return one && all;
    }

    /** A state of the turn under way is that much larger than before. */
    void grow(long bytes) {
        turnBytes += bytes;
    }

    /** The turn has happened. */
    // One thread writes, others see what it wrote.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void conclude() {
        heldBytes += turnBytes;
        turnBytes = 0;
        if (full && heldBytes <= maxBytes - maxBytes / 8) {
            full = false;
            LOG.info("There is room for groups, offsets and transactions again");
        }
    }

    /** The turn has not happened. */
    void abandon() {
        turnBytes = 0;
    }
}
