package io.leat.broker.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WaitSlotsTest {
    private static final long HALF_SECOND = TimeUnit.MILLISECONDS.toNanos(500);

    @Property
    void neverWaitsLongerNorMuchShorter(
            @ForAll long now, @ForAll @IntRange(min = 0) int waitMillis) {
        long wait = TimeUnit.MILLISECONDS.toNanos(waitMillis);

        long delay = WaitSlots.delayNanos(now, waitMillis);

        assertTrue(delay <= wait && delay >= wait - wait / 16, () -> delay + " of " + wait);
    }

    @Test
    void waitsThatBeginOneAfterTheOtherEndTogether() {
        LongStream ends =
                LongStream.range(0, 500)
                        .map(i -> TimeUnit.MILLISECONDS.toNanos(i))
                        .map(now -> now + WaitSlots.delayNanos(now, 500));

        assertTrue(ends.distinct().count() <= 500 / 16);
    }

    @Test
    void whoAsksAgainAtOnceStaysWithTheOthers() {
        long end = 12_345 + WaitSlots.delayNanos(12_345, 500);

        long again = end + TimeUnit.MILLISECONDS.toNanos(1);

        long cycle = again + WaitSlots.delayNanos(again, 500) - end;
        assertTrue(cycle <= HALF_SECOND, () -> cycle + " ns");
        assertEquals(0, cycle % (1 << 24));
    }
}
