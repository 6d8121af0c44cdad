package io.leat.client;

import io.leat.client.network.Backoff;
import io.leat.client.network.NetworkLoop;
import io.leat.client.network.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries something on the loop until it succeeds, fails for good, or its time is over. Between two
 * attempts it looks up the cluster anew, for a leader or coordinator that has moved.
 */
final class Retry<T> {
    private final Cluster cluster;
    private final Deadline deadline;
    private final String what;
    private final Supplier<CompletableFuture<T>> attempt;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private int failures;
    private @Nullable Throwable lastFailure;

    private Retry(
            Cluster cluster,
            Deadline deadline,
            String what,
            Supplier<CompletableFuture<T>> attempt) {
        this.cluster = cluster;
        this.deadline = deadline;
        this.what = what;
        this.attempt = attempt;
    }

    /**
     * Starts to try; called on the loop.
     *
     * @param what for messages, such as {@code create topic 'flights'}
     * @param attempt starts one attempt
     */
    static <T> CompletableFuture<T> until(
            Cluster cluster,
            Deadline deadline,
            String what,
            Supplier<CompletableFuture<T>> attempt) {
        Retry<T> retry = new Retry<>(cluster, deadline, what, attempt);
        NetworkLoop.Timer end = cluster.loop().schedule(deadline.remaining(), retry::giveUp);
        retry.run();
        return retry.result.whenComplete((value, failure) -> end.cancel());
    }

    private void giveUp() {
        result.completeExceptionally(Failures.timedOut(what, deadline, lastFailure));
    }

    private void run() {
        if (result.isDone()) {
            return;
        }
        CompletableFuture<T> started;
        try {
            started = attempt.get();
        } catch (RuntimeException e) {
            started = CompletableFuture.failedFuture(e);
        }
        Outcome.whenDone(
                started,
                (value, failure) -> {
                    if (failure == null) {
                        result.complete(value);
                    } else {
                        failed(failure);
                    }
                });
    }

    private void failed(Throwable failure) {
        if (!Failures.isRetriable(failure)) {
            result.completeExceptionally(Failures.toThrow(failure, what));
            return;
        }
        failures++;
        lastFailure = failure;
        ConnectionOptions options = cluster.options();
        Duration pause = Backoff.delay(failures, options.retryBackoff(), options.retryBackoffMax());
        if (deadline.remaining().compareTo(pause) <= 0) {
            giveUp();
            return;
        }
        NetworkLoop loop = cluster.loop();
        loop.schedule(pause, () -> Outcome.whenDone(cluster.refresh(), (view, ignored) -> run()));
    }
}
