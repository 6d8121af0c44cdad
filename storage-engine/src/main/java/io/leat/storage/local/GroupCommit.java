package io.leat.storage.local;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that force what lanes have written. A log is forced by one thread at a time; while
 * that runs, arrivals gather, and the next force serves all of them. Different logs are forced at
 * the same time, since file systems serve concurrent forces with one flush of the device: on ext4,
 * 64 files took a tenth of the time from 16 threads that they took from one.
 *
 * <p>Threads come as they are needed and go when idle; the last one stays.
 */
final class GroupCommit implements Workers.Crew {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final long IDLE_MILLIS_MAX = 5_000;

    private final int threadsMax;
    private final ThreadFactory factory;

    // Guarded by this.
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private final Set<Thread> threads = new HashSet<>();
    private int threadsMade;
    private int idle;
    private boolean stopping;

    GroupCommit(int threadsMax) {
        this(threadsMax, Thread.ofPlatform()::unstarted);
    }

    /** The same with threads of another kind. */
    GroupCommit(int threadsMax, ThreadFactory factory) {
        this.threadsMax = threadsMax;
        this.factory = factory;
        // Not with the first work: where no thread can be had that shows now, and one is enough.
        synchronized (this) {
            startThread();
        }
    }

    @SuppressWarnings("GuardedBy") // by the callers
    private void startThread() {
        Thread thread = factory.newThread(this::run);
        thread.setName("leat-force-" + threadsMade++ % threadsMax);
        thread.start();
        threads.add(thread);
    }

    /**
     * Puts work in line. A log is in line, or being forced, once at the most, so that the line is
     * no longer than there are logs.
     */
    @Override
    public synchronized void submit(Runnable work) {
        waiting.add(work);
        if (waiting.size() <= idle) {
            notify();
        } else if (threads.size() < threadsMax) {
            try {
                startThread();
            } catch (OutOfMemoryError e) {
                // The system's bound on threads. Those that there are do it, one after the other.
                LOG.warn("no further thread to force with: {}", e.getMessage());
            }
        }
    }

    @Override
    public void stop() {
        Set<Thread> all;
        synchronized (this) {
            stopping = true;
            notifyAll();
            all = Set.copyOf(threads);
        }
        all.forEach(Threads::join);
    }

    private void run() {
        while (true) {
            Runnable work;
            synchronized (this) {
                while (waiting.isEmpty()) {
                    if (stopping || (!awaitWork() && waiting.isEmpty() && threads.size() > 1)) {
                        threads.remove(Thread.currentThread());
                        return;
                    }
                }
                work = waiting.remove();
            }
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                LOG.error("a force or what follows it failed unexpectedly", e);
            }
        }
    }

    /** Waits; false where nothing came for long. */
    // The caller loops, and holds the monitor.
    @SuppressWarnings({"WaitNotInLoop", "GuardedBy"})
    private boolean awaitWork() {
        long started = System.nanoTime();
        idle++;
        try {
            wait(IDLE_MILLIS_MAX);
        } catch (InterruptedException e) {
            // Threads of the store stop by message; nobody interrupts them on purpose.
            LOG.warn("{} was interrupted", Thread.currentThread().getName());
        } finally {
            idle--;
        }
        return System.nanoTime() - started < TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS_MAX);
    }
}
