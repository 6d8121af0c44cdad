package io.leat.broker.quota;

import java.util.Arrays;

/**
 * How much was used over the last windows of time, and how long to wait so that it is no more than
 * a quota allows. Any thread.
 *
 * <p>The rate is what was used in the windows, through the time of all windows but the growing one:
 * a client that was idle may use as much at once.
 */
final class RateMeter {
    private final double[] windows;
    private final long windowMillis;
    private long current = Long.MIN_VALUE;
    private double total;

    RateMeter(int windows, long windowMillis) {
        this.windows = new double[windows];
        this.windowMillis = windowMillis;
    }

    /**
     * Takes in a use.
     *
     * @param perSecond the quota
     * @return for how many milliseconds nothing more should be used; 0 within the quota
     */
    synchronized long record(double amount, double perSecond, long nowMillis) {
        add(amount, nowMillis);
        double spanMillis = (windows.length - 1.0) * windowMillis + nowMillis % windowMillis;
        double rate = total * 1000 / spanMillis;
        return rate <= perSecond
                ? 0
                : (long) Math.min(Integer.MAX_VALUE, (rate / perSecond - 1) * spanMillis);
    }

    /**
     * Takes in a use if the quota allows it. What is refused does not count, or those that keep on
     * asking would never be let in again.
     *
     * @return 0 when it was taken in, or else for how many milliseconds nothing should be used
     */
    synchronized long admit(double amount, double perSecond, long nowMillis) {
        long waitMillis = record(amount, perSecond, nowMillis);
        if (waitMillis > 0) {
            add(-amount, nowMillis);
        }
        return waitMillis;
    }

    /** Whether nothing was used for so long that there is nothing to remember. */
    synchronized boolean idle(long nowMillis) {
        advance(nowMillis);
        return total <= 0;
    }

    private void add(double amount, long nowMillis) {
        advance(nowMillis);
        windows[(int) Math.floorMod(current, (long) windows.length)] += amount;
        total += amount;
    }

    private void advance(long nowMillis) {
        long now = Math.floorDiv(nowMillis, windowMillis);
        long gone = now - current;
        if (current == Long.MIN_VALUE || gone >= windows.length) {
            Arrays.fill(windows, 0);
            total = 0;
            current = now;
            return;
        }
        for (; current < now; current++) {
            int next = (int) Math.floorMod(current + 1, (long) windows.length);
            total = Math.max(0, total - windows[next]);
            windows[next] = 0;
        }
    }
}
