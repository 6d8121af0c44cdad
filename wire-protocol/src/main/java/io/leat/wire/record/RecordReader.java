package io.leat.wire.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Reads the records of one batch in order, inflating compressed ones as it goes.
 *
 * <p>Keys and values of uncompressed records share the batch's bytes: they are good as long as
 * those are. Those of compressed records are on the heap and stay. Close the reader unless all
 * records were read. For one thread.
 *
 * <p>All methods that read throw {@link InvalidBatchException} where the records do not fit the
 * format or inflate to more than allowed; nothing can be read after that. The CRC is not looked at.
 */
public final class RecordReader implements Iterator<Record>, AutoCloseable {
    private final RecordCursor cursor;
    private final long baseOffset;
    private final long baseTimestampMillis;
    private final long appendTimestampMillis;
    private final boolean timestampOfAppend;
    private int recordsLeft;

    // Of the record that the cursor is in, if it is in one.
    private boolean inRecord;
    private long timestampDelta;
    private long offset;

    /**
     * @param batch a whole batch, see {@link RecordBatch#isWhole}; the view may be moved afterwards
     * @param inflatedBytesMax how many bytes compressed records may inflate to, in all
     */
    public RecordReader(RecordBatch batch, int inflatedBytesMax) {
        baseOffset = batch.baseOffset();
        baseTimestampMillis = batch.baseTimestampMillis();
        appendTimestampMillis = batch.maxTimestampMillis();
        timestampOfAppend = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        recordsLeft = batch.recordCount();
        cursor = new RecordCursor(batch, inflatedBytesMax, RecordCursor.Passed.KEPT);
    }

    @Override
    public boolean hasNext() {
        return recordsLeft > 0;
    }

    @Override
    public Record next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the batch has no further record");
        }
        enterRecord();
        ByteBuffer key = cursor.bytes();
        ByteBuffer value = cursor.bytes();
        List<RecordHeader> headers = headers();
        cursor.endRecord();
        leaveRecord();
        return new Record(offset, timestampMillis(), key, value, headers);
    }

    /** Passes over the records before this offset; {@link #next} gives the first of the others. */
    public void skipTo(long offset) {
        while (hasNext()) {
            enterRecord();
            if (this.offset >= offset) {
                return;
            }
            cursor.skipRecord();
            leaveRecord();
        }
    }

    private void enterRecord() {
        if (!inRecord) {
            cursor.next();
            cursor.skip(1); // attributes, without meaning
            timestampDelta = cursor.varlong();
            offset = baseOffset + cursor.varint();
            inRecord = true;
        }
    }

    private void leaveRecord() {
        inRecord = false;
        recordsLeft--;
        if (recordsLeft == 0) {
            cursor.endBatch();
            cursor.close();
        }
    }

    private long timestampMillis() {
        return timestampOfAppend ? appendTimestampMillis : baseTimestampMillis + timestampDelta;
    }

    private List<RecordHeader> headers() {
        int count = cursor.headerCount();
        if (count == 0) {
            return List.of();
        }
        List<RecordHeader> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ByteBuffer key = cursor.bytes();
            if (key == null) {
                throw cursor.malformed("has a header without a key");
            }
            headers.add(
                    new RecordHeader(
                            StandardCharsets.UTF_8.decode(key).toString(), cursor.bytes()));
        }
        return headers;
    }

    /** Frees what a codec holds. Idempotent. */
    @Override
    public void close() {
        recordsLeft = 0;
        cursor.close();
    }
}
