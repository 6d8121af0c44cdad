package io.leat.storage.local;

import java.time.InstantSource;

/**
 * How a {@link LocalLogStore} works, whatever the topic.
 *
 * @param lanes append lanes, each with a thread that writes; logs are spread over them
 * @param forceThreads threads at the most that force; they come as needed, and go when idle
 * @param laneQueueLength appends that may wait for a lane
 * @param laneQueueBytes bytes of batches that may wait for a lane
 * @param producerIdExpirationMillis Kafka's {@code producer.id.expiration.ms}
 * @param checkpointBytes after how many bytes appended to a log its indexes and producers are
 *     forced: as much is read again when the log is opened after a crash
 * @param openSegmentsMax closed segments at the most that stay open because they were read, each a
 *     file descriptor and three mappings
 * @param clock the time of appends
 */
public record LocalStoreSettings(
        int lanes,
        int forceThreads,
        int laneQueueLength,
        long laneQueueBytes,
        long producerIdExpirationMillis,
        int checkpointBytes,
        int openSegmentsMax,
        InstantSource clock) {
    public LocalStoreSettings {
        if (lanes < 1
                || forceThreads < 1
                || laneQueueLength < 2
                || laneQueueBytes < 1
                || checkpointBytes < 1
                || openSegmentsMax < 1) {
            throw new IllegalArgumentException("bounds must be positive");
        }
    }

    /** For this machine. */
    public static LocalStoreSettings defaults() {
        int processors = Runtime.getRuntime().availableProcessors();
        return new LocalStoreSettings(
                Math.clamp(processors / 2, 1, 4),
                16,
                65_536,
                64L << 20,
                24L * 60 * 60 * 1000,
                64 << 20,
                1000,
                InstantSource.system());
    }

    public LocalStoreSettings withProducerIdExpirationMillis(long millis) {
        return new LocalStoreSettings(
                lanes,
                forceThreads,
                laneQueueLength,
                laneQueueBytes,
                millis,
                checkpointBytes,
                openSegmentsMax,
                clock);
    }
}
