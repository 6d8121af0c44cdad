package io.leat.broker.group.classic;

import io.leat.broker.coordinator.HeapBytes;
import java.util.List;

/**
 * A way to assign partitions that a member supports.
 *
 * @param name such as {@code range}
 * @param metadata the member's subscription, for the group's leader
 */
public record Protocol(String name, Bytes metadata) {
    /** How much heap protocols take, roughly. */
    public static long heapBytes(List<Protocol> protocols) {
        long bytes = HeapBytes.OBJECT;
        for (Protocol protocol : protocols) {
            bytes +=
                    HeapBytes.OBJECT
                            + HeapBytes.text(protocol.name)
                            + HeapBytes.array(protocol.metadata.sizeBytes());
        }
        return bytes;
    }
}
