package io.leat.broker.api;

import io.leat.storage.api.StateStore;
import io.leat.storage.api.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Gives out producer ids, each once for all time. They come in blocks of {@value #BLOCK}: the end
 * of a block is on disk before its first id is given out, and what a stop leaves of it is never
 * used.
 *
 * <pre>
 * key "producer-ids"   value next free block's first id(8)
 * </pre>
 *
 * Any thread; {@link #next} does not block.
 */
public final class ProducerIds {
    static final int BLOCK = 1000;

    private static final byte[] KEY = "producer-ids".getBytes(StandardCharsets.US_ASCII);

    private final StateStore state;
    private final Executor blocking;
    private long next;
    private long end;
    private @Nullable CompletableFuture<Void> refill;

    /**
     * Makes an allocator; the first block is taken when the first id is asked for.
     *
     * @param blocking where blocks are taken, which forces the disk
     */
    public ProducerIds(StateStore state, Executor blocking) {
        this.state = state;
        this.blocking = blocking;
    }

    /** A new id; fails with {@link StorageException}. */
    public CompletableFuture<Long> next() {
        CompletableFuture<Void> filled;
        synchronized (this) {
            OptionalLong id = take();
            if (id.isPresent()) {
                return CompletableFuture.completedFuture(id.getAsLong());
            }
            if (refill == null || refill.isDone()) {
                refill = CompletableFuture.runAsync(this::takeBlock, blocking);
            }
            filled = refill;
        }
        // Others may empty the block before this one's turn comes: then it takes part in the next.
        return filled.thenCompose(done -> next());
    }

    private OptionalLong take() {
        return next < end ? OptionalLong.of(next++) : OptionalLong.empty();
    }

    private void takeBlock() {
        long first = state.get(KEY).map(bytes -> ByteBuffer.wrap(bytes).getLong()).orElse(0L);
        byte[] behind = ByteBuffer.allocate(Long.BYTES).putLong(first + BLOCK).array();
        state.write(List.of(new StateStore.Write.Put(KEY, behind)), true);
        synchronized (this) {
            next = first;
            end = first + BLOCK;
        }
    }
}
