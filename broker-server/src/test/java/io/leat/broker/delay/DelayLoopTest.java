package io.leat.broker.delay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.broker.coordinator.ManualTime;
import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.storage.api.StateStore;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DelayLoopTest {
    /** A broker without delayed records has no store for them. */
    @Test
    void aTurnWithNothingToDoOpensNoStore() {
        AtomicInteger opened = new AtomicInteger();
        Supplier<StateStore> store =
                () -> {
                    opened.incrementAndGet();
                    return new MemoryStateStore();
                };
        new DelayLoop(store, new ManualTime(), List::of, (lane, round) -> {}).turn();
        assertEquals(0, opened.get());
    }
}
