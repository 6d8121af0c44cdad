package io.leat.broker.upkeep;

import io.leat.storage.api.LogId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * How far a round of scrubbing is. In the state store:
 *
 * <pre>
 * int8 version, 0 | int8 1 while a round runs | int64 begun | int64 the last one ended, or -1
 * int128 topic id | int32 partition | int64 base offset     of the segment read last
 * </pre>
 *
 * @param running whether a round has begun and not ended
 * @param beganMillis when the last round began
 * @param endedMillis when the last whole round ended, or -1
 * @param topicId of the segment that was read last
 * @param partition of the segment that was read last, or -1 where the round has read none
 * @param baseOffset of the segment that was read last
 */
record ScrubPosition(
        boolean running,
        long beganMillis,
        long endedMillis,
        UUID topicId,
        int partition,
        long baseOffset) {
    static final String KEY = "scrub";
    static final ScrubPosition NEVER = new ScrubPosition(false, 0, -1, new UUID(0, 0), -1, -1);

    private static final int SIZE_BYTES = 2 + 5 * Long.BYTES + Integer.BYTES;

    ScrubPosition begin(long nowMillis) {
        return new ScrubPosition(true, nowMillis, endedMillis, new UUID(0, 0), -1, -1);
    }

    ScrubPosition at(LogId log, long segment) {
        return new ScrubPosition(
                running, beganMillis, endedMillis, log.topicId(), log.partition(), segment);
    }

    ScrubPosition end(long nowMillis) {
        return new ScrubPosition(false, beganMillis, nowMillis, new UUID(0, 0), -1, -1);
    }

    /** Whether this segment was read already, in this round. */
    boolean isBehind(LogId log, long segment) {
        if (partition < 0) {
            return false;
        }
        int order = log.topicId().compareTo(topicId);
        if (order == 0) {
            order = Integer.compare(log.partition(), partition);
        }
        return order < 0 || (order == 0 && segment <= baseOffset);
    }

    byte[] bytes() {
        return ByteBuffer.allocate(SIZE_BYTES)
                .put((byte) 0)
                .put((byte) (running ? 1 : 0))
                .putLong(beganMillis)
                .putLong(endedMillis)
                .putLong(topicId.getMostSignificantBits())
                .putLong(topicId.getLeastSignificantBits())
                .putInt(partition)
                .putLong(baseOffset)
                .array();
    }

    /** What {@link #bytes} gave; nothing where another version did. */
    static Optional<ScrubPosition> read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length != SIZE_BYTES || in.get() != 0) {
            return Optional.empty();
        }
        return Optional.of(
                new ScrubPosition(
                        in.get() == 1,
                        in.getLong(),
                        in.getLong(),
                        new UUID(in.getLong(), in.getLong()),
                        in.getInt(),
                        in.getLong()));
    }
}
