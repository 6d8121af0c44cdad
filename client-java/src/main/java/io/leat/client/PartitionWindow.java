package io.leat.client;

import io.leat.client.PendingBatch.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one partition that were sent and are not done, in their order, and what keeps that
 * order.
 *
 * <p>At most as many are on the way as a broker remembers of a producer, so that it recognises
 * whatever is repeated. After a failure nothing new is sent until all answers are in; then what
 * failed is sent again, one batch at a time. What the broker answers to the first of them settles
 * what became of it:
 *
 * <ul>
 *   <li>done, or a duplicate: it is there;
 *   <li>out of order: it is not there, nor is anything behind it, since a batch in front of it was
 *       given up or the broker has lost its memory. Only then the numbers start anew, in the next
 *       epoch: earlier that could write a batch twice.
 * </ul>
 *
 * <p>Until the broker has taken the first batch of a producer it takes any number for the first, so
 * that one travels alone: should it fail for a moment, as with a leader that is only just elected,
 * the second would overtake it.
 *
 * <p>Of the loop alone, but for {@link #queue}.
 */
final class PartitionWindow {
    private final PartitionQueue queue;
    private final boolean idempotent;
    private final int batchesMax;
    private final ArrayDeque<PendingBatch> sent = new ArrayDeque<>();
    private Optional<ProducerIdentity> identity = Optional.empty();
    private int nextSequence;
    private boolean known;
    private boolean gap;
    private boolean renumber;
    private long retryAtNanos;

    PartitionWindow(PartitionQueue queue, ProducerOptions options) {
        this.queue = queue;
        this.idempotent = options.idempotent();
        this.batchesMax = options.inFlightMax();
    }

    PartitionQueue queue() {
        return queue;
    }

    TopicPartition partition() {
        return queue.partition();
    }

    /** Whether something was sent that is to be sent again. */
    boolean isRecovering() {
        return has(State.RETRY);
    }

    /** When the next attempt after a failure may start. */
    long retryAtNanos() {
        return retryAtNanos;
    }

    /** The batch that has to go next, or null if none may go now. */
    @Nullable PendingBatch peek(long nowNanos) {
        if (isRecovering()) {
            return !has(State.IN_FLIGHT) && nowNanos - retryAtNanos >= 0 ? firstRetry() : null;
        }
        return sent.size() < (known ? batchesMax : 1) ? queue.peek() : null;
    }

    private @Nullable PendingBatch firstRetry() {
        for (PendingBatch batch : sent) {
            if (batch.state == State.RETRY) {
                return batch;
            }
        }
        return null;
    }

    private boolean has(State state) {
        for (PendingBatch batch : sent) {
            if (batch.state == state) {
                return true;
            }
        }
        return false;
    }

    /** The most bytes that what {@link #peek} has shown has as it is now. */
    long peekedBytes(PendingBatch peeked) {
        return peeked.state == State.RETRY ? peeked.seal().remaining() : queue.peekBytes();
    }

    /** Whether a batch can be numbered now, or a new producer id is needed first. */
    boolean needsIdentity() {
        boolean exhausted =
                (renumber || gap) && identity.filter(mine -> !mine.canBump()).isPresent();
        if (exhausted) {
            identity = Optional.empty();
        }
        return idempotent && identity.isEmpty();
    }

    /** Takes an id; those batches that wait for a number get one. */
    void identify(ProducerIdentity fresh) {
        identity = Optional.of(fresh);
        restart(fresh);
    }

    /** Takes out what {@link #peek} has shown; it is on its way from now on. */
    PendingBatch take(PendingBatch peeked) {
        if (peeked.state == State.RETRY) {
            if (renumber) {
                identity.ifPresent(mine -> restart(mine.bumped()));
            }
        } else {
            PendingBatch polled = queue.poll();
            assert polled == peeked : "only the loop takes batches";
            if (gap && sent.isEmpty()) {
                identity.ifPresent(mine -> restart(mine.bumped()));
            }
            sent.add(peeked);
            number(peeked);
        }
        peeked.state = State.IN_FLIGHT;
        peeked.attempts++;
        return peeked;
    }

    private void restart(ProducerIdentity next) {
        identity = Optional.of(next);
        nextSequence = 0;
        known = false;
        gap = false;
        renumber = false;
        sent.forEach(this::number);
    }

    private void number(PendingBatch batch) {
        identity.ifPresent(mine -> {
            batch.stamp(mine, nextSequence);
            // Behind 2^31 - 1 comes 0.
            nextSequence = (nextSequence + batch.recordCount()) & Integer.MAX_VALUE;
        });
    }

    /** Takes out a batch that is delivered. */
    void succeeded(PendingBatch batch) {
        known = true;
        sent.remove(batch);
    }

    /** Keeps a batch to be sent again. */
    void retry(PendingBatch batch, Throwable why, long atNanos) {
        batch.state = State.RETRY;
        batch.lastFailure = why;
        retryAtNanos = atNanos;
    }

    /**
     * Keeps a batch that the broker does not want at its number; says whether the numbers start
     * anew.
     */
    boolean outOfOrder(PendingBatch batch, Throwable why, long atNanos) {
        boolean head = sent.peek() == batch;
        retry(batch, why, atNanos);
        renumber |= head;
        return head;
    }

    /**
     * Takes out a batch that is given up; its number stays unused, or used by nobody knows what.
     */
    void failed(PendingBatch batch) {
        if (sent.remove(batch)) {
            gap = true;
        }
    }

    /** Takes out and returns what waits for longer than it may. */
    List<PendingBatch> takeExpired() {
        List<PendingBatch> expired = new ArrayList<>();
        for (PendingBatch batch : List.copyOf(sent)) {
            if (batch.state == State.RETRY && batch.deadline().isOver()) {
                failed(batch);
                expired.add(batch);
            }
        }
        PendingBatch waiting = queue.peek();
        while (waiting != null && waiting.deadline().isOver()) {
            PendingBatch polled = queue.poll();
            assert polled == waiting : "only the loop takes batches";
            expired.add(waiting);
            waiting = queue.peek();
        }
        return expired;
    }

    /** The batch that will be the first to have waited too long; null if none waits. */
    @Nullable PendingBatch nextToExpire() {
        PendingBatch retry = firstRetry();
        return retry == null ? queue.peek() : retry;
    }

    /** All batches that are not done, in their order. */
    List<PendingBatch> unfinished() {
        List<PendingBatch> all = new ArrayList<>(sent);
        all.addAll(queue.batches());
        return all;
    }

    /** Takes out all batches that are not done. */
    List<PendingBatch> takeAll() {
        List<PendingBatch> all = new ArrayList<>(sent);
        gap |= !sent.isEmpty();
        sent.clear();
        for (PendingBatch batch = queue.poll(); batch != null; batch = queue.poll()) {
            all.add(batch);
        }
        return all;
    }
}
