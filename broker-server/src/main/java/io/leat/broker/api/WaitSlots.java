package io.leat.broker.api;

import java.util.concurrent.TimeUnit;

/**
 * Lets the waits of many clients run out together, so that an event loop wakes once for all of them
 * and not once for each. A wait may end up to a sixteenth early, and never late: clients ask for
 * the longest time, and who asks again at once falls into the same slot for good.
 *
 * <p>Any thread.
 */
public final class WaitSlots {
    private static final int PARTS = 16;

    private WaitSlots() {}

    /**
     * How long to wait, in nanoseconds, for a wait that ends with its slot.
     *
     * @param nowNanos {@link System#nanoTime}
     * @param waitMillis the longest that the client wants to wait, 0 or more
     */
    public static long delayNanos(long nowNanos, int waitMillis) {
        long wait = TimeUnit.MILLISECONDS.toNanos(waitMillis);
        // Powers of two nest: waits of different lengths end together too.
        long slot = Long.highestOneBit(wait / PARTS);
        return slot == 0 ? wait : wait - Math.floorMod(nowNanos + wait, slot);
    }
}
