package io.leat.client.network;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done when a future completes and nothing else hangs on. */
public final class Outcome {
    private static final Logger LOG = LoggerFactory.getLogger(Outcome.class);

    private Outcome() {}

    /**
     * Hands over the result, or else the failure. What the action throws is a bug, which would go
     * unnoticed in a future that nobody looks at: it is logged.
     */
    public static <T> void whenDone(
            CompletableFuture<T> future, BiConsumer<? super T, ? super Throwable> action) {
        CompletableFuture<T> unused =
                future.whenComplete((value, failure) -> {
                    try {
                        action.accept(value, failure);
                    } catch (RuntimeException | Error e) {
                        LOG.error("an unexpected failure in the client", e);
                    }
                });
    }
}
