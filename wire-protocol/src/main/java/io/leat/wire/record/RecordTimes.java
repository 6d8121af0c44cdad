package io.leat.wire.record;

/**
 * Passes over the records of one batch in order and shows offset and time of each. Keys and values
 * are passed over as they inflate: no record takes memory, however large it is.
 *
 * <p>{@link #next} throws {@link InvalidBatchException} where the records do not fit the format or
 * inflate to more than allowed. The CRC is not looked at. For one thread.
 */
public final class RecordTimes implements AutoCloseable {
    private final RecordCursor cursor;
    private final long baseOffset;
    private final long baseTimestampMillis;
    private final long appendTimestampMillis;
    private final boolean timestampOfAppend;
    private int recordsLeft;

    private long offset;
    private long createTimestampMillis;

    /**
     * Begins before the batch's first record.
     *
     * @param batch a whole batch, see {@link RecordBatch#isWhole}; the view may be moved afterwards
     * @param inflatedBytesMax how many bytes compressed records may inflate to, in all
     */
    public RecordTimes(RecordBatch batch, int inflatedBytesMax) {
        baseOffset = batch.baseOffset();
        baseTimestampMillis = batch.baseTimestampMillis();
        appendTimestampMillis = batch.maxTimestampMillis();
        timestampOfAppend = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        recordsLeft = batch.recordCount();
        cursor = new RecordCursor(batch, inflatedBytesMax, RecordCursor.Passed.LENT);
    }

    /** Moves to the next record; false where there is none. */
    public boolean next() {
        if (recordsLeft <= 0) {
            return false;
        }
        cursor.next();
        cursor.skip(1); // attributes, without meaning
        createTimestampMillis = baseTimestampMillis + cursor.varlong();
        offset = baseOffset + cursor.varint();
        cursor.skipRecord();
        recordsLeft--;
        return true;
    }

    public long offset() {
        return offset;
    }

    public long timestampMillis() {
        return timestampOfAppend ? appendTimestampMillis : createTimestampMillis;
    }

    /** Frees what a codec holds. Idempotent. */
    @Override
    public void close() {
        recordsLeft = 0;
        cursor.close();
    }
}
