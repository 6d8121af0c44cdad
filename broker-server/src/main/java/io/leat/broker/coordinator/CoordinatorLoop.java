package io.leat.broker.coordinator;

import io.leat.broker.coordinator.Ledger.Target;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StorageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs coordinators on one thread, in turns. A turn takes what has arrived and every alarm that is
 * due, decides on each, and makes all their writes durable with one write; only then are the new
 * states published, the alarms set and the replies sent. While the write runs, arrivals gather for
 * the next turn: group commit.
 *
 * <p>Invariant: a turn happens wholly or not at all. When the write fails, the states and alarms of
 * before stand, the askers of this turn are told so, and those who waited since before go on
 * waiting.
 *
 * <p>One thread serves all entities: a decision takes microseconds, and one durable write for all
 * of them costs less than many side by side. {@link #turn} is what the thread does; a simulation
 * calls it itself.
 */
public final class CoordinatorLoop implements AutoCloseable {
    /** How many commands may wait; beyond, askers are told {@link Unavailable#OVERLOADED}. */
    static final int INBOX_MAX = 16_384;

    /** How many commands one turn takes at the most, so that its write stays small. */
    static final int TURN_MAX = 4_096;

    /** An alarm whose turn failed rings again after this. */
    private static final long ALARM_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorLoop.class);

    private final StateStore store;
    private final Time time;
    private final StateBudget budget;
    private final BlockingQueue<Arrival> inbox = new ArrayBlockingQueue<>(INBOX_MAX);
    private volatile boolean stopping;
    private @Nullable Thread thread;

    // Owned by the loop's thread.
    private final List<Ledger<?, ?, ?>> ledgers = new ArrayList<>();
    private final Alarms<Target<?, ?, ?>> alarms = new Alarms<>();
    private final Set<ReplyTo<?>> waiting = new HashSet<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    private final Turn turn = new Turn();
    private boolean failing;

    /** What comes in from other threads. */
    interface Arrival {
        void decide(Turn turn);

        void refuse(Unavailable reason);

        /** Wakes the thread. */
        Arrival NUDGE =
                new Arrival() {
                    @Override
                    public void decide(Turn turn) {}

                    @Override
                    public void refuse(Unavailable reason) {}
                };
    }

    /**
     * @param stateBytesMax how much heap the states of all coordinators may take; those that are
     *     loaded are taken in whatever their size
     */
    public CoordinatorLoop(StateStore store, Time time, long stateBytesMax) {
        this.store = store;
        this.time = time;
        this.budget = new StateBudget(stateBytesMax);
    }

    /** How much heap the states take, roughly. Any thread. */
    public long stateBytes() {
        return budget.heldBytes();
    }

    /** How much heap the states may take. Any thread. */
    public long stateBytesMax() {
        return budget.maxBytes();
    }

    /**
     * Takes in a coordinator and loads its entities. Before {@link #start} only.
     *
     * @throws StorageException when the state cannot be read, or repairs to it not be written
     */
    public synchronized <K, S, C> Ledger<K, S, C> host(
            Coordinator<K, S, C> coordinator, StateListener<K, S> listener) {
        if (thread != null || stopping) {
            throw new IllegalStateException("the loop has started");
        }
        Ledger<K, S, C> ledger = new Ledger<>(this, coordinator, listener, budget);
        ledgers.add(ledger);
        ledger.load(store, turn);
        write();
        conclude();
        return ledger;
    }

    /** Starts the thread. */
    public synchronized void start() {
        if (thread != null || stopping) {
            throw new IllegalStateException("the loop has started before");
        }
        thread = Thread.ofPlatform().name("leat-coordinator").start(this::run);
    }

    /** Decides on what has arrived, refuses all who wait, ends the thread. Idempotent. */
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            stopping = true;
            running = thread;
        }
        if (running == null) {
            stop();
            return;
        }
        inbox.offer(Arrival.NUDGE); // when the inbox is full, the thread is awake
        boolean interrupted = false;
        while (running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                interrupted = true; // the thread stops by message: keep waiting for it
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void offer(Arrival arrival) {
        if (stopping) {
            arrival.refuse(Unavailable.CLOSED);
        } else if (!inbox.offer(arrival)) {
            arrival.refuse(Unavailable.OVERLOADED);
        } else if (stopping && inbox.remove(arrival)) {
            // The thread may have looked into its inbox for the last time before this came in.
            arrival.refuse(Unavailable.CLOSED);
        }
    }

    private void run() {
        while (!stopping) {
            awaitWork();
            turn();
        }
        stop();
    }

    private void stop() {
        while (!inbox.isEmpty()) {
            turn();
        }
        waiting.forEach(to -> to.refuse(Unavailable.CLOSED));
        waiting.clear();
    }

    private void awaitWork() {
        OptionalLong next = alarms.nextNanos();
        long waitNanos = next.isPresent() ? next.getAsLong() - time.monotonicNanos() : IDLE_NANOS;
        try {
            Arrival first = inbox.poll(Math.max(0, waitNanos), TimeUnit.NANOSECONDS);
            if (first != null) {
                arrivals.add(first);
            }
        } catch (InterruptedException e) {
            LOG.warn(
                    "The coordinator's thread was interrupted, which nobody should do; it goes on");
        }
    }

    /**
     * One turn, on the calling thread: for simulations, instead of {@link #start}.
     *
     * @return whether anything was there to decide on
     */
    public boolean turn() {
        turn.begin(time.wallMillis());
        inbox.drainTo(arrivals, TURN_MAX);
        arrivals.forEach(arrival -> arrival.decide(turn));
        // After the arrivals: a heartbeat that is here in time counts, however late its turn is.
        alarms.takeDue(time.monotonicNanos(), target -> target.decide(turn));
        boolean busy = !arrivals.isEmpty() || !turn.rung().isEmpty();
        arrivals.clear();
        try {
            write();
        } catch (RuntimeException e) {
            noteFailure(e);
            abandon();
            return busy;
        }
        conclude();
        return busy;
    }

    private void write() {
        if (turn.writes().isEmpty()) {
            return;
        }
        store.write(turn.writes(), true);
        if (failing) {
            failing = false;
            LOG.info("The coordinators' state can be written again");
        }
    }

    /** Says it once: with a full disk, every turn fails until there is room. */
    private void noteFailure(RuntimeException failure) {
        if (failing) {
            return;
        }
        failing = true;
        if (failure instanceof StorageException) {
            LOG.error(
                    "The coordinators' state cannot be written; clients are asked to try again: {}",
                    failure.getMessage());
        } else {
            LOG.error("The coordinators' state cannot be written", failure);
        }
    }

    /** The writes are durable: let the turn be seen. */
    private void conclude() {
        long nowNanos = time.monotonicNanos();
        ledgers.forEach(Ledger::publishDrafts);
        budget.conclude();
        turn.alarms()
                .forEach((target, alarm) -> {
                    switch (alarm) {
                        case Alarm.Set<?> set ->
                                alarms.set(
                                        target,
                                        nowNanos
                                                + TimeUnit.MILLISECONDS.toNanos(set.delayMillis()));
                        case Alarm.Cancel<?> cancel -> alarms.cancel(target);
                    }
                });
        waiting.addAll(turn.askers());
        for (Reply<?> reply : turn.replies()) {
            waiting.remove(reply.to());
            reply.send();
        }
        turn.clear();
    }

    /** Nothing was written: nothing has happened. */
    private void abandon() {
        ledgers.forEach(Ledger::discardDrafts);
        budget.abandon();
        long retryNanos = time.monotonicNanos() + ALARM_RETRY_NANOS;
        turn.rung().forEach(target -> alarms.set(target, retryNanos));
        turn.askers().forEach(to -> to.refuse(Unavailable.STORAGE_FAILED));
        turn.clear();
    }

    /** The earliest monotonic time at which an alarm may ring, for simulations. */
    public OptionalLong nextAlarmNanos() {
        return alarms.nextNanos();
    }
}
