package io.leat.broker.delay;

import java.util.List;

/**
 * Records on their way into the log.
 *
 * @param sequence of their batch
 * @param fromOffset the batch is at this offset or later, if anywhere
 * @param slots the records, in order
 */
record HandOver(Sequence sequence, long fromOffset, List<Slot> slots) {
    HandOver {
        slots = List.copyOf(slots);
    }
}
