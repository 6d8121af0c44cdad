package io.leat.wire.record;

import io.leat.wire.record.BatchCheck.Failed;
import io.leat.wire.record.BatchCheck.Passed;

/** The part of {@link BatchCheck} that looks at every record. */
final class RecordWalk {
    private RecordWalk() {}

    static BatchCheck check(RecordBatch batch, RecordRules rules) {
        try (RecordCursor cursor =
                new RecordCursor(batch, rules.inflatedBytesMax(), RecordCursor.Passed.LENT)) {
            return walk(cursor, batch.recordCount(), batch.baseTimestampMillis(), rules);
        } catch (InvalidBatchException e) {
            return new Failed(e.flaw(), String.valueOf(e.getMessage()), BatchCheck.NO_RECORD);
        }
    }

    private static BatchCheck walk(
            RecordCursor cursor, int count, long baseTimestampMillis, RecordRules rules) {
        long maxTimestampMillis = RecordBatch.NONE;
        for (int index = 0; index < count; index++) {
            cursor.next();
            cursor.skip(1); // attributes, without meaning
            long timestampMillis = baseTimestampMillis + cursor.varlong();
            int offsetDelta = cursor.varint();
            int keyLength = cursor.length();
            cursor.skip(Math.max(keyLength, 0));
            cursor.skip(Math.max(cursor.length(), 0));
            skipHeaders(cursor);
            cursor.endRecord();
            if (offsetDelta != index) {
                return badOffsetDelta(offsetDelta, index);
            }
            if (keyLength < 0 && rules.keysRequired()) {
                return new Failed(
                        Flaw.KEY_MISSING, "a compacted topic takes no record without a key", index);
            }
            if (isOutOfRange(timestampMillis, rules)) {
                return outOfRange(timestampMillis, rules, index);
            }
            maxTimestampMillis = Math.max(maxTimestampMillis, timestampMillis);
        }
        cursor.endBatch();
        return new Passed(maxTimestampMillis);
    }

    private static void skipHeaders(RecordCursor cursor) {
        for (int left = cursor.headerCount(); left > 0; left--) {
            int keyLength = cursor.length();
            if (keyLength < 0) {
                throw cursor.malformed("has a header without a key");
            }
            cursor.skip(keyLength);
            cursor.skip(Math.max(cursor.length(), 0));
        }
    }

    private static boolean isOutOfRange(long timestampMillis, RecordRules rules) {
        return timestampMillis != RecordBatch.NONE
                && (timestampMillis < rules.timestampMinMillis()
                        || timestampMillis > rules.timestampMaxMillis());
    }

    private static Failed badOffsetDelta(int offsetDelta, int index) {
        return new Failed(
                Flaw.BAD_OFFSET_DELTA,
                "the record at index " + index + " has an offset delta of " + offsetDelta,
                index);
    }

    private static Failed outOfRange(long timestampMillis, RecordRules rules, int index) {
        return new Failed(
                Flaw.TIMESTAMP_OUT_OF_RANGE,
                "the timestamp %d is not within %d and %d"
                        .formatted(
                                timestampMillis,
                                rules.timestampMinMillis(),
                                rules.timestampMaxMillis()),
                index);
    }
}
