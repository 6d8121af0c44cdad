package io.leat.storage.api;

/**
 * The three offsets that bound a log: {@code logStart <= durableEnd <= writtenEnd}. All ends are
 * exclusive.
 *
 * @param logStart the first offset that may be read
 * @param durableEnd the end of what a power cut cannot take (the high watermark); consumers read up
 *     to here and no further
 * @param writtenEnd the end of what was written, forced or not (the log end offset)
 */
public record LogBounds(long logStart, long durableEnd, long writtenEnd) {
    public LogBounds {
        if (logStart < 0 || durableEnd < logStart || writtenEnd < durableEnd) {
            throw new IllegalArgumentException(
                    "bounds out of order: " + logStart + ", " + durableEnd + ", " + writtenEnd);
        }
    }
}
