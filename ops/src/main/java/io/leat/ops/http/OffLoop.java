package io.leat.ops.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Runs what may take long on a virtual thread, so that the event loop stays free. Not on the HTTP
 * library's own workers: those are interrupted at the end, which would close a file being read.
 */
final class OffLoop {
    private OffLoop() {}

    /**
     * Runs {@code work}, and {@code answer} with its outcome on the event loop of the request. What
     * either throws fails the request.
     */
    static <T> void answer(RoutingContext ctx, Callable<T> work, Consumer<T> answer) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Thread.ofVirtual().name("http").start(() -> run(work, outcome));
        Future.fromCompletionStage(outcome, ctx.vertx().getOrCreateContext())
                .map(result -> {
                    answer.accept(result);
                    return true;
                })
                .onFailure(ctx::fail);
    }

    private static <T> void run(Callable<T> work, CompletableFuture<T> outcome) {
        try {
            outcome.complete(work.call());
        } catch (Throwable e) {
            outcome.completeExceptionally(e);
        }
    }
}
