package io.leat.wire.record;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds one record batch: settings in any order, records in theirs, then {@link #build}.
 *
 * <p>Records are written where the batch will stand and compressed by {@link #build}. Where
 * compression does not make them smaller they are left as they are, so the batch is never larger
 * than {@link #sizeBytes} says beforehand. For one thread.
 */
public final class RecordBatchBuilder {
    private static final int RECORD_FIXED_BYTES_MAX =
            Varints.INT_BYTES_MAX * 5 + Varints.LONG_BYTES_MAX + 1;

    private static final int ARRAY_BYTES_MAX = Integer.MAX_VALUE - 8;
    private static final byte[][] NO_KEYS = {};

    private ByteBuffer buffer;
    private final boolean growable;
    private final int start;
    private int sizeBytesMax;

    private Compression compression = Compression.NONE;
    private int level;
    private long baseOffset;
    private int partitionLeaderEpoch;
    private long producerId = RecordBatch.NONE;
    private short producerEpoch = RecordBatch.NONE;
    private int baseSequence = RecordBatch.NONE;
    private int flags;

    private int recordCount;
    private long baseTimestampMillis;
    private long maxTimestampMillis = Long.MIN_VALUE;
    private boolean built;

    private RecordBatchBuilder(ByteBuffer buffer, boolean growable, int sizeBytesMax) {
        this.buffer = buffer;
        this.growable = growable;
        this.sizeBytesMax = sizeBytesMax;
        start = buffer.position();
        buffer.position(start + BatchLayout.HEADER_BYTES);
    }

    /** A builder with a heap buffer of its own that grows; the batch has no bound yet. */
    public static RecordBatchBuilder growable(int initialBytes) {
        ByteBuffer own = ByteBuffer.allocate(Math.max(initialBytes, BatchLayout.HEADER_BYTES));
        return new RecordBatchBuilder(own, true, ARRAY_BYTES_MAX);
    }

    /**
     * A builder that writes at this buffer's position and never beyond its limit.
     *
     * @param buffer big-endian, heap or direct, with room for at least a batch's header
     */
    public static RecordBatchBuilder into(ByteBuffer buffer) {
        if (buffer.remaining() < BatchLayout.HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "a batch needs at least %d bytes, the buffer has %d"
                            .formatted(BatchLayout.HEADER_BYTES, buffer.remaining()));
        }
        return new RecordBatchBuilder(buffer, false, buffer.remaining());
    }

    /**
     * When {@link #append} refuses a record; a growable builder takes the first one all the same.
     */
    public RecordBatchBuilder sizeBytesMax(int sizeBytesMax) {
        this.sizeBytesMax = Math.min(sizeBytesMax, this.sizeBytesMax);
        return this;
    }

    /** Compresses at the codec's default level. */
    public RecordBatchBuilder compression(Compression compression) {
        return compression(compression, compression.levelDefault());
    }

    /**
     * Compresses at this level.
     *
     * @throws IllegalArgumentException if the codec has no such level
     */
    public RecordBatchBuilder compression(Compression compression, int level) {
        if (level < compression.levelMin() || level > compression.levelMax()) {
            throw new IllegalArgumentException(
                    "%s has levels from %d to %d, not %d"
                            .formatted(
                                    compression.configName(),
                                    compression.levelMin(),
                                    compression.levelMax(),
                                    level));
        }
        this.compression = compression;
        this.level = level;
        return this;
    }

    /** The first record's offset; 0 unless set, which is what producers send. */
    public RecordBatchBuilder baseOffset(long offset) {
        baseOffset = offset;
        return this;
    }

    public RecordBatchBuilder partitionLeaderEpoch(int epoch) {
        partitionLeaderEpoch = epoch;
        return this;
    }

    /** The idempotent producer that sends this batch; none unless set. */
    public RecordBatchBuilder producer(long id, short epoch, int baseSequence) {
        producerId = id;
        producerEpoch = epoch;
        this.baseSequence = baseSequence;
        return this;
    }

    public RecordBatchBuilder transactional() {
        flags |= BatchLayout.TRANSACTIONAL_BIT;
        return this;
    }

    public RecordBatchBuilder control() {
        flags |= BatchLayout.CONTROL_BIT;
        return this;
    }

    public int recordCount() {
        return recordCount;
    }

    /** The size of the batch if it were built now and not compressed; it is never larger. */
    public int sizeBytes() {
        return buffer.position() - start;
    }

    /** The most bytes that a record with these parts adds to a batch. */
    public static long recordSizeBytesMax(
            @Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers) {
        long size = RECORD_FIXED_BYTES_MAX + (long) remaining(key) + remaining(value);
        for (RecordHeader header : headers) {
            size += 2 * Varints.INT_BYTES_MAX + 3L * header.key().length();
            size += remaining(header.value());
        }
        return size;
    }

    /** {@link #append(long, ByteBuffer, ByteBuffer, List)} without headers. */
    public boolean append(long timestampMillis, byte @Nullable [] key, byte @Nullable [] value) {
        return append(
                timestampMillis,
                key == null ? null : ByteBuffer.wrap(key),
                value == null ? null : ByteBuffer.wrap(value),
                List.of());
    }

    /**
     * Adds a record behind the others, at the next offset.
     *
     * @param timestampMillis milliseconds since 1970, or -1 for none
     * @param key position to limit, left as it is
     * @param value position to limit, left as it is
     * @return false if the batch would become too large; then nothing was added
     * @throws IllegalStateException if the batch is built
     */
    public boolean append(
            long timestampMillis,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            List<RecordHeader> headers) {
        if (built) {
            throw new IllegalStateException("the batch is built and takes no more records");
        }
        long timestampDelta = recordCount == 0 ? 0 : timestampMillis - baseTimestampMillis;
        byte[][] headerKeys = headerKeys(headers);
        long bodyBytes = bodyBytes(timestampDelta, key, value, headers, headerKeys);
        if (!makeRoom(bodyBytes)) {
            return false;
        }
        Varints.putInt(buffer, (int) bodyBytes);
        buffer.put((byte) 0);
        Varints.putLong(buffer, timestampDelta);
        Varints.putInt(buffer, recordCount);
        put(key);
        put(value);
        Varints.putInt(buffer, headerKeys.length);
        for (int i = 0; i < headerKeys.length; i++) {
            Varints.putInt(buffer, headerKeys[i].length);
            buffer.put(headerKeys[i]);
            put(headers.get(i).value());
        }
        if (recordCount == 0) {
            baseTimestampMillis = timestampMillis;
        }
        maxTimestampMillis = Math.max(maxTimestampMillis, timestampMillis);
        recordCount++;
        return true;
    }

    private static byte[][] headerKeys(List<RecordHeader> headers) {
        if (headers.isEmpty()) {
            return NO_KEYS;
        }
        byte[][] keys = new byte[headers.size()][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = headers.get(i).key().getBytes(StandardCharsets.UTF_8);
        }
        return keys;
    }

    private long bodyBytes(
            long timestampDelta,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            List<RecordHeader> headers,
            byte[][] headerKeys) {
        long size = 1L + Varints.sizeBytes(timestampDelta) + Varints.sizeBytes(recordCount);
        size += sizeBytes(key) + sizeBytes(value) + Varints.sizeBytes(headerKeys.length);
        for (int i = 0; i < headerKeys.length; i++) {
            size += Varints.sizeBytes(headerKeys[i].length) + (long) headerKeys[i].length;
            size += sizeBytes(headers.get(i).value());
        }
        return size;
    }

    private static long sizeBytes(@Nullable ByteBuffer bytes) {
        return bytes == null ? 1 : Varints.sizeBytes(bytes.remaining()) + (long) bytes.remaining();
    }

    private static int remaining(@Nullable ByteBuffer bytes) {
        return bytes == null ? 0 : bytes.remaining();
    }

    private void put(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            Varints.putInt(buffer, -1);
        } else {
            int size = bytes.remaining();
            Varints.putInt(buffer, size);
            buffer.put(buffer.position(), bytes, bytes.position(), size);
            buffer.position(buffer.position() + size);
        }
    }

    private boolean makeRoom(long bodyBytes) {
        long needed = sizeBytes() + Varints.sizeBytes(bodyBytes) + bodyBytes;
        boolean firstOfGrowable = growable && recordCount == 0;
        if (needed > (firstOfGrowable ? ARRAY_BYTES_MAX : sizeBytesMax)) {
            return false;
        }
        if (growable && needed > buffer.capacity()) {
            long doubled = Math.min(2L * buffer.capacity(), sizeBytesMax);
            buffer = ByteBuffer.allocate((int) Math.max(doubled, needed)).put(buffer.flip());
        }
        return true;
    }

    /**
     * Compresses and seals the batch. A given buffer's position is moved behind it.
     *
     * @return the batch, position 0 to limit, sharing the builder's buffer
     * @throws IllegalStateException if there are no records, or the batch was built before
     */
    public ByteBuffer build() {
        if (recordCount == 0 || built) {
            throw new IllegalStateException(built ? "the batch was built before" : "no records");
        }
        built = true;
        int attributes = flags | compressRecords().id();
        ByteBuffer batch = buffer.slice(start, sizeBytes());
        batch.putLong(BatchLayout.BASE_OFFSET, baseOffset)
                .putInt(BatchLayout.BATCH_LENGTH, sizeBytes() - BatchLayout.LENGTH_PREFIX_BYTES)
                .putInt(BatchLayout.PARTITION_LEADER_EPOCH, partitionLeaderEpoch)
                .put(BatchLayout.MAGIC, BatchLayout.MAGIC_V2)
                .putShort(BatchLayout.ATTRIBUTES, (short) attributes)
                .putInt(BatchLayout.LAST_OFFSET_DELTA, recordCount - 1)
                .putLong(BatchLayout.BASE_TIMESTAMP, baseTimestampMillis)
                .putLong(BatchLayout.MAX_TIMESTAMP, maxTimestampMillis)
                .putLong(BatchLayout.PRODUCER_ID, producerId)
                .putShort(BatchLayout.PRODUCER_EPOCH, producerEpoch)
                .putInt(BatchLayout.BASE_SEQUENCE, baseSequence)
                .putInt(BatchLayout.RECORD_COUNT, recordCount);
        RecordBatch.of(batch).updateCrc();
        return batch;
    }

    /** Puts the compressed records in place of the others and says how they stand there now. */
    private Compression compressRecords() {
        if (compression == Compression.NONE) {
            return Compression.NONE;
        }
        int recordsStart = start + BatchLayout.HEADER_BYTES;
        int recordsBytes = buffer.position() - recordsStart;
        BufferOutput compressed = new BufferOutput(recordsBytes);
        try (OutputStream out = Codec.of(compression).deflate(compressed, level)) {
            write(buffer.slice(recordsStart, recordsBytes), out);
        } catch (IOException e) {
            throw new UncheckedIOException("the records cannot be compressed", e);
        } catch (LinkageError e) {
            throw RecordCursor.unavailable(compression, e);
        }
        ByteBuffer bytes = compressed.bytes();
        if (bytes.remaining() >= recordsBytes) {
            return Compression.NONE;
        }
        buffer.position(recordsStart).put(bytes);
        return compression;
    }

    private static void write(ByteBuffer records, OutputStream out) throws IOException {
        if (records.hasArray()) {
            out.write(records.array(), records.arrayOffset(), records.remaining());
        } else {
            byte[] copy = new byte[records.remaining()];
            records.get(copy);
            out.write(copy);
        }
    }
}
