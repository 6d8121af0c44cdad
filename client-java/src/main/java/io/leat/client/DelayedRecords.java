package io.leat.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Delayed records of a topic.
 *
 * @param pending how many wait to be delivered, shown or not
 * @param records the first that are due, first
 */
public record DelayedRecords(long pending, List<DelayedRecord> records) {
    public DelayedRecords {
        records = List.copyOf(records);
    }

    /**
     * A record that waits to be delivered.
     *
     * @param partition where it is delivered
     * @param due when
     * @param accepted when it came
     * @param key its key
     * @param cancelHeader the value of its header {@code leat-delay-key}, by which it can be
     *     cancelled; without that, its own key
     * @param valueBytes the size of its value, -1 where it has none
     * @param held whether it is part of an open transaction, and waits for that too
     */
    // The arrays are the caller's own, and never compared.
    @SuppressWarnings("ArrayRecordComponent")
    public record DelayedRecord(
            int partition,
            Instant due,
            Instant accepted,
            Optional<byte[]> key,
            Optional<byte[]> cancelHeader,
            int valueBytes,
            boolean held) {}
}
