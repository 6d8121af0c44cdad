package io.leat.broker.api;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Joins the answers for many partitions into one. */
public final class Partitions {
    private Partitions() {}

    /** Completes with all results, in order, once the last one is there. */
    public static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
    }

    /** {@link #all} of what {@code ask} answers for each element. */
    public static <E, T> CompletableFuture<List<T>> all(
            List<E> elements, Function<E, CompletableFuture<T>> ask) {
        return all(elements.stream().map(ask).toList());
    }
}
