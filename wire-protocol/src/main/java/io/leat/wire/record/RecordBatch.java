package io.leat.wire.record;

import static io.leat.wire.record.BatchLayout.ATTRIBUTES;
import static io.leat.wire.record.BatchLayout.BASE_OFFSET;
import static io.leat.wire.record.BatchLayout.BASE_SEQUENCE;
import static io.leat.wire.record.BatchLayout.BASE_TIMESTAMP;
import static io.leat.wire.record.BatchLayout.BATCH_LENGTH;
import static io.leat.wire.record.BatchLayout.CRC;
import static io.leat.wire.record.BatchLayout.HEADER_BYTES;
import static io.leat.wire.record.BatchLayout.LAST_OFFSET_DELTA;
import static io.leat.wire.record.BatchLayout.LENGTH_PREFIX_BYTES;
import static io.leat.wire.record.BatchLayout.MAGIC;
import static io.leat.wire.record.BatchLayout.MAX_TIMESTAMP;
import static io.leat.wire.record.BatchLayout.PARTITION_LEADER_EPOCH;
import static io.leat.wire.record.BatchLayout.PRODUCER_EPOCH;
import static io.leat.wire.record.BatchLayout.PRODUCER_ID;
import static io.leat.wire.record.BatchLayout.RECORDS;
import static io.leat.wire.record.BatchLayout.RECORD_COUNT;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * A view of the record batch at a position of a buffer, laid out as {@link BatchLayout} draws it.
 *
 * <p>The view can be moved with {@link #wrap} and then allocates nothing as long as the buffer
 * stays the same. It leaves position, limit and byte order of the buffer alone. Nothing is checked
 * when it is moved: {@link #isWhole} says whether the getters may be used, {@link BatchCheck}
 * whether the batch is sound. Getters beyond the buffer's limit throw {@link
 * IndexOutOfBoundsException}; setters on a read-only buffer throw {@link
 * java.nio.ReadOnlyBufferException}. For one thread at a time.
 */
public final class RecordBatch {
    /** Producer id, epoch and sequence of batches without a producer; also "no timestamp". */
    public static final int NONE = -1;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final CRC32C crc = new CRC32C();
    private ByteBuffer wrapped = NOTHING;
    // A duplicate of the wrapped buffer: big-endian, and with bounds that are ours to move.
    private ByteBuffer bytes = NOTHING;
    private int position;
    private int limit;

    /** A view of nothing, to be moved. */
    public RecordBatch() {}

    /** A view of the batch at the buffer's position. */
    public static RecordBatch of(ByteBuffer buffer) {
        return new RecordBatch().wrap(buffer, buffer.position());
    }

    /**
     * Moves this view.
     *
     * @param buffer what holds the batch, up to its limit
     * @param position where the batch starts, whatever the buffer's own position
     * @return this
     */
    @SuppressWarnings("ReferenceEquality") // Equal content is not enough: it must be that buffer.
    public RecordBatch wrap(ByteBuffer buffer, int position) {
        Objects.checkFromToIndex(position, buffer.limit(), buffer.limit());
        if (buffer != wrapped) {
            wrapped = buffer;
            bytes = buffer.duplicate();
        }
        this.position = position;
        limit = buffer.limit();
        bytes.limit(limit);
        return this;
    }

    /** Where in the buffer the batch starts. */
    public int position() {
        return position;
    }

    /** The bytes from the batch's start to the buffer's limit, 0 or more. */
    public int availableBytes() {
        return limit - position;
    }

    /** Whether the header and all bytes that its length claims are there. */
    public boolean isWhole() {
        return availableBytes() >= HEADER_BYTES
                && batchLength() >= HEADER_BYTES - LENGTH_PREFIX_BYTES
                && batchLength() <= availableBytes() - LENGTH_PREFIX_BYTES;
    }

    /** The bytes of the whole batch, header included. */
    public int sizeBytes() {
        return LENGTH_PREFIX_BYTES + batchLength();
    }

    /** The length field as it is: {@link #sizeBytes} less 12. */
    public int batchLength() {
        return bytes.getInt(position + BATCH_LENGTH);
    }

    public byte magic() {
        return bytes.get(position + MAGIC);
    }

    public long baseOffset() {
        return bytes.getLong(position + BASE_OFFSET);
    }

    public int lastOffsetDelta() {
        return bytes.getInt(position + LAST_OFFSET_DELTA);
    }

    /** The offset of the last record, which compaction may have removed. */
    public long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    /** The offset behind this batch. */
    public long nextOffset() {
        return lastOffset() + 1;
    }

    public int partitionLeaderEpoch() {
        return bytes.getInt(position + PARTITION_LEADER_EPOCH);
    }

    /** The number of records, 0 where compaction has removed all. */
    public int recordCount() {
        return bytes.getInt(position + RECORD_COUNT);
    }

    /** The first record's timestamp, or the delete horizon where there is one. */
    public long baseTimestampMillis() {
        return bytes.getLong(position + BASE_TIMESTAMP);
    }

    public long maxTimestampMillis() {
        return bytes.getLong(position + MAX_TIMESTAMP);
    }

    public TimestampType timestampType() {
        return has(BatchLayout.LOG_APPEND_TIME_BIT)
                ? TimestampType.LOG_APPEND_TIME
                : TimestampType.CREATE_TIME;
    }

    public boolean hasProducer() {
        return producerId() > NONE;
    }

    public long producerId() {
        return bytes.getLong(position + PRODUCER_ID);
    }

    public short producerEpoch() {
        return bytes.getShort(position + PRODUCER_EPOCH);
    }

    public int baseSequence() {
        return bytes.getInt(position + BASE_SEQUENCE);
    }

    /** The last record's sequence; behind 2^31 - 1 comes 0. {@link #NONE} without a sequence. */
    public int lastSequence() {
        int base = baseSequence();
        return base == NONE ? NONE : (base + lastOffsetDelta()) & Integer.MAX_VALUE;
    }

    public short attributes() {
        return bytes.getShort(position + ATTRIBUTES);
    }

    /**
     * How the records are compressed.
     *
     * @throws InvalidBatchException if no codec has the batch's compression id
     */
    public Compression compression() {
        return Compression.require(compressionId());
    }

    int compressionId() {
        return attributes() & BatchLayout.COMPRESSION_MASK;
    }

    public boolean isTransactional() {
        return has(BatchLayout.TRANSACTIONAL_BIT);
    }

    /** Whether the batch holds a marker of the broker's instead of a producer's records. */
    public boolean isControl() {
        return has(BatchLayout.CONTROL_BIT);
    }

    /** Whether {@link #baseTimestampMillis} is the time from which tombstones may go. */
    public boolean hasDeleteHorizon() {
        return has(BatchLayout.DELETE_HORIZON_BIT);
    }

    /** The CRC as it stands in the header. */
    public int crc() {
        return bytes.getInt(position + CRC);
    }

    /** Whether the CRC in the header fits the bytes. Reads the whole batch. */
    public boolean crcValid() {
        return crc() == computeCrc();
    }

    /** The batch's bytes; shared with the buffer. */
    public ByteBuffer bytes() {
        return bytes.slice(position, sizeBytes());
    }

    /** The bytes behind the header, compressed or not; shared with the buffer. */
    ByteBuffer recordBytes() {
        return bytes.slice(position + RECORDS, sizeBytes() - RECORDS);
    }

    /** Sets the first record's offset and so all others'. The CRC does not cover it. */
    public void baseOffset(long offset) {
        bytes.putLong(position + BASE_OFFSET, offset);
    }

    /** The CRC does not cover it. */
    public void partitionLeaderEpoch(int epoch) {
        bytes.putInt(position + PARTITION_LEADER_EPOCH, epoch);
    }

    /** Gives all records the time of the append, and the batch a new CRC. */
    public void logAppendTime(long timestampMillis) {
        int attributes = attributes() | BatchLayout.LOG_APPEND_TIME_BIT;
        bytes.putShort(position + ATTRIBUTES, (short) attributes);
        maxTimestampMillis(timestampMillis);
    }

    /** Corrects the largest of the records' timestamps, and the CRC with it. */
    public void maxTimestampMillis(long timestampMillis) {
        bytes.putLong(position + MAX_TIMESTAMP, timestampMillis);
        updateCrc();
    }

    /**
     * Gives the batch to a producer, and a new CRC: what a producer does when its epoch changes.
     */
    public void producer(long id, short epoch, int baseSequence) {
        bytes.putLong(position + PRODUCER_ID, id);
        bytes.putShort(position + PRODUCER_EPOCH, epoch);
        bytes.putInt(position + BASE_SEQUENCE, baseSequence);
        updateCrc();
    }

    void updateCrc() {
        bytes.putInt(position + CRC, computeCrc());
    }

    private int computeCrc() {
        crc.reset();
        bytes.limit(position + sizeBytes()).position(position + ATTRIBUTES);
        crc.update(bytes);
        bytes.limit(limit);
        return (int) crc.getValue();
    }

    private boolean has(int bit) {
        return (attributes() & bit) != 0;
    }

    @Override
    public String toString() {
        return isWhole()
                ? "batch " + baseOffset() + ".." + lastOffset() + " of " + sizeBytes() + " bytes"
                : "part of a batch, " + availableBytes() + " bytes";
    }
}
