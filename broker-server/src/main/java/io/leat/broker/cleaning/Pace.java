package io.leat.broker.cleaning;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Holds the bytes that all cleaners read and write to so many a second ({@code
 * log.cleaner.io.max.bytes.per.second}). Any thread.
 */
final class Pace {
    private static final long PARK_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(50);
    // What was not used for so long is lost.
    private static final long IDLE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(100);

    private final double bytesPerSecond;
    private final LongSupplier nanos;
    private boolean begun;
    private long freeAtNanos;

    Pace(double bytesPerSecond, LongSupplier nanos) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanos = nanos;
    }

    /** Waits until so many bytes more may have been read or written, or nobody wants them. */
    void take(long bytes, BooleanSupplier stopped) {
        if (bytesPerSecond >= Long.MAX_VALUE) {
            return;
        }
        long due = reserve(bytes);
        while (due - nanos.getAsLong() > 0 && !stopped.getAsBoolean()) {
            LockSupport.parkNanos(this, Math.min(due - nanos.getAsLong(), PARK_NANOS_MAX));
        }
    }

    /** When bytes that are asked for now are due, on the clock. */
    synchronized long reserve(long bytes) {
        long now = nanos.getAsLong();
        if (!begun || now - freeAtNanos > IDLE_NANOS_MAX) {
            begun = true;
            freeAtNanos = now - IDLE_NANOS_MAX;
        }
        freeAtNanos += (long) (bytes / bytesPerSecond * 1e9);
        return freeAtNanos;
    }
}
