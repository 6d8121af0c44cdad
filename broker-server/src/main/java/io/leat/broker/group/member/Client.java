package io.leat.broker.group.member;

import io.leat.broker.coordinator.HeapBytes;

/**
 * The client that a member is part of.
 *
 * @param host as Kafka shows it, such as {@code /127.0.0.1}
 */
public record Client(String id, String host) {
    /** How much heap it takes, roughly. */
    public long heapBytes() {
        return HeapBytes.OBJECT + HeapBytes.text(id) + HeapBytes.text(host);
    }
}
