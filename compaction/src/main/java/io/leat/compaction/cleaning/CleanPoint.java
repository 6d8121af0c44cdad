package io.leat.compaction.cleaning;

/**
 * Up to where a log is clean. Losing it costs another pass, and nothing else.
 *
 * @param offset the first offset that no pass has mapped
 * @param nextHorizonMillis from when on a pass will find tombstones to drop before the offset, or
 *     {@link #NEVER}
 */
public record CleanPoint(long offset, long nextHorizonMillis) {
    public static final long NEVER = Long.MAX_VALUE;

    /** Nothing is clean. */
    public static final CleanPoint START = new CleanPoint(0, NEVER);

    public CleanPoint {
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative: " + offset);
        }
    }
}
