package io.leat.storage.api;

/**
 * The offsets that bound a log: {@code logStart <= lastStable <= durableEnd <= writtenEnd}. All
 * ends are exclusive.
 *
 * @param logStart the first offset that may be read
 * @param lastStable the first offset of the earliest transaction that is open as far as is durable,
 *     or the durable end where none is; {@code read_committed} consumers read up to here
 * @param durableEnd the end of what a power cut cannot take (the high watermark); consumers read up
 *     to here and no further
 * @param writtenEnd the end of what was written, forced or not (the log end offset)
 */
public record LogBounds(long logStart, long lastStable, long durableEnd, long writtenEnd) {
    public LogBounds {
        if (logStart < 0
                || lastStable < logStart
                || durableEnd < lastStable
                || writtenEnd < durableEnd) {
            throw new IllegalArgumentException(
                    "bounds out of order: %d, %d, %d, %d"
                            .formatted(logStart, lastStable, durableEnd, writtenEnd));
        }
    }

    /** Bounds of a log without open transactions. */
    public LogBounds(long logStart, long durableEnd, long writtenEnd) {
        this(logStart, durableEnd, durableEnd, writtenEnd);
    }

    /** Where reads of this isolation end. */
    public long readEnd(Isolation isolation) {
        return isolation == Isolation.READ_COMMITTED ? lastStable : durableEnd;
    }
}
