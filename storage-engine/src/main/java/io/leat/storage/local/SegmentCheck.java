package io.leat.storage.local;

import io.leat.storage.api.StoredFile.Flaw;
import io.leat.wire.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a segment's bytes from end to end, while nobody writes there. Behind damage it goes on
 * where a batch makes sense again, with the help of the offset index.
 */
final class SegmentCheck {
    private final ByteBuffer data;
    private final long baseOffset;
    private final long endOffset;
    private final int durable;
    private final OffsetEntries index;
    private final List<Flaw> flaws = new ArrayList<>();
    private long next;
    private long batches;
    private long records;
    private int ready;

    /**
     * @param data all of the file
     * @param endOffset where the segment behind it begins, or {@link Long#MAX_VALUE} if none does
     * @param durable how many of its bytes were acknowledged as durable; what is wrong behind them
     *     is no damage
     * @param index the offset index's entries; none where it cannot be had
     */
    SegmentCheck(
            ByteBuffer data, long baseOffset, long endOffset, int durable, OffsetEntries index) {
        this.data = data;
        this.baseOffset = baseOffset;
        this.endOffset = endOffset;
        this.durable = durable;
        this.index = index;
        this.next = baseOffset;
    }

    void run() {
        BatchCursor cursor = new BatchCursor(data, data.limit());
        int position = 0;
        while (position < data.limit()) {
            String wrong = wrong(cursor, position);
            if (wrong.isEmpty()) {
                next = cursor.batch().nextOffset();
                batches++;
                records += cursor.batch().recordCount();
                position += cursor.batch().sizeBytes();
                continue;
            }
            if (position >= durable && cursor.onlyRoomLeft()) {
                ready = data.limit() - position;
                break;
            }
            boolean damage = position < durable;
            flaws.add(
                    new Flaw(
                            position,
                            damage,
                            damage
                                    ? "%s; offset %d should be there".formatted(wrong, next)
                                    : "%d bytes that were never acknowledged: %s; the next start cuts them off"
                                            .formatted(data.limit() - position, wrong)));
            position = damage ? behind(cursor, position) : data.limit();
        }
        if (data.limit() < durable) {
            flaws.add(
                    new Flaw(
                            data.limit(),
                            true,
                            "the file ends here; %d bytes were durable".formatted(durable)));
        } else if (endOffset != Long.MAX_VALUE && next != endOffset) {
            flaws.add(
                    new Flaw(
                            position,
                            true,
                            "offsets %d to %d are missing".formatted(next, endOffset - 1)));
        }
    }

    /** What is wrong with the batch at a position; empty where nothing is. */
    private String wrong(BatchCursor cursor, int position) {
        if (!cursor.moveTo(position)) {
            return "there is no batch";
        }
        RecordBatch batch = cursor.batch();
        if (!batch.crcValid()) {
            return "the CRC does not fit the bytes";
        }
        boolean fits =
                batch.baseOffset() >= next
                        && batch.nextOffset() <= endOffset
                        && batch.partitionLeaderEpoch() == 0;
        return fits
                ? ""
                : "base offset %d or leader epoch %d is wrong"
                        .formatted(batch.baseOffset(), batch.partitionLeaderEpoch());
    }

    private int behind(BatchCursor cursor, int position) {
        if (cursor.moveTo(position)) {
            int following = position + cursor.batch().sizeBytes();
            if (following >= data.limit() || wrong(cursor, following).isEmpty()) {
                return following;
            }
        }
        for (int i = 0; i < index.count(); i++) {
            if (index.position(i) > position && wrong(cursor, index.position(i)).isEmpty()) {
                return index.position(i);
            }
        }
        return data.limit();
    }

    List<Flaw> flaws() {
        return flaws;
    }

    /** For people. */
    String content() {
        String content =
                batches == 0
                        ? "empty"
                        : "offsets %d to %d, %d batches, %d records"
                                .formatted(baseOffset, next - 1, batches, records);
        return ready == 0 ? content : content + ", %d bytes made ready".formatted(ready);
    }
}
