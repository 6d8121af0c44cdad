package io.leat.broker.delay;

import io.leat.compaction.erasure.KeyHash;
import java.util.ArrayList;
import java.util.List;

/**
 * What one batch brought, as long as it is not known whether it counts: not before the rest of the
 * batch is in the log, and its transaction, if it has one, has committed.
 *
 * @param first the number of its first record
 * @param producer whose batch it is
 * @param transactional whether it is part of a transaction
 * @param landed whether the rest of the batch is known to be in the log
 * @param fromOffset the rest of the batch is at this offset or later, if anywhere
 * @param dueMillis when its records are due, in the order of their numbers
 * @param cancels what it cancels once it counts
 */
record Hold(
        long first,
        Sequence producer,
        boolean transactional,
        boolean landed,
        long fromOffset,
        List<Long> dueMillis,
        List<Cancel> cancels) {
    /**
     * Cancels what came before it.
     *
     * @param before how many of the hold's own records came before it
     */
    record Cancel(KeyHash key, int before) {}

    Hold {
        dueMillis = List.copyOf(dueMillis);
        cancels = List.copyOf(cancels);
    }

    /** Whether it holds the record with that number. */
    boolean holds(long number) {
        return number >= first && number < first + dueMillis.size();
    }

    /** The places of its records. */
    List<Slot> slots() {
        List<Slot> slots = new ArrayList<>(dueMillis.size());
        for (int i = 0; i < dueMillis.size(); i++) {
            slots.add(new Slot(dueMillis.get(i), first + i));
        }
        return slots;
    }

    Hold asLanded() {
        return new Hold(first, producer, transactional, true, fromOffset, dueMillis, cancels);
    }
}
