package io.leat.cli.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM as a wish: while this is open, the process waits, in bounds, until the command
 * has ended by itself and closed this. The exit code stays that of the signal.
 */
public final class StopSignal implements AutoCloseable {
    private static final long WAIT_SECONDS = 15;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Runnable wake;
    private final Thread hook;
    private volatile boolean requested;

    private StopSignal(Runnable wake) {
        this.wake = wake;
        this.hook = Thread.ofPlatform().name("leat-stop").unstarted(this::request);
    }

    /**
     * Begins to listen.
     *
     * @param wake ends what the command waits for; called by another thread
     */
    public static StopSignal install(Runnable wake) {
        StopSignal signal = new StopSignal(wake);
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /** Whether the command should end. */
    public boolean isRequested() {
        return requested;
    }

    private void request() {
        requested = true;
        wake.run();
        try {
            var _ = ended.await(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the process end. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already, which is what this was for.
        }
    }
}
