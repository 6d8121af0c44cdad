package io.leat.wire.record;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Makes of a stored batch one that holds only some of its records, as compaction and erasure do.
 *
 * <pre>
 *   sieve.sift(batch, record -> ...);       looks at every record, and asks whether it stays
 *   if (sieve.keptCount() > 0) {
 *       out.put(sieve.kept());
 *   }
 * </pre>
 *
 * <p>What stays is as it was: the records with their offsets, timestamps and headers, and of the
 * batch its base offset, last offset delta, base timestamp, leader epoch, producer, sequence, codec
 * and attributes, so that the producer's last sequence and the offsets that went can still be told.
 * New are the record count, the length, the CRC and, unless it is the time of the append, the
 * largest timestamp. Records are copied as bytes and not read to their last field; compressed ones
 * are inflated twice, which needs no memory for all of them at once, and compressed again at the
 * codec's default level.
 *
 * <p>The CRC of the batch must have been checked before: a rebuilt batch gets a right one whatever
 * the bytes were. For one thread; reusable.
 */
public final class BatchSieve {
    private static final byte[] HEADER_SPACE = new byte[BatchLayout.HEADER_BYTES];

    private final int inflatedBytesMax;
    private final RecordBatch batch = new RecordBatch();
    private final BitSet kept = new BitSet();
    private final BufferOutput output = new BufferOutput(8 * 1024);
    private int keptCount;
    private int recordCount;
    private long maxTimestampMillis;
    private boolean tombstoneKept;

    /** Says of a record whether it stays. */
    @FunctionalInterface
    public interface Keep {
        /** Whether this record stays; it is good for the time of the call. */
        boolean keeps(RecordScan record);
    }

    /**
     * A sieve for any number of batches.
     *
     * @param inflatedBytesMax how many bytes the records of one batch may inflate to
     */
    public BatchSieve(int inflatedBytesMax) {
        this.inflatedBytesMax = inflatedBytesMax;
    }

    /**
     * Puts every record of a batch to the test.
     *
     * @param source a whole batch whose CRC fits; the view may be moved afterwards, its bytes must
     *     stay until the result is taken
     * @throws InvalidBatchException where the records do not fit the format
     */
    public void sift(RecordBatch source, Keep keep) {
        batch.wrap(source.bytes(), 0);
        kept.clear();
        keptCount = 0;
        recordCount = batch.recordCount();
        maxTimestampMillis = RecordBatch.NONE;
        tombstoneKept = false;
        try (RecordScan scan = new RecordScan(batch, inflatedBytesMax)) {
            for (int i = 0; scan.hasNext(); i++) {
                scan.next();
                if (keep.keeps(scan)) {
                    kept.set(i);
                    keptCount++;
                    maxTimestampMillis = Math.max(maxTimestampMillis, scan.timestampMillis());
                    tombstoneKept |= !scan.hasValue();
                }
            }
        }
    }

    /** How many records stay. */
    public int keptCount() {
        return keptCount;
    }

    /** How many records go. */
    public int droppedCount() {
        return recordCount - keptCount;
    }

    /** Whether a record without a value stays. */
    public boolean tombstoneKept() {
        return tombstoneKept;
    }

    /**
     * The batch with the records that stay: the very bytes of the source where all do.
     *
     * @return position 0 to limit; good until {@link #sift} is called again
     * @throws IllegalStateException if none stays
     */
    public ByteBuffer kept() {
        return keptCount == recordCount && keptCount > 0
                ? batch.bytes()
                : rebuild(batch.attributes(), batch.baseTimestampMillis(), false);
    }

    /**
     * {@link #kept()}, marked with the time from which its tombstones may go (KIP-534). A mark that
     * is there already stays as it is.
     *
     * @param horizonMillis milliseconds since 1970
     */
    public ByteBuffer keptUntil(long horizonMillis) {
        if (batch.hasDeleteHorizon()) {
            return kept();
        }
        int attributes = batch.attributes() | BatchLayout.DELETE_HORIZON_BIT;
        return rebuild(attributes, horizonMillis, true);
    }

    /**
     * The batch without any record: only the header, not compressed and without a delete horizon.
     * Its offsets and its producer's sequences can still be told.
     *
     * @return position 0 to limit; good until {@link #sift} or this is called again
     */
    public ByteBuffer emptied(RecordBatch source) {
        batch.wrap(source.bytes(), 0);
        output.clear();
        output.write(HEADER_SPACE, 0, HEADER_SPACE.length);
        int attributes =
                batch.attributes()
                        & ~(BatchLayout.COMPRESSION_MASK | BatchLayout.DELETE_HORIZON_BIT);
        return seal(attributes, RecordBatch.NONE, batch.maxTimestampMillis(), 0);
    }

    private ByteBuffer rebuild(int attributes, long baseTimestampMillis, boolean rebase) {
        if (keptCount == 0) {
            throw new IllegalStateException("no record stays");
        }
        output.clear();
        output.write(HEADER_SPACE, 0, HEADER_SPACE.length);
        Compression compression = batch.compression();
        try (OutputStream out =
                compression == Compression.NONE
                        ? output
                        : Codec.of(compression).deflate(output, compression.levelDefault())) {
            RecordOutput records = new RecordOutput(out);
            copyKept(records, baseTimestampMillis, rebase);
            records.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the records cannot be compressed", e);
        }
        boolean timeOfAppend = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        return seal(
                attributes,
                baseTimestampMillis,
                timeOfAppend ? batch.maxTimestampMillis() : maxTimestampMillis,
                keptCount);
    }

    private void copyKept(RecordOutput out, long baseTimestampMillis, boolean rebase) {
        try (RecordScan scan = new RecordScan(batch, inflatedBytesMax)) {
            int last = kept.length() - 1;
            for (int i = 0; i <= last; i++) {
                scan.next();
                if (!kept.get(i)) {
                    continue;
                }
                if (rebase) {
                    scan.copyTo(out, baseTimestampMillis);
                } else {
                    scan.copyTo(out);
                }
            }
        }
    }

    private ByteBuffer seal(
            int attributes, long baseTimestampMillis, long maxTimestampMillis, int count) {
        ByteBuffer sealed = output.bytes();
        sealed.put(0, batch.bytes(), 0, BatchLayout.HEADER_BYTES);
        sealed.putInt(
                        BatchLayout.BATCH_LENGTH,
                        sealed.remaining() - BatchLayout.LENGTH_PREFIX_BYTES)
                .putShort(BatchLayout.ATTRIBUTES, (short) attributes)
                .putLong(BatchLayout.BASE_TIMESTAMP, baseTimestampMillis)
                .putLong(BatchLayout.MAX_TIMESTAMP, maxTimestampMillis)
                .putInt(BatchLayout.RECORD_COUNT, count);
        RecordBatch.of(sealed).updateCrc();
        return sealed;
    }
}
