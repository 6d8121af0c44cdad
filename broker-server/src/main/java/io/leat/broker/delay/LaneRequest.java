package io.leat.broker.delay;

import io.leat.storage.api.StorageException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * Somebody asks a lane for a change, and waits for it to be on the disk.
 *
 * @param ready whether the lane can do it now; it is settled before it is asked
 * @param change makes the change, and answers
 * @param reply fails with {@link StorageException} where it could not be written
 */
record LaneRequest<R>(
        Lane lane,
        Predicate<Lane> ready,
        BiFunction<Lane, Round, R> change,
        CompletableFuture<R> reply)
        implements DelayLoop.Event {
    static <R> CompletableFuture<R> ask(
            DelayLoop loop, Lane lane, Predicate<Lane> ready, BiFunction<Lane, Round, R> change) {
        CompletableFuture<R> reply = new CompletableFuture<>();
        loop.offer(new LaneRequest<>(lane, ready, change, reply));
        return reply;
    }

    @Override
    public boolean decide(Round round) {
        if (!lane.closed() && (!lane.settled() || lane.waits() || !ready.test(lane))) {
            lane.await(this);
            return false;
        }
        R answer = change.apply(lane, round);
        round.durably();
        round.then(() -> reply.complete(answer));
        return true;
    }

    @Override
    public void failed(String why) {
        reply.completeExceptionally(new StorageException(why));
    }
}
