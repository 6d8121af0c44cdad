package io.leat.compaction.retention;

/**
 * How much of a log is kept.
 *
 * @param millis Kafka's {@code retention.ms}: segments whose largest timestamp is older go;
 *     negative keeps them for ever
 * @param bytes Kafka's {@code retention.bytes}: the oldest segments go as long as the others hold
 *     at least as much; negative sets no bound
 */
public record RetentionPolicy(long millis, long bytes) {
    /** Whether anything ever goes. */
    public boolean keepsAll() {
        return millis < 0 && bytes < 0;
    }
}
