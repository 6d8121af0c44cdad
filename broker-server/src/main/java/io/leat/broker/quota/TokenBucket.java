package io.leat.broker.quota;

/**
 * Tokens that fill up at a rate, to a number of seconds' worth (KIP-599). One large use may take
 * more than there are: then nothing is allowed until the debt is paid. Any thread.
 */
final class TokenBucket {
    private final double burstSeconds;
    private double tokens = Double.NaN;
    private long lastMillis;

    TokenBucket(double burstSeconds) {
        this.burstSeconds = burstSeconds;
    }

    /** Takes tokens, also where there are not enough. */
    synchronized void take(double amount, double perSecond, long nowMillis) {
        fill(perSecond, nowMillis);
        tokens -= amount;
    }

    /** How many milliseconds until a debt is paid; 0 where there is none. */
    synchronized long debtMillis(double perSecond, long nowMillis) {
        fill(perSecond, nowMillis);
        return tokens >= 0
                ? 0
                : (long) Math.min(Integer.MAX_VALUE, Math.ceil(-tokens / perSecond * 1000));
    }

    /** Whether it is full: then there is nothing to remember. */
    synchronized boolean idle(double perSecond, long nowMillis) {
        fill(perSecond, nowMillis);
        return tokens >= perSecond * burstSeconds;
    }

    private void fill(double perSecond, long nowMillis) {
        double full = perSecond * burstSeconds;
        tokens =
                Double.isNaN(tokens)
                        ? full
                        : Math.min(full, tokens + (nowMillis - lastMillis) / 1000.0 * perSecond);
        lastMillis = nowMillis;
    }
}
