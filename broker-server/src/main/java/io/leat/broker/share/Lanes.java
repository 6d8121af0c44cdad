package io.leat.broker.share;

import io.leat.broker.coordinator.StateListener;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets one fetch at a time read for a share partition, since all would read the same, and wakes
 * those that wait when it may be worth it. Any thread.
 */
final class Lanes implements StateListener<SharePartitionId, SharePartition> {
    private final Map<SharePartitionId, Lane> lanes = new ConcurrentHashMap<>();

    /** The way to one share partition's records. */
    static final class Lane {
        private final Set<Runnable> waiters = ConcurrentHashMap.newKeySet(2);
        private final AtomicBoolean taken = new AtomicBoolean();

        /** Whether the caller may read; then it must {@link #leave}. */
        boolean enter() {
            return taken.compareAndSet(false, true);
        }

        /** Lets the others in; whoever leaves knows what there is, and need not be woken. */
        void leave(Runnable leaving) {
            taken.set(false);
            for (Runnable waiter : waiters) {
                if (!waiter.equals(leaving)) {
                    waiter.run();
                }
            }
        }

        /**
         * Adds a waiter, called by any thread whenever it may be worth to look: it returns at once.
         */
        void add(Runnable waiter) {
            waiters.add(waiter);
        }

        void remove(Runnable waiter) {
            waiters.remove(waiter);
        }
    }

    Lane of(SharePartitionId id) {
        return lanes.computeIfAbsent(id, key -> new Lane());
    }

    @Override
    public void published(
            SharePartitionId id, Optional<SharePartition> before, Optional<SharePartition> after) {
        Lane lane = after.isEmpty() ? lanes.remove(id) : lanes.get(id);
        if (lane == null || lane.waiters.isEmpty()) {
            return;
        }
        if (after.isEmpty() || before.isEmpty() || opens(before.get(), after.get())) {
            lane.waiters.forEach(Runnable::run);
        }
    }

    /** Whether there may be more to take than before. */
    private static boolean opens(SharePartition before, SharePartition after) {
        return available(after) || after.window().unsettled() < before.window().unsettled();
    }

    private static boolean available(SharePartition state) {
        return state.window().runs().stream()
                .anyMatch(run -> run.standing() instanceof Standing.Available);
    }
}
