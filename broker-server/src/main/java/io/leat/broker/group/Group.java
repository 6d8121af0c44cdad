package io.leat.broker.group;

import io.leat.broker.coordinator.HeapBytes;
import io.leat.broker.group.offset.Offsets;
import io.leat.broker.group.offset.PendingOffsets;

/** A group: its members, its offsets, and those of open transactions. Immutable. */
record Group(String id, Membership membership, Offsets offsets, PendingOffsets pending) {
    /** How much heap it takes, roughly. */
    long heapBytes() {
        return 4 * HeapBytes.OBJECT
                + HeapBytes.ENTRY
                + HeapBytes.text(id)
                + membership.roster().heapBytes()
                + offsets.heapBytes()
                + pending.heapBytes();
    }
}
