package io.leat.storage.local;

import io.leat.wire.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What a log remembers of one idempotent producer: its epoch and its last batches.
 *
 * <p>Kept small, since there may be a million: three longs per batch in one array that grows to the
 * five batches a client may have in flight at once.
 *
 * <pre>
 * long  last offset
 * long  timestamp, ms
 * int   last sequence | int last offset - first offset
 * </pre>
 */
final class Producer {
    /** As many as clients keep in flight at the most (max.in.flight.requests.per.connection). */
    static final int BATCHES_MAX = 5;

    /** Stands for a sequence that was awaited, and is not known any more. */
    static final int ANY_SEQUENCE = -1;

    private static final int LONGS = 3;

    private final long id;
    private short epoch;
    // Whether every sequence of the epoch from 0 on is known to have come to this log.
    private boolean sinceFirst;
    private byte batchCount;
    private long lastAppendMillis;
    private long[] batches = new long[LONGS];

    Producer(long id, short epoch, boolean sinceFirst, long nowMillis) {
        this.id = id;
        this.epoch = epoch;
        this.sinceFirst = sinceFirst;
        this.lastAppendMillis = nowMillis;
    }

    long id() {
        return id;
    }

    short epoch() {
        return epoch;
    }

    boolean sinceFirst() {
        return sinceFirst;
    }

    int batchCount() {
        return batchCount;
    }

    /** When it last appended, by the broker's clock. */
    long lastAppendMillis() {
        return lastAppendMillis;
    }

    void beginEpoch(short epoch, boolean sinceFirst) {
        this.epoch = epoch;
        this.sinceFirst = sinceFirst;
        batchCount = 0;
        await(0);
    }

    /** As long as no batch is remembered: the sequence that the first has to have. */
    void await(int sequence) {
        batches[0] = sequence;
    }

    /** The sequence that the next batch has to have, or {@link #ANY_SEQUENCE}. */
    int nextSequence() {
        return batchCount == 0
                ? (int) batches[0]
                : (lastSequence(batchCount - 1) + 1) & Integer.MAX_VALUE;
    }

    /** It did something that leaves no batch to remember. */
    void seen(long nowMillis) {
        lastAppendMillis = nowMillis;
    }

    /** Remembers a batch of the current epoch, and forgets the oldest where there are too many. */
    void add(RecordBatch batch, long nowMillis) {
        add(
                batch.lastOffset(),
                batch.maxTimestampMillis(),
                batch.lastSequence(),
                batch.lastOffsetDelta());
        lastAppendMillis = nowMillis;
    }

    private void add(long lastOffset, long timestampMillis, int lastSequence, int offsetDelta) {
        if (batchCount == BATCHES_MAX) {
            System.arraycopy(batches, LONGS, batches, 0, LONGS * (BATCHES_MAX - 1));
            batchCount--;
        }
        int at = LONGS * batchCount;
        if (at == batches.length) {
            batches = Arrays.copyOf(batches, at + LONGS);
        }
        batches[at] = lastOffset;
        batches[at + 1] = timestampMillis;
        batches[at + 2] = ((long) lastSequence << Integer.SIZE) | offsetDelta;
        batchCount++;
    }

    /** The last offset of remembered batch {@code i}, the oldest being 0. */
    long lastOffset(int i) {
        return batches[LONGS * i];
    }

    long firstOffset(int i) {
        return lastOffset(i) - offsetDelta(i);
    }

    long timestampMillis(int i) {
        return batches[LONGS * i + 1];
    }

    int lastSequence(int i) {
        return (int) (batches[LONGS * i + 2] >>> Integer.SIZE);
    }

    int firstSequence(int i) {
        return (lastSequence(i) - offsetDelta(i)) & Integer.MAX_VALUE;
    }

    private int offsetDelta(int i) {
        return (int) batches[LONGS * i + 2];
    }

    /** The remembered batch with exactly these sequences, or -1. */
    int find(int firstSequence, int lastSequence) {
        for (int i = batchCount - 1; i >= 0; i--) {
            if (lastSequence(i) == lastSequence && firstSequence(i) == firstSequence) {
                return i;
            }
        }
        return -1;
    }

    /** The bytes that {@link #writeTo} writes. */
    int sizeBytes() {
        return Long.BYTES + Short.BYTES + 2 + batchCount * LONGS * Long.BYTES;
    }

    /**
     * <pre>
     * int64 id | int16 epoch | int8 since first | int8 batch count | batches, three int64 each
     * </pre>
     */
    void writeTo(ByteBuffer out) {
        out.putLong(id).putShort(epoch).put((byte) (sinceFirst ? 1 : 0)).put(batchCount);
        for (int i = 0; i < LONGS * batchCount; i++) {
            out.putLong(batches[i]);
        }
    }

    /**
     * @throws java.nio.BufferUnderflowException when the bytes end too early
     */
    static Producer readFrom(ByteBuffer in, long nowMillis) {
        Producer producer = new Producer(in.getLong(), in.getShort(), in.get() != 0, nowMillis);
        int count = in.get();
        if (count == 0 && !producer.sinceFirst) {
            producer.await(ANY_SEQUENCE);
        }
        for (int i = 0; i < count; i++) {
            long lastOffset = in.getLong();
            long timestampMillis = in.getLong();
            long sequenceAndDelta = in.getLong();
            producer.add(
                    lastOffset,
                    timestampMillis,
                    (int) (sequenceAndDelta >>> Integer.SIZE),
                    (int) sequenceAndDelta);
        }
        return producer;
    }
}
