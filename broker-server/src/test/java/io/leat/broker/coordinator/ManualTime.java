package io.leat.broker.coordinator;

import java.util.concurrent.TimeUnit;

/** A clock that moves when it is told to. */
public final class ManualTime implements Time {
    private long millis = 1_700_000_000_000L;

    @Override
    public long wallMillis() {
        return millis;
    }

    @Override
    public long monotonicNanos() {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    public void advance(long byMillis) {
        millis += byMillis;
    }
}
