package io.leat.broker.api;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
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
     * Has {@code loop} run {@code task} when a wait is over that begins now.
     *
     * @param waitMillis the longest that the client wants to wait, 0 or more
     */
    public static Future<?> schedule(ScheduledExecutorService loop, Runnable task, int waitMillis) {
        return loop.schedule(task, delayNanos(System.nanoTime(), waitMillis), TimeUnit.NANOSECONDS);
    }

    /** How long a wait lasts that begins at {@code nowNanos}, to the end of its slot. */
    static long delayNanos(long nowNanos, int waitMillis) {
        long wait = TimeUnit.MILLISECONDS.toNanos(waitMillis);
        // Powers of two nest: waits of different lengths end together too.
        long slot = Long.highestOneBit(wait / PARTS);
        return slot == 0 ? wait : wait - Math.floorMod(nowNanos + wait, slot);
    }
}
