package io.leat.client;

import io.leat.wire.message.FetchResponse;
import io.leat.wire.record.Flaw;
import io.leat.wire.record.InvalidBatchException;
import io.leat.wire.record.Record;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordBatches;
import io.leat.wire.record.RecordReader;
import io.leat.wire.record.TimestampType;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one partition from one answer, read record by record as the caller wants them.
 * Made on the loop, then of the caller's thread.
 */
final class FetchedChunk {
    /** Compressed batches that would inflate to more are taken for damaged. */
    private static final int INFLATED_BYTES_MAX = 1 << 30;

    private final TopicPartition partition;
    private final int version;
    private final int sizeBytes;
    private final long nextOffset;
    private final Iterator<RecordBatch> batches;
    private final AbortedTransactions aborted;
    private @Nullable RecordReader reader;
    private TimestampType timestampType = TimestampType.CREATE_TIME;
    private long position;
    private long batchStart;
    private long batchEnd;

    /**
     * @param version the partition's version when this was asked for
     * @param position the first offset that was asked for; batches may begin before it
     * @param bytes at least one whole batch
     */
    FetchedChunk(
            TopicPartition partition,
            int version,
            long position,
            ByteBuffer bytes,
            List<FetchResponse.AbortedTransaction> aborted) {
        this.partition = partition;
        this.version = version;
        this.sizeBytes = bytes.remaining();
        this.position = position;
        this.batchStart = position;
        this.batchEnd = position;
        this.batches = new RecordBatches(bytes).iterator();
        this.aborted = new AbortedTransactions(aborted);
        this.nextOffset = endOf(bytes, position);
    }

    private static long endOf(ByteBuffer bytes, long position) {
        long end = position;
        for (RecordBatch batch : new RecordBatches(bytes)) {
            end = Math.max(end, batch.nextOffset());
        }
        return end;
    }

    TopicPartition partition() {
        return partition;
    }

    int version() {
        return version;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    /** The offset behind the last batch. */
    long nextOffset() {
        return nextOffset;
    }

    /** The offset behind all that was read. */
    long position() {
        return position;
    }

    TimestampType timestampType() {
        return timestampType;
    }

    /** The offset behind the batch that is read: where to go on if it is damaged. */
    long batchEnd() {
        return Math.max(batchEnd, position + 1);
    }

    /**
     * The next record, or null at the end.
     *
     * @throws InvalidBatchException if there is one that cannot be read
     */
    @Nullable Record next() {
        while (true) {
            RecordReader records = reader;
            if (records != null && records.hasNext()) {
                return records.next();
            } else if (!nextBatch()) {
                return null;
            }
        }
    }

    /** Notes that the record was handed out. */
    void passed(Record record) {
        position = record.offset() + 1;
    }

    private boolean nextBatch() {
        if (reader != null) {
            reader = null;
            position = Math.max(position, batchEnd);
        }
        if (!batches.hasNext()) {
            position = Math.max(position, nextOffset);
            return false;
        }
        RecordBatch batch = batches.next();
        batchStart = batch.baseOffset();
        batchEnd = batch.nextOffset();
        if (!batch.crcValid()) {
            throw new InvalidBatchException(
                    Flaw.CRC_MISMATCH,
                    "the CRC of the batch at offset " + batchStart + " does not fit");
        }
        timestampType = batch.timestampType();
        if (aborted.hides(batch)) {
            position = Math.max(position, batchEnd);
        } else {
            reader = new RecordReader(batch, INFLATED_BYTES_MAX);
            reader.skipTo(position);
        }
        return true;
    }

    /** Frees what a codec holds. */
    void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
