package io.leat.broker.delay;

import io.leat.compaction.erasure.KeyHash;
import io.leat.storage.api.StateStore.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What becomes of held records, and of those that are cancelled. On the loop. */
final class HoldRules {
    private HoldRules() {}

    /** Takes in what a batch brought, held. */
    static void take(Lane lane, Hold hold, List<BatchSplit.Delayed> records, Round round) {
        for (int i = 0; i < records.size(); i++) {
            BatchSplit.Delayed each = records.get(i);
            Slot slot = new Slot(each.timing().dueMillis(), hold.first() + i);
            round.write(new Write.Put(DelayFormat.recordKey(lane.id(), slot), each.value()));
            each.timing()
                    .cancelKey()
                    .ifPresent(key ->
                            round.write(
                                    new Write.Put(
                                            DelayFormat.cancelKey(lane.id(), key, slot),
                                            new byte[0])));
        }
        round.write(DelayFormat.put(lane.id(), hold));
        // A number for the hold itself, also where it has only cancels.
        round.become(lane, lane.state().accepted(Math.max(1, records.size()), records.size()));
        hold(lane, hold, round);
        round.durably();
    }

    private static void hold(Lane lane, Hold hold, Round round) {
        Optional<Hold> before = Optional.ofNullable(lane.holds().put(hold.first(), hold));
        round.undo(() ->
                before.ifPresentOrElse(
                        old -> lane.holds().put(hold.first(), old),
                        () -> lane.holds().remove(hold.first())));
    }

    private static void unhold(Lane lane, Hold hold, Round round) {
        lane.holds().remove(hold.first());
        round.write(new Write.Delete(DelayFormat.holdKey(lane.id(), hold.first())));
        round.undo(() -> lane.holds().put(hold.first(), hold));
    }

    /** The rest of the batch is in the log. */
    static void landed(Lane lane, Hold hold, Round round) {
        if (hold.transactional()) {
            Hold landed = hold.asLanded();
            hold(lane, landed, round);
            round.write(DelayFormat.put(lane.id(), landed));
        } else {
            release(lane, hold, round);
        }
    }

    /** It counts: its records may be delivered, and what it cancels is gone. */
    static void release(Lane lane, Hold hold, Round round) {
        unhold(lane, hold, round);
        for (Hold.Cancel each : hold.cancels()) {
            cancel(lane, each.key(), hold.first() + each.before(), round);
        }
        Slot cursor = lane.cursor();
        long nextDueMillis = lane.nextDueMillis();
        round.undo(() -> {
            lane.cursor(cursor);
            lane.nextDueMillis(nextDueMillis);
        });
        hold.slots().forEach(lane::deliverable);
    }

    /** It does not count. */
    static void drop(Lane lane, Hold hold, Round round) {
        unhold(lane, hold, round);
        hold.slots().forEach(slot -> remove(lane, slot, round));
    }

    /**
     * Removes the records with a cancel key that came before a number, but for those that are held
     * or on their way into the log.
     *
     * @return how many
     */
    static int cancel(Lane lane, KeyHash key, long before, Round round) {
        List<Slot> found = new ArrayList<>();
        byte[] prefix = DelayFormat.cancelPrefix(lane.id(), key);
        round.store()
                .scan(
                        prefix,
                        DelayFormat.behind(prefix),
                        (entry, none) -> {
                            Slot slot = DelayFormat.cancelled(entry);
                            if (slot.number() < before && isFree(lane, slot)) {
                                found.add(slot);
                            }
                            return slot.number() < before;
                        });
        int count = 0;
        for (Slot slot : found) {
            count += remove(lane, slot, round) ? 1 : 0;
        }
        return count;
    }

    private static boolean isFree(Lane lane, Slot slot) {
        return !lane.isHeld(slot.number())
                && lane.handOver().stream().noneMatch(way -> way.slots().contains(slot));
    }

    /** Removes a record; false if it is not there. */
    static boolean remove(Lane lane, Slot slot, Round round) {
        byte[] key = DelayFormat.recordKey(lane.id(), slot);
        Optional<byte[]> value = round.store().get(key);
        if (value.isEmpty() || !round.removes(lane, slot)) {
            return false;
        }
        Pending pending = DelayFormat.readRecord(lane.id(), value.get());
        delete(lane, slot, pending.cancelKey(), round);
        round.become(lane, lane.state().gone(1));
        return true;
    }

    /** Deletes a record, and leaves the count to the caller. */
    static void delete(Lane lane, Slot slot, Optional<KeyHash> cancelKey, Round round) {
        round.write(new Write.Delete(DelayFormat.recordKey(lane.id(), slot)));
        cancelKey.ifPresent(hash ->
                round.write(new Write.Delete(DelayFormat.cancelKey(lane.id(), hash, slot))));
    }
}
