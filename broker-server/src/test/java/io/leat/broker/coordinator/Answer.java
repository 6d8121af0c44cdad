package io.leat.broker.coordinator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The answer to a command, there or not yet. It may be ignored. */
public final class Answer<R> {
    private final CompletableFuture<R> future;

    public Answer(CompletionStage<R> stage) {
        future = stage.toCompletableFuture();
    }

    public boolean isDone() {
        return future.isDone();
    }

    /** The answer, which must be there. */
    public R join() {
        assertTrue(isDone(), "still waits");
        return future.join();
    }
}
