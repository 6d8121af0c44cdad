package io.leat.broker.delay;

import io.leat.storage.api.StateStore;
import io.leat.storage.api.StateStore.Write;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the events of one turn of the loop come to. All of it is written at once; then the effects
 * follow, or, where the write failed, everything in memory is put back. Owned by the loop.
 */
final class Round {
    private static final Logger LOG = LoggerFactory.getLogger(Round.class);

    private final StateStore store;
    private final List<Write> writes = new ArrayList<>();
    private final List<Runnable> effects = new ArrayList<>();
    private final List<Runnable> undoing = new ArrayList<>();
    private final Set<Lane> changed = new LinkedHashSet<>();
    private final Set<Removed> removed = new HashSet<>();
    private final long nowMillis;
    private boolean durable;

    private record Removed(LaneId lane, long number) {}

    /** A point to come back to. */
    record Mark(int writes, int effects, int undoing) {}

    Round(StateStore store, long nowMillis) {
        this.store = store;
        this.nowMillis = nowMillis;
    }

    long nowMillis() {
        return nowMillis;
    }

    /** What is in the store, without the writes of this turn. */
    StateStore store() {
        return store;
    }

    void write(Write write) {
        writes.add(write);
    }

    /** What is written in this turn must be on the disk before the effects. */
    void durably() {
        durable = true;
    }

    void then(Runnable effect) {
        effects.add(effect);
    }

    /** What to do where the write fails; the last is done first. */
    void undo(Runnable undo) {
        undoing.add(undo);
    }

    void become(Lane lane, LaneState next) {
        LaneState before = lane.state();
        lane.become(next);
        changed.add(lane);
        undo(() -> lane.become(before));
    }

    /** Notes that a record goes; false if one of this turn's events removes it already. */
    boolean removes(Lane lane, Slot slot) {
        Removed record = new Removed(lane.id(), slot.number());
        if (!removed.add(record)) {
            return false;
        }
        undo(() -> removed.remove(record));
        return true;
    }

    boolean isRemoved(Lane lane, Slot slot) {
        return !removed.isEmpty() && removed.contains(new Removed(lane.id(), slot.number()));
    }

    Mark mark() {
        return new Mark(writes.size(), effects.size(), undoing.size());
    }

    /** Takes back all that came since. */
    void backTo(Mark mark) {
        writes.subList(mark.writes(), writes.size()).clear();
        effects.subList(mark.effects(), effects.size()).clear();
        List<Runnable> undone = undoing.subList(mark.undoing(), undoing.size());
        List.copyOf(undone).reversed().forEach(Runnable::run);
        undoing.subList(mark.undoing(), undoing.size()).clear();
    }

    /**
     * Writes it.
     *
     * @throws io.leat.storage.api.StorageException when nothing was written
     */
    void commit() {
        for (Lane lane : changed) {
            if (!lane.closed()) {
                writes.add(DelayFormat.put(lane.id(), lane.state()));
            }
        }
        if (!writes.isEmpty()) {
            store.write(writes, durable);
        }
    }

    void effects() {
        for (Runnable effect : effects) {
            try {
                effect.run();
            } catch (RuntimeException e) {
                LOG.error("What follows from delayed records failed", e);
            }
        }
    }
}
