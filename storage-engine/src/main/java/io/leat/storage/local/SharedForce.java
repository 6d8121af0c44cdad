package io.leat.storage.local;

import java.io.IOException;

/**
 * A force of one file or directory for all who ask at the same time: who asks while one runs shares
 * the next with all others that do. Any thread.
 */
final class SharedForce {
    /** The force itself. */
    interface Action {
        void run() throws IOException;
    }

    private final Action action;

    // Guarded by this. Asks are numbered; a force serves those numbered before it began.
    private long asked;
    private long served;
    private boolean running;

    SharedForce(Action action) {
        this.action = action;
    }

    /**
     * Returns once a force has ended that began after this call did.
     *
     * @throws IOException when the caller's own force fails; those who waited for it try themselves
     */
    void force() throws IOException {
        long serving;
        synchronized (this) {
            long mine = ++asked;
            while (running && served < mine) {
                awaitChange();
            }
            if (served >= mine) {
                return;
            }
            running = true;
            serving = asked;
        }
        boolean forced = false;
        try {
            action.run();
            forced = true;
        } finally {
            synchronized (this) {
                running = false;
                if (forced) {
                    served = serving;
                }
                notifyAll();
            }
        }
    }

    // The caller loops, and holds the monitor.
    @SuppressWarnings({"WaitNotInLoop", "GuardedBy"})
    private void awaitChange() {
        boolean interrupted = false;
        try {
            wait();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
