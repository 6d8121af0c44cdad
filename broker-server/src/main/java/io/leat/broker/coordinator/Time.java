package io.leat.broker.coordinator;

/** Where a coordinator reads the time; a simulation brings its own. */
public interface Time {
    /** Milliseconds since the epoch, for timestamps that are kept. */
    long wallMillis();

    /** Nanoseconds of a clock that never goes back, for delays. */
    long monotonicNanos();

    /** The machine's clocks. */
    Time SYSTEM =
            new Time() {
                @Override
                public long wallMillis() {
                    return System.currentTimeMillis();
                }

                @Override
                public long monotonicNanos() {
                    return System.nanoTime();
                }
            };
}
