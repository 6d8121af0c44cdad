package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class MemoryBudgetTest {
    private final MemoryBudget budget = new MemoryBudget(100);

    @Test
    void givesNoMoreThanThereIs() throws Exception {
        assertTrue(budget.tryReserve(60));
        assertTrue(budget.tryReserve(40));
        assertFalse(budget.tryReserve(1));
        assertFalse(budget.reserve(1, Deadline.after(Duration.ofMillis(20))));
        budget.release(60);
        assertTrue(budget.reserve(60, Deadline.after(Duration.ZERO)));
        assertEquals(100, budget.usedBytes());
    }

    @Test
    void wakesWhoWaitsWhenEnoughIsFree() throws Exception {
        assertTrue(budget.tryReserve(100));
        CompletableFuture<Boolean> waiting = reserveElsewhere(50);
        budget.release(40);
        assertFalse(waiting.isDone());
        budget.release(10);
        assertTrue(waiting.get(30, TimeUnit.SECONDS));
        assertEquals(100, budget.usedBytes());
        assertFalse(budget.isShort());
    }

    @Test
    void letsNobodyPassWhoeverWaits() throws Exception {
        assertTrue(budget.tryReserve(100));
        CompletableFuture<Boolean> large = reserveElsewhere(80);
        budget.release(50);
        assertFalse(budget.tryReserve(10), "a small one has overtaken a large one");
        budget.release(50);
        assertTrue(large.get(30, TimeUnit.SECONDS));
        assertTrue(budget.tryReserve(10));
    }

    @Test
    void letsEveryoneGoWhenClosed() throws Exception {
        assertTrue(budget.tryReserve(100));
        CompletableFuture<Boolean> waiting = reserveElsewhere(1);
        budget.close();
        assertFalse(waiting.get(30, TimeUnit.SECONDS));
    }

    private CompletableFuture<Boolean> reserveElsewhere(long bytes) {
        CompletableFuture<Boolean> reserved =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return budget.reserve(bytes, Deadline.after(Duration.ofMinutes(1)));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
        BrokerContract.eventually("somebody waits", budget::isShort);
        return reserved;
    }
}
