package io.leat.storage.local;

import io.leat.storage.api.LogStore;
import io.leat.storage.api.StorageObserver;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * A {@link LocalLogStore} without threads of its own: everything that it does beside its caller's
 * calls is done by {@link #step}, one piece at a time, in an order that a seed decides. So whatever
 * happens, happens again with the same seed.
 *
 * <p>One thread.
 */
public final class SeededStore {
    private final SeededWorkers workers;
    private final LogStore logs;

    /**
     * Opens a store.
     *
     * @param random decides what is done next
     */
    public SeededStore(Path root, LocalStoreSettings settings, Disk disk, Random random) {
        workers = new SeededWorkers(random);
        logs = new LocalLogStore(root, settings, StorageObserver.NONE, disk, workers);
    }

    /** The store itself. Whoever waits for one of its futures has to {@link #drive} it. */
    public LogStore logs() {
        return logs;
    }

    /** Does one piece of what is to be done; false where that is nothing. */
    public boolean step() {
        return workers.step();
    }

    /** Does all there is to be done now. */
    public void settle() {
        workers.settle();
    }

    /** Lets so much time pass that everything that waits for it is due; false where nothing was. */
    public boolean passTime() {
        return workers.passTime();
    }

    /** Does what is to be done until a future has completed, and returns it. */
    public <T> CompletableFuture<T> drive(CompletableFuture<T> future) {
        workers.await(future);
        return future;
    }
}
