package io.leat.broker.partition;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The fetches that wait for one partition to grow.
 *
 * <p>A waiter first adds itself and then reads once more: what arrived between its first read and
 * its adding is seen by the second read, and what arrives later wakes it. So no wake-up is lost and
 * nobody polls. Waiters are few: at most one per connection and request in flight.
 */
public final class FetchWaiters {
    private final Set<Runnable> waiters = ConcurrentHashMap.newKeySet(2);

    /**
     * Adds a waiter, called on the log's thread whenever the partition moved, until removed: it
     * must return at once. Adding it again has no effect.
     */
    public void add(Runnable waiter) {
        waiters.add(waiter);
    }

    public void remove(Runnable waiter) {
        waiters.remove(waiter);
    }

    public int size() {
        return waiters.size();
    }

    /** Tells every waiter. */
    public void wake() {
        if (!waiters.isEmpty()) {
            waiters.forEach(Runnable::run);
        }
    }
}
