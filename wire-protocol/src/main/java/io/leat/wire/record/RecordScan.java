package io.leat.wire.record;

import java.nio.ByteBuffer;
import java.util.NoSuchElementException;

/**
 * Passes over the records of one batch in order and shows of each what compaction asks for: offset,
 * time, key, and whether it has a value. Nothing is allocated per record, and nothing is copied
 * where the batch is not compressed.
 *
 * <p>{@link #next} throws {@link InvalidBatchException} where the records do not fit the format or
 * inflate to more than allowed. The CRC is not looked at. For one thread.
 */
public final class RecordScan implements AutoCloseable {
    private final RecordCursor cursor;
    private final long baseOffset;
    private final long baseTimestampMillis;
    private final long appendTimestampMillis;
    private final boolean timestampOfAppend;
    private int recordsLeft;
    private boolean ended;

    private int bodyPosition;
    private int bodySizeBytes;
    private byte attributes;
    private long createTimestampMillis;
    private int restPosition;
    private long offset;
    private int keySizeBytes;
    private int keyPosition;
    private int valueSizeBytes;

    /**
     * Begins before the batch's first record.
     *
     * @param batch a whole batch, see {@link RecordBatch#isWhole}; the view may be moved afterwards
     * @param inflatedBytesMax how many bytes compressed records may inflate to, in all
     */
    public RecordScan(RecordBatch batch, int inflatedBytesMax) {
        baseOffset = batch.baseOffset();
        baseTimestampMillis = batch.baseTimestampMillis();
        appendTimestampMillis = batch.maxTimestampMillis();
        timestampOfAppend = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        recordsLeft = batch.recordCount();
        cursor = new RecordCursor(batch, inflatedBytesMax, RecordCursor.Passed.REUSED);
    }

    /** Whether there is a further record; at the end, demands that no bytes follow the last. */
    public boolean hasNext() {
        if (recordsLeft > 0) {
            return true;
        }
        // Not before: to look further may move what is shown of the last record.
        if (!ended) {
            ended = true;
            cursor.endBatch();
        }
        return false;
    }

    /** Moves to the next record: what was shown of the one before is gone. */
    public void next() {
        if (recordsLeft <= 0) {
            throw new NoSuchElementException("the batch has no further record");
        }
        cursor.next();
        bodyPosition = cursor.position();
        bodySizeBytes = cursor.remaining();
        cursor.skip(1);
        attributes = cursor.window().get(bodyPosition);
        createTimestampMillis = baseTimestampMillis + cursor.varlong();
        restPosition = cursor.position();
        offset = baseOffset + cursor.varint();
        keySizeBytes = cursor.length();
        keyPosition = cursor.position();
        cursor.skip(Math.max(keySizeBytes, 0));
        valueSizeBytes = cursor.length();
        cursor.skip(Math.max(valueSizeBytes, 0));
        cursor.skipRecord(); // headers
        recordsLeft--;
    }

    public long offset() {
        return offset;
    }

    public long timestampMillis() {
        return timestampOfAppend ? appendTimestampMillis : createTimestampMillis;
    }

    public boolean hasKey() {
        return keySizeBytes >= 0;
    }

    /** Whether the record has a value; without one it is a tombstone. */
    public boolean hasValue() {
        return valueSizeBytes >= 0;
    }

    /**
     * What holds the key, from {@link #keyPosition}, {@link #keySizeBytes} long; good until the
     * next record. Its own position and limit mean nothing.
     */
    public ByteBuffer keyBuffer() {
        return cursor.window();
    }

    public int keyPosition() {
        return keyPosition;
    }

    /** The bytes of the key, -1 where the record has none. */
    public int keySizeBytes() {
        return keySizeBytes;
    }

    /** Writes the record as it is, its length before it. */
    void copyTo(RecordOutput out) {
        out.varint(bodySizeBytes);
        out.bytes(cursor.window(), bodyPosition, bodySizeBytes);
    }

    /** Writes the record with the same timestamp, for a batch with another base timestamp. */
    void copyTo(RecordOutput out, long baseTimestampMillis) {
        long delta = createTimestampMillis - baseTimestampMillis;
        int restBytes = bodyPosition + bodySizeBytes - restPosition;
        out.varint(1 + Varints.sizeBytes(delta) + restBytes);
        out.single(attributes);
        out.varlong(delta);
        out.bytes(cursor.window(), restPosition, restBytes);
    }

    /** Frees what a codec holds. Idempotent. */
    @Override
    public void close() {
        recordsLeft = 0;
        ended = true;
        cursor.close();
    }
}
