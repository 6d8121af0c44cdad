package io.leat.broker.coordinator;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Names the one who waits for a reply. To the rules it is a name and nothing more: they put it into
 * a {@link Reply}, or into the state when the reply has to wait; only the loop completes it.
 */
public final class ReplyTo<R> {
    private final CompletableFuture<R> future = new CompletableFuture<>();
    private final Function<Unavailable, R> whenUnavailable;

    /**
     * @param whenUnavailable the reply when the coordinator cannot give one
     */
    public ReplyTo(Function<Unavailable, R> whenUnavailable) {
        this.whenUnavailable = whenUnavailable;
    }

    /** Completes with the reply, and never exceptionally; on the loop's thread. */
    CompletableFuture<R> future() {
        return future;
    }

    void complete(R reply) {
        future.complete(reply);
    }

    void refuse(Unavailable reason) {
        future.complete(whenUnavailable.apply(reason));
    }
}
