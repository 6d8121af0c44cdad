package io.leat.storage.local;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes to the logs that belong to it.
 *
 * <p>It takes what has queued up, in order, hands each task to its log, lets every log that got
 * some write them at once, and then has them forced. The queue is bounded by number and by bytes.
 */
final class AppendLane {
    private static final Logger LOG = LoggerFactory.getLogger(AppendLane.class);

    /** Something for a log to do on the lane. */
    interface Task {
        /** The log it is for. */
        LogWriter writer();

        /** Bytes that it keeps from being freed. */
        int sizeBytes();

        /** Runs on the lane. What is to be written may wait for {@link LogWriter#flush}. */
        void run();

        /** Runs instead of what {@link #run} left undone when it failed. */
        void abandon(String cause);
    }

    private final int queueLength;
    private final long queuedBytesMax;
    private final ForceRound forces;
    private final Workers.Worker worker;

    // Guarded by this.
    private List<Task> queue = new ArrayList<>();
    private long queuedBytes;
    private boolean idle;
    private boolean stopping;

    // Used by the worker only.
    private List<Task> turn = new ArrayList<>();
    private final Set<LogWriter> touched = new LinkedHashSet<>();
    private final List<ForceRound.Commit> commits = new ArrayList<>();

    AppendLane(
            String name, int queueLength, long queuedBytesMax, Workers workers, ForceRound forces) {
        this.queueLength = queueLength;
        this.queuedBytesMax = queuedBytesMax;
        this.forces = forces;
        this.worker = workers.worker(name, this::turn);
    }

    /** Hands over a task; false where the queue is full, or the lane has stopped. */
    boolean offer(Task task) {
        boolean wake;
        synchronized (this) {
            long bytesAfter = queuedBytes + task.sizeBytes();
            // One task is always let in, however large, or it could never pass.
            if (stopping
                    || queue.size() >= queueLength
                    || (queuedBytes > 0 && bytesAfter > queuedBytesMax)) {
                return false;
            }
            wake = add(task);
        }
        if (wake) {
            worker.wake();
        }
        return true;
    }

    /** Hands over a task however full the queue is: one that a log has once, such as its end. */
    void insist(Task task) {
        boolean wake;
        synchronized (this) {
            if (stopping) {
                throw new IllegalStateException("the lane of " + task.writer() + " has stopped");
            }
            wake = add(task);
        }
        if (wake) {
            worker.wake();
        }
    }

    /** Whether the worker has to be woken. */
    private synchronized boolean add(Task task) {
        queue.add(task);
        queuedBytes += task.sizeBytes();
        boolean wake = idle;
        idle = false;
        return wake;
    }

    /** Lane: what is to run once all logs have written what they got in this turn. */
    void afterWrites(ForceRound.Commit commit) {
        commits.add(commit);
    }

    /** Lets the lane end once the queue is empty, and waits for it. */
    void stop() {
        synchronized (this) {
            stopping = true;
        }
        worker.stop();
    }

    /** Does what has queued up; false where that was nothing. */
    private boolean turn() {
        synchronized (this) {
            List<Task> taken = queue;
            queue = turn;
            turn = taken;
            if (turn.isEmpty()) {
                idle = true;
                return false;
            }
        }
        long bytes = 0;
        for (Task task : turn) {
            bytes += task.sizeBytes();
            runOne(task);
            touched.add(task.writer());
        }
        for (LogWriter writer : touched) {
            flush(writer);
        }
        turn.clear();
        touched.clear();
        force();
        synchronized (this) {
            queuedBytes -= bytes;
        }
        return true;
    }

    private void force() {
        try {
            forces.run(commits);
        } catch (RuntimeException | Error e) {
            // Commits fail their own logs; the lane serves others too: it must go on.
            LOG.error("a round of forces failed", e);
        } finally {
            commits.clear();
        }
    }

    private static void runOne(Task task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            fail(task.writer(), e);
            task.abandon("internal error: " + e);
        }
    }

    private static void flush(LogWriter writer) {
        try {
            writer.flush();
        } catch (RuntimeException | Error e) {
            fail(writer, e);
        }
    }

    private static void fail(LogWriter writer, Throwable cause) {
        LOG.error("log {} failed on its lane", writer, cause);
        try {
            writer.fail("internal error: " + cause);
        } catch (RuntimeException | Error e) {
            // The lane serves other logs too: it must go on.
            LOG.error("log {} failed again", writer, e);
        }
    }
}
