package io.leat.client.network;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses between attempts: doubled with every failure up to a limit, and never the same for two
 * clients.
 */
public final class Backoff {
    private static final double JITTER = 0.2;
    private static final int DOUBLINGS_MAX = 20;

    private Backoff() {}

    /**
     * The pause before the next attempt.
     *
     * @param failures attempts that failed since the last success; 0 means no pause
     * @param first the pause after one failure, give or take a fifth
     * @param max the longest pause
     */
    public static Duration delay(int failures, Duration first, Duration max) {
        if (failures == 0) {
            return Duration.ZERO;
        }
        double doubled =
                (double) first.toNanos() * (double) (1L << Math.min(failures - 1, DOUBLINGS_MAX));
        double factor = ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER);
        return Duration.ofNanos((long) Math.min(doubled * factor, (double) max.toNanos()));
    }

    static Duration delay(ConnectionSettings settings, int failures) {
        return delay(failures, settings.reconnectBackoff(), settings.reconnectBackoffMax());
    }
}
