package io.leat.broker.network;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of requests all connections hold together, from the socket to the answer. Without
 * room a connection begins no further request: it stops reading, and goes on when there is room
 * again. A request whose first bytes have come may come in whole, so that room is made. Any thread.
 */
final class RequestMemory {
    private final long bytesMax;
    private final AtomicLong used = new AtomicLong();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    RequestMemory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    long usedBytes() {
        return used.get();
    }

    boolean hasRoom() {
        return used.get() < bytesMax;
    }

    void take(long bytes) {
        used.addAndGet(bytes);
    }

    void giveBack(long bytes) {
        if (used.addAndGet(-bytes) < bytesMax && !waiting.isEmpty()) {
            wake();
        }
    }

    /** Runs {@code resume} once when there is room, perhaps at once, by any thread. */
    void await(Runnable resume) {
        waiting.add(resume);
        if (hasRoom()) {
            wake();
        }
    }

    private void wake() {
        // Those that find no room again come back; so no more than are here now.
        Runnable resume;
        for (int left = waiting.size(); left > 0 && (resume = waiting.poll()) != null; left--) {
            resume.run();
        }
    }
}
