package io.leat.broker.delay;

import io.leat.broker.partition.Partition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One partition's pending records, as far as they are in memory. Owned by the loop. */
final class Lane {
    static final long NEVER = Long.MAX_VALUE;

    private final LaneId id;
    private final Partition partition;
    private final AtomicLong pendingOfTopic;

    /** Batches on their way to the loop: as long as there are any, others may not pass them. */
    private final AtomicInteger queued = new AtomicInteger();

    /** By the first number; others may look. */
    private final ConcurrentSkipListMap<Long, Hold> holds = new ConcurrentSkipListMap<>();

    /** The holds whose batches were handed to the log, by their first numbers. */
    private final Set<Long> landing = new HashSet<>();

    private final Deque<DelayLoop.Event> waiting = new ArrayDeque<>();
    private LaneState state = LaneState.NEW;
    private Slot cursor = Slot.FIRST;
    // Others may look at these two.
    private volatile Optional<HandOver> handOver = Optional.empty();
    private volatile long nextDueMillis = NEVER;
    private boolean stuck;
    private boolean settled;
    private boolean closed;

    Lane(LaneId id, Partition partition, AtomicLong pendingOfTopic) {
        this.id = id;
        this.partition = partition;
        this.pendingOfTopic = pendingOfTopic;
    }

    LaneId id() {
        return id;
    }

    Partition partition() {
        return partition;
    }

    /** Any thread. */
    AtomicInteger queued() {
        return queued;
    }

    ConcurrentSkipListMap<Long, Hold> holds() {
        return holds;
    }

    LaneState state() {
        return state;
    }

    void become(LaneState next) {
        pendingOfTopic.addAndGet(next.count() - state.count());
        state = next;
    }

    long pendingOfTopic() {
        return pendingOfTopic.get();
    }

    Optional<HandOver> handOver() {
        return handOver;
    }

    void handOver(Optional<HandOver> next) {
        handOver = next;
    }

    /** Whether somebody has to change something before the hand-over can take place. */
    boolean stuck() {
        return stuck;
    }

    void stuck(boolean now) {
        stuck = now;
    }

    /** Nothing that may be delivered is before this place. */
    Slot cursor() {
        return cursor;
    }

    void cursor(Slot next) {
        cursor = next;
    }

    /** When the next look for due records is worth it, ms since the epoch. Any thread. */
    long nextDueMillis() {
        return nextDueMillis;
    }

    void nextDueMillis(long next) {
        nextDueMillis = next;
    }

    /** When the first record is due that is not in the log, as far as is known. Any thread. */
    long firstDueMillis() {
        return handOver.map(way -> way.slots().getFirst().dueMillis())
                .filter(due -> due < nextDueMillis)
                .orElse(nextDueMillis);
    }

    /** A record may be delivered now that might not be before. */
    void deliverable(Slot slot) {
        if (slot.compareTo(cursor) < 0) {
            cursor = slot;
        }
        nextDueMillis = Math.min(nextDueMillis, slot.dueMillis());
    }

    /** Whether a record is held. Any thread. */
    boolean isHeld(long number) {
        var hold = holds.floorEntry(number);
        return hold != null && hold.getValue().holds(number);
    }

    /** Whether a record is held by a batch that is on its way into the log. */
    boolean isLanding(long number) {
        var hold = holds.floorEntry(number);
        return hold != null && hold.getValue().holds(number) && !hold.getValue().landed();
    }

    /** Whether a batch of that producer with that sequence is on its way into the log. */
    boolean isLanding(Sequence sequence) {
        return sequence.known()
                && landing.stream()
                        .map(holds::get)
                        .anyMatch(hold -> hold != null && hold.producer().equals(sequence));
    }

    /**
     * Whether that very batch came before with delayed records, and may be in the log. Any thread.
     */
    boolean holdsOf(Sequence sequence) {
        return sequence.known()
                && holds.values().stream()
                        .anyMatch(hold -> !hold.landed() && hold.producer().equals(sequence));
    }

    /** The holds whose batches were handed to the log, without an answer yet. */
    Set<Long> landing() {
        return landing;
    }

    /** Whether it is known of all holds what became of their batches, or will be. */
    boolean settled() {
        return settled;
    }

    void settled(boolean known) {
        settled = known;
    }

    /** Whether the topic is gone. */
    boolean closed() {
        return closed;
    }

    void close() {
        closed = true;
        pendingOfTopic.addAndGet(-state.count());
        state = LaneState.NEW;
        nextDueMillis = NEVER;
        holds.clear();
        landing.clear();
    }

    /** Puts an event off until the next that may let it pass. */
    void await(DelayLoop.Event event) {
        waiting.add(event);
    }

    /** Whether an event has to wait because others do. */
    boolean waits() {
        return !waiting.isEmpty();
    }

    /** Those that wait, in order; they do not wait any more. */
    List<DelayLoop.Event> wake() {
        List<DelayLoop.Event> woken = new ArrayList<>(waiting);
        waiting.clear();
        return woken;
    }
}
