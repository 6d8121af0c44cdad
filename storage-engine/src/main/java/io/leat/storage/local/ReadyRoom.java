package io.leat.storage.local;

import io.leat.wire.record.BatchLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Room that is made ready at the end of a segment before its batches need it: blocks of the file
 * that are there already and hold zeros. Used by the log's lane only.
 *
 * <pre>
 *  batches |  end mark, zeros  |  zeros  |
 * ---------|-------------------|---------|
 *      position           block's end    end of the file
 *
 *  end mark: 8 zeros | int32 2^31 - 1
 * </pre>
 *
 * <p>Where a file grows, a force of some bytes forces its size and its new blocks too: on ext4 a
 * commit of the journal, two flushes of the drive in place of one. Databases write their logs over
 * blocks that are there already for the same reason. What is written ends with zeros up to the end
 * of its block, as the system would read that block first otherwise.
 *
 * <p>The end mark is for Apache Kafka's tools. They take zeros for a damaged batch, and one that
 * claims to be longer than the file for the end of what was written; here all are the same.
 */
final class ReadyRoom {
    /** As large writes lose nothing by it, and would have every byte written twice. */
    private static final int LARGE_WRITE_BYTES = 128 << 10;

    private static final int MARK_BYTES = BatchLayout.LENGTH_PREFIX_BYTES;
    private static final ByteBuffer END =
            ByteBuffer.allocateDirect(MARK_BYTES + RoomSteps.BLOCK_BYTES_MAX)
                    .putInt(BatchLayout.BATCH_LENGTH, Integer.MAX_VALUE)
                    .asReadOnlyBuffer();

    private final RoomSteps steps;
    private final DiskFile file;
    private final int positionMax;
    private int end;
    // Where the room ended that is known to be forced. Any thread.
    private volatile int forcedEnd;
    private int stepStart;
    private int writes;
    private boolean refused;

    /**
     * @param positionMax no room is made behind it
     */
    ReadyRoom(RoomSteps steps, DiskFile file, int positionMax) {
        this.steps = steps;
        this.file = file;
        this.positionMax = positionMax;
    }

    /**
     * What to write in the place of {@code buffers}, which are to go from {@code position} to
     * {@code behind}. Makes room ready where it is time to; that some cannot be made is no failure.
     */
    ByteBuffer[] write(ByteBuffer[] buffers, int position, int behind) {
        long blockEnd = blockEnd(behind);
        if (blockEnd > end && position - stepStart >= steps.bytesMin()) {
            step(position, blockEnd);
        }
        writes++;
        int padding = (int) Math.min(end - behind, blockEnd(behind + MARK_BYTES) - behind);
        if (padding == 0 || blockEnd > end) {
            return buffers;
        }
        ByteBuffer[] padded = Arrays.copyOf(buffers, buffers.length + 1);
        padded[buffers.length] = END.duplicate().limit(padding);
        return padded;
    }

    /** The room as it is now, to be told once it is {@link Made#forced}. */
    Made made() {
        return new Made(this, end);
    }

    /**
     * Whether all that was written up to there since the room was made stands over forced bytes.
     */
    boolean covers(int position) {
        return position <= forcedEnd;
    }

    /** Room that was made by some moment. */
    record Made(ReadyRoom room, int end) {
        /** A force has ended that began afterwards. Any thread. */
        void forced() {
            room.forcedEnd = end;
        }
    }

    /**
     * Whether these bytes are such room: zeros, or an end mark and zeros. Of a mark a power cut may
     * have left a part.
     */
    static boolean is(ByteBuffer data, int from, int limit) {
        for (int at = from; at < limit; at++) {
            byte value = data.get(at);
            if (value != 0 && (at - from >= MARK_BYTES || value != END.get(at - from))) {
                return false;
            }
        }
        return true;
    }

    private long blockEnd(long position) {
        return (position + steps.blockBytes() - 1) & -steps.blockBytes();
    }

    private void step(int position, long from) {
        boolean small = position - stepStart <= (long) LARGE_WRITE_BYTES * writes;
        int size = Math.clamp(Integer.highestOneBit(position), steps.bytesMin(), steps.bytesMax());
        long to = Math.min(from + size, blockEnd(positionMax));
        if (small && !refused && to > from && to <= Integer.MAX_VALUE) {
            refused = !file.makeReady(from, to);
            end = refused ? 0 : (int) to;
        }
        stepStart = position;
        writes = 0;
    }
}
