package io.leat.client;

import io.leat.client.network.NetworkLoop;
import io.leat.client.network.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Waits of the callers' threads for what happens on the loop. */
final class Blocking {
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private Blocking() {}

    /**
     * Starts something on the loop and waits for it.
     *
     * @param what the caller wants, such as {@code create topic 'flights'}
     * @throws LeatClientException if it fails or takes too long
     */
    static <T> T call(
            NetworkLoop loop,
            Deadline deadline,
            String what,
            Supplier<CompletableFuture<T>> start) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                Outcome.whenDone(
                        start.get(),
                        (value, failure) -> {
                            if (failure == null) {
                                result.complete(value);
                            } else {
                                result.completeExceptionally(failure);
                            }
                        });
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return await(loop, result, deadline, what);
    }

    /** Waits for a result. */
    static <T> T await(
            NetworkLoop loop, CompletableFuture<T> result, Deadline deadline, String what) {
        if (loop.inLoop() && !result.isDone()) {
            throw new IllegalStateException(
                    "cannot "
                            + what
                            + " on the client's network thread, which must not wait; do it on a"
                            + " thread of your own (the ...Async methods of CompletableFuture)");
        }
        try {
            // The loop keeps the deadline and knows what the last attempt failed with: it is to
            // have the last word.
            return result.get(deadline.remainingNanos() + GRACE_NANOS, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            RuntimeException seen = Failures.toThrow(e, what);
            // The stack of the network thread says nothing about the call that failed.
            seen.addSuppressed(new CalledFrom());
            throw seen;
        } catch (TimeoutException e) {
            throw Failures.timedOut(what, deadline, null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientInterruptedException("interrupted while waiting to " + what, e);
        }
    }

    /** Carries the stack of the waiting thread. */
    private static final class CalledFrom extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CalledFrom() {
            super("called from");
        }
    }
}
