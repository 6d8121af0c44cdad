package io.leat.storage.api;

/**
 * What a log needs to know of its topic's configuration.
 *
 * @param segmentBytes Kafka's {@code segment.bytes}: a segment that would grow beyond is rolled
 * @param segmentMillis Kafka's {@code segment.ms}: an older segment is rolled at the next append
 * @param segmentJitterMillis Kafka's {@code segment.jitter.ms}: up to so much earlier it is rolled,
 *     so that not all logs roll at once
 * @param indexIntervalBytes Kafka's {@code index.interval.bytes}
 * @param indexBytesMax Kafka's {@code segment.index.bytes}
 * @param timestampType whether batches keep their own timestamps or get the time of the append
 */
public record LogConfig(
        int segmentBytes,
        long segmentMillis,
        long segmentJitterMillis,
        int indexIntervalBytes,
        int indexBytesMax,
        TimestampType timestampType) {

    /** Kafka's {@code message.timestamp.type}. */
    public enum TimestampType {
        CREATE_TIME,
        LOG_APPEND_TIME
    }

    /** Without jitter. */
    public LogConfig(
            int segmentBytes,
            long segmentMillis,
            int indexIntervalBytes,
            int indexBytesMax,
            TimestampType timestampType) {
        this(segmentBytes, segmentMillis, 0, indexIntervalBytes, indexBytesMax, timestampType);
    }

    /** Kafka's defaults. */
    public static final LogConfig DEFAULT =
            new LogConfig(
                    1 << 30, 7L * 24 * 60 * 60 * 1000, 4096, 10 << 20, TimestampType.CREATE_TIME);
}
