package io.leat.broker.group.offset;

import io.leat.broker.coordinator.HeapBytes;
import java.util.OptionalLong;

/**
 * Where a group stands in a partition.
 *
 * @param offset the next offset to read
 * @param leaderEpoch the leader epoch of the last record read, -1 when unknown
 * @param metadata whatever the client noted down
 * @param committedMillis when, ms since the epoch
 * @param expiresMillis when the client wants it to expire (OffsetCommit 2 to 4), ms since the epoch
 */
public record CommittedOffset(
        long offset,
        int leaderEpoch,
        String metadata,
        long committedMillis,
        OptionalLong expiresMillis) {
    /** How much heap it takes, roughly. */
    long heapBytes() {
        return HeapBytes.OBJECT + HeapBytes.text(metadata);
    }
}
