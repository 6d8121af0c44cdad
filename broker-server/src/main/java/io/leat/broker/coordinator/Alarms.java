package io.leat.broker.coordinator;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Alarms by deadline. Moving one to a later time, which is what every heartbeat does, is one hash
 * lookup: the queue entry stays where it is and is put back when it comes up early. Entries of
 * alarms that were cancelled, or moved to an earlier time, are dropped when they outnumber the
 * others: their time may be days away. Owned by the loop's thread.
 */
final class Alarms<T> {
    private static final int DEAD_MAX = 1_024;

    private record Queued<T>(T target, long deadlineNanos) {}

    private static final class Deadline {
        long nanos;

        /**
         * The deadline under which the alarm stands in the queue, never later than {@link #nanos}.
         */
        long queuedNanos;
    }

    private final Map<T, Deadline> deadlines = new HashMap<>();
    // Nanosecond clocks may overflow, so deadlines are compared by difference.
    private final PriorityQueue<Queued<T>> queue =
            new PriorityQueue<>((a, b) -> Long.signum(a.deadlineNanos() - b.deadlineNanos()));

    void set(T target, long deadlineNanos) {
        Deadline deadline = deadlines.get(target);
        if (deadline == null) {
            deadline = new Deadline();
            deadlines.put(target, deadline);
        } else if (deadlineNanos - deadline.queuedNanos >= 0) {
            deadline.nanos = deadlineNanos;
            return;
        }
        deadline.nanos = deadlineNanos;
        deadline.queuedNanos = deadlineNanos;
        queue.add(new Queued<>(target, deadlineNanos));
        dropDead();
    }

    void cancel(T target) {
        deadlines.remove(target);
        dropDead();
    }

    private void dropDead() {
        if (queue.size() <= 2 * deadlines.size() + DEAD_MAX) {
            return;
        }
        queue.clear();
        deadlines.forEach((target, deadline) -> {
            deadline.queuedNanos = deadline.nanos;
            queue.add(new Queued<>(target, deadline.nanos));
        });
    }

    /** Takes out every alarm whose deadline is at {@code nowNanos} or earlier. */
    void takeDue(long nowNanos, Consumer<T> due) {
        for (Queued<T> head = queue.peek();
                head != null && head.deadlineNanos() - nowNanos <= 0;
                head = queue.peek()) {
            queue.remove();
            Deadline deadline = deadlines.get(head.target());
            if (deadline == null || deadline.queuedNanos != head.deadlineNanos()) {
                continue; // cancelled, or queued again for an earlier time
            }
            if (deadline.nanos - nowNanos <= 0) {
                deadlines.remove(head.target());
                due.accept(head.target());
            } else {
                deadline.queuedNanos = deadline.nanos;
                queue.add(new Queued<>(head.target(), deadline.nanos));
            }
        }
    }

    /** When {@link #takeDue} is worth a call; it may find nothing then. */
    OptionalLong nextNanos() {
        Queued<T> head = queue.peek();
        return head == null ? OptionalLong.empty() : OptionalLong.of(head.deadlineNanos());
    }

    int size() {
        return deadlines.size();
    }

    /** How many entries the queue has, dead ones among them. */
    int queued() {
        return queue.size();
    }
}
