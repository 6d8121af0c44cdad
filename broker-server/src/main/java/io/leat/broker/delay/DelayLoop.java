package io.leat.broker.delay;

import io.leat.broker.coordinator.Time;
import io.leat.storage.api.StateStore;
import io.leat.storage.api.StorageException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that decides on delayed records, in turns: a turn takes the events that have come
 * and the lanes with records that are due, writes all that comes of it at once, and then lets the
 * effects happen. While it writes, events gather for the next turn.
 */
final class DelayLoop implements AutoCloseable {
    static final long RETRY_MILLIS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(DelayLoop.class);
    private static final int TURN_MAX = 1_024;
    private static final long IDLE_MILLIS_MAX = 1_000;

    /** What happens to lanes. */
    interface Event {
        /**
         * Decides what comes of it.
         *
         * @return false if it has to wait, and has put itself where it is found again
         */
        boolean decide(Round round);

        /** What was decided could not be written, or nothing is decided any more. */
        void failed(String why);
    }

    private record Timed(long nanos, Event event) {}

    private final Supplier<StateStore> store;
    private final Time time;
    private final Supplier<Collection<Lane>> lanes;
    private final BiConsumer<Lane, Round> deliver;
    // Not bounded here: arrivals are counted before they come, all others come of those.
    private final BlockingQueue<Event> inbox = new LinkedBlockingQueue<>();
    private final PriorityQueue<Timed> timed =
            new PriorityQueue<>(Comparator.comparingLong(Timed::nanos));
    private final List<Event> events = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopping;
    private boolean failing;

    /**
     * @param store opened with the first turn that has something to do
     * @param deliver hands over what is due of a lane
     */
    DelayLoop(
            Supplier<StateStore> store,
            Time time,
            Supplier<Collection<Lane>> lanes,
            BiConsumer<Lane, Round> deliver) {
        this.store = store;
        this.time = time;
        this.lanes = lanes;
        this.deliver = deliver;
        this.thread = Thread.ofPlatform().name("leat-delay").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Any thread. */
    void offer(Event event) {
        if (stopping) {
            event.failed("the broker is stopping");
            return;
        }
        inbox.add(event);
        if (stopping && inbox.remove(event)) {
            event.failed("the broker is stopping");
        }
    }

    /** On the loop: the event comes after a while. */
    void later(Event event, long millis) {
        if (stopping) {
            return;
        }
        timed.add(new Timed(time.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(millis), event));
    }

    private void run() {
        while (!stopping) {
            try {
                await();
                turn();
            } catch (InterruptedException e) {
                LOG.warn("The thread of delayed records was interrupted, which nobody should do");
            } catch (RuntimeException e) {
                LOG.error("A turn of delayed records failed", e);
            }
        }
        inbox.drainTo(events);
        timed.forEach(each -> events.add(each.event()));
        events.forEach(event -> event.failed("the broker is stopping"));
        lanes.get()
                .forEach(lane ->
                        lane.wake().forEach(event -> event.failed("the broker is stopping")));
    }

    private void await() throws InterruptedException {
        long waitMillis = IDLE_MILLIS_MAX;
        long nowMillis = time.wallMillis();
        for (Lane lane : lanes.get()) {
            waitMillis = Math.min(waitMillis, lane.nextDueMillis() - nowMillis);
        }
        Timed next = timed.peek();
        if (next != null) {
            long nanos = next.nanos() - time.monotonicNanos();
            waitMillis = Math.min(waitMillis, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
        }
        Event first = inbox.poll(Math.max(0, waitMillis), TimeUnit.MILLISECONDS);
        if (first != null) {
            events.add(first);
        }
        inbox.drainTo(events, TURN_MAX);
        while (!timed.isEmpty() && timed.peek().nanos() <= time.monotonicNanos()) {
            events.add(timed.remove().event());
        }
    }

    /** One turn; without anything to do, the store is not even opened. */
    void turn() {
        if (events.isEmpty() && lanes.get().isEmpty()) {
            return;
        }
        List<Event> taken = List.copyOf(events);
        events.clear();
        Round round;
        try {
            round = new Round(store.get(), time.wallMillis());
        } catch (StorageException e) {
            note(e);
            taken.forEach(event -> event.failed(String.valueOf(e.getMessage())));
            return;
        }
        taken.forEach(event -> decide(event, round));
        for (Lane lane : lanes.get()) {
            if (lane.nextDueMillis() <= round.nowMillis()) {
                deliver(lane, round);
            }
        }
        Round.Mark nothing = new Round.Mark(0, 0, 0);
        try {
            round.commit();
        } catch (StorageException e) {
            note(e);
            round.backTo(nothing);
            return;
        }
        if (failing) {
            failing = false;
            LOG.info("Delayed records can be written again");
        }
        round.effects();
    }

    /** Decides on an event; where its write fails later, it hears of it. */
    static void decide(Event event, Round round) {
        Round.Mark mark = round.mark();
        try {
            if (event.decide(round)) {
                round.undo(() -> event.failed("the store of delayed records cannot be written"));
            }
        } catch (StorageException e) {
            round.backTo(mark);
            event.failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("No decision on delayed records", e);
            round.backTo(mark);
            event.failed("the broker failed");
        }
    }

    private void deliver(Lane lane, Round round) {
        Round.Mark mark = round.mark();
        try {
            deliver.accept(lane, round);
        } catch (StorageException e) {
            note(e);
            round.backTo(mark);
            lane.nextDueMillis(round.nowMillis() + RETRY_MILLIS);
        } catch (RuntimeException e) {
            LOG.error("What is due cannot be handed over", e);
            round.backTo(mark);
            lane.nextDueMillis(round.nowMillis() + RETRY_MILLIS);
        }
    }

    /** Says it once. */
    private void note(StorageException failure) {
        if (!failing) {
            failing = true;
            LOG.error("Delayed records have to wait: {}", failure.getMessage());
        }
    }

    /** Ends the thread; who waits hears of it. Idempotent. */
    @Override
    public void close() {
        stopping = true;
        inbox.add(
                new Event() {
                    @Override
                    public boolean decide(Round round) {
                        return true;
                    }

                    @Override
                    public void failed(String why) {}
                });
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // the thread stops by message: keep waiting for it
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
