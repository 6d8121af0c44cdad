package io.leat.client;

import java.time.Duration;

/**
 * A moment until which something may take.
 *
 * @param nanos by the clock of {@link System#nanoTime}
 * @param length how long it was when it was set, for messages
 */
record Deadline(long nanos, Duration length) {
    /** Longer waits are as good as forever, and this much keeps the arithmetic safe. */
    private static final Duration LONGEST = Duration.ofDays(3650);

    static Deadline after(Duration length) {
        Duration bounded = length.compareTo(LONGEST) < 0 ? length : LONGEST;
        return new Deadline(System.nanoTime() + bounded.toNanos(), length);
    }

    /** This one, or one in so long, whichever comes first. */
    Deadline orSooner(Duration other) {
        Deadline sooner = after(other);
        return sooner.nanos - nanos < 0 ? sooner : this;
    }

    boolean isOver() {
        return remainingNanos() == 0;
    }

    long remainingNanos() {
        return Math.max(0, nanos - System.nanoTime());
    }

    Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    /** The length as people write it. */
    @Override
    public String toString() {
        long millis = length.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
