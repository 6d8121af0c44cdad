package io.leat.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes that may be in use at once. Who wants more than are left waits, and whoever waits longest
 * is served first. Any thread.
 */
final class MemoryBudget {
    private final long totalBytes;
    // Fair: a large record is not overtaken by small ones for ever.
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition released = lock.newCondition();
    private long usedBytes;
    private int waiting;
    private boolean closed;

    MemoryBudget(long totalBytes) {
        this.totalBytes = totalBytes;
    }

    /**
     * Takes bytes if they are free and nobody waits for some.
     *
     * @return whether they are the caller's now
     */
    boolean tryReserve(long bytes) {
        lock.lock();
        try {
            if (waiting > 0 || usedBytes + bytes > totalBytes) {
                return false;
            }
            usedBytes += bytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes bytes, and waits for them until the deadline.
     *
     * @return whether they are the caller's now; false also when the budget was closed meanwhile
     */
    boolean reserve(long bytes, Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        waiting++;
        try {
            while (!closed && usedBytes + bytes > totalBytes) {
                if (released.awaitNanos(
                                        Math.min(
                                                deadline.remainingNanos(),
                                                TimeUnit.HOURS.toNanos(1)))
                                <= 0
                        && deadline.isOver()) {
                    return false;
                }
            }
            if (closed) {
                return false;
            }
            usedBytes += bytes;
            return true;
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    /** Gives bytes back. */
    void release(long bytes) {
        lock.lock();
        try {
            usedBytes -= bytes;
            assert usedBytes >= 0 : "more was released than reserved";
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody waits, so that what is in use should be finished soon. */
    boolean isShort() {
        lock.lock();
        try {
            return waiting > 0;
        } finally {
            lock.unlock();
        }
    }

    long usedBytes() {
        lock.lock();
        try {
            return usedBytes;
        } finally {
            lock.unlock();
        }
    }

    long totalBytes() {
        return totalBytes;
    }

    /** Lets everyone go who waits. */
    void close() {
        lock.lock();
        try {
            closed = true;
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
