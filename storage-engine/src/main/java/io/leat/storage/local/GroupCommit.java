package io.leat.storage.local;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that forces what a lane's logs have written: while it forces, arrivals gather for
 * the next round. What it forces for one append it forces for all that came before.
 */
final class GroupCommit {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    private final Thread thread;
    private List<LogCommit> waiting = new ArrayList<>();
    private boolean idle;
    private boolean stopping;

    GroupCommit(String name) {
        this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Lets the next round include a log. A log is in line once at the most. */
    void submit(LogCommit log) {
        boolean wake;
        synchronized (this) {
            waiting.add(log);
            wake = idle;
            idle = false;
        }
        if (wake) {
            LockSupport.unpark(thread);
        }
    }

    /** Lets the thread end after the last round, and waits for it. */
    void stop() {
        synchronized (this) {
            stopping = true;
            idle = false;
        }
        LockSupport.unpark(thread);
        Threads.join(thread);
    }

    private void run() {
        List<LogCommit> round = new ArrayList<>();
        while (true) {
            synchronized (this) {
                List<LogCommit> taken = waiting;
                waiting = round;
                round = taken;
                if (round.isEmpty()) {
                    if (stopping) {
                        return;
                    }
                    idle = true;
                }
            }
            if (round.isEmpty()) {
                awaitLogs();
                continue;
            }
            for (LogCommit log : round) {
                commit(log);
            }
            round.clear();
        }
    }

    private void awaitLogs() {
        while (true) {
            synchronized (this) {
                if (!idle) {
                    return;
                }
            }
            LockSupport.park(this);
        }
    }

    private static void commit(LogCommit log) {
        try {
            log.commit();
        } catch (RuntimeException | Error e) {
            LOG.error("log {} failed in group commit", log, e);
            log.fail("internal error: " + e);
        }
    }
}
