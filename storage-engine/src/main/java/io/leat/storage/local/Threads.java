package io.leat.storage.local;

/** Waiting for threads that end by message and are never interrupted. */
final class Threads {
    private Threads() {}

    /** Waits until the thread has ended; an interrupt is kept for the caller's later waits. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
