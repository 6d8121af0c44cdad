package io.leat.wire.record;

/**
 * What a topic demands of each record that producers send.
 *
 * @param keysRequired whether a record must have a key: so on compacted topics
 * @param timestampMinMillis the oldest timestamp allowed; records without a timestamp pass
 * @param timestampMaxMillis the youngest timestamp allowed
 * @param inflatedBytesMax how many bytes the records of one batch may inflate to
 */
public record RecordRules(
        boolean keysRequired,
        long timestampMinMillis,
        long timestampMaxMillis,
        int inflatedBytesMax) {
    /** Only the format, and this bound. */
    public static RecordRules formatOnly(int inflatedBytesMax) {
        return new RecordRules(false, Long.MIN_VALUE, Long.MAX_VALUE, inflatedBytesMax);
    }
}
