package io.leat.cli.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** How long things took: up to two minutes, to three digits. Any thread. */
final class Latencies {
    private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int DIGITS = 3;

    private final Histogram nanos = new ConcurrentHistogram(HIGHEST_NANOS, DIGITS);

    /** Something that was due then has happened now. */
    void sinceNanos(long dueNanos) {
        nanos.recordValue(Math.clamp(System.nanoTime() - dueNanos, 1, HIGHEST_NANOS));
    }

    double percentileMillis(double percentile) {
        return nanos.getValueAtPercentile(percentile) / 1e6;
    }

    double maxMillis() {
        return nanos.getMaxValue() / 1e6;
    }

    long count() {
        return nanos.getTotalCount();
    }
}
