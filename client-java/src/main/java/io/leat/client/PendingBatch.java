package io.leat.client;

import io.leat.wire.record.Compression;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordBatchBuilder;
import io.leat.wire.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Records of one partition that travel together, and the futures of those who sent them.
 *
 * <p>Filled under the lock of its {@link PartitionQueue}, sealed once by whoever comes first, and
 * then of the loop alone.
 */
final class PendingBatch {
    /** Where a batch is on its way. */
    enum State {
        /** Not sent yet. */
        WAITING,
        /** Sent, and not answered yet. */
        IN_FLIGHT,
        /** Sent without success, and to be sent again. */
        RETRY,
        /** Delivered or failed. */
        DONE
    }

    private record Entry(CompletableFuture<RecordMetadata> future, long timestampMillis) {}

    /** What a batch has around its records, generously. */
    static final int OVERHEAD_BYTES = 128;

    private static final int INITIAL_BYTES = 1024;
    private static final long NO_TIMESTAMP = -1;

    private final TopicPartition partition;
    private final Deadline deadline;
    private final long createdNanos = System.nanoTime();
    private final RecordBatchBuilder builder;
    private final List<Entry> entries = new ArrayList<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private long reservedBytes;
    private @Nullable ByteBuffer sealed;

    // Of the loop.
    State state = State.WAITING;
    int attempts;
    int baseSequence = RecordBatch.NONE;
    @Nullable Throwable lastFailure;

    PendingBatch(
            TopicPartition partition, int batchBytes, Compression compression, Deadline deadline) {
        this.partition = partition;
        this.deadline = deadline;
        this.builder =
                RecordBatchBuilder.growable(Math.min(INITIAL_BYTES, batchBytes))
                        .sizeBytesMax(batchBytes)
                        .compression(compression);
    }

    TopicPartition partition() {
        return partition;
    }

    Deadline deadline() {
        return deadline;
    }

    long createdNanos() {
        return createdNanos;
    }

    int recordCount() {
        return entries.size();
    }

    /** What was reserved for its records. */
    long reservedBytes() {
        return reservedBytes;
    }

    /** Completes, always well, when the batch is delivered or has failed. */
    CompletableFuture<Void> done() {
        return done;
    }

    /**
     * Adds a record unless the batch is full.
     *
     * @return the record's future, or null if there is no room
     */
    @Nullable CompletableFuture<RecordMetadata> append(
            long timestampMillis,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<RecordHeader> headers,
            long bytes) {
        boolean added =
                builder.append(
                        timestampMillis,
                        key == null ? null : ByteBuffer.wrap(key),
                        value == null ? null : ByteBuffer.wrap(value),
                        headers);
        if (!added) {
            return null;
        }
        reservedBytes += bytes;
        CompletableFuture<RecordMetadata> future = new CompletableFuture<>();
        entries.add(new Entry(future, timestampMillis));
        return future;
    }

    /** Compresses and closes the batch, once; its bytes belong to no producer yet. */
    synchronized ByteBuffer seal() {
        ByteBuffer bytes = sealed;
        if (bytes == null) {
            bytes = builder.build();
            sealed = bytes;
        }
        return bytes;
    }

    /** Gives the sealed batch to an idempotent producer. */
    void stamp(ProducerIdentity identity, int sequence) {
        baseSequence = sequence;
        RecordBatch.of(seal()).producer(identity.producerId(), identity.epoch(), sequence);
    }

    /**
     * Tells the senders where their records are.
     *
     * @param baseOffset the first record's offset, or -1 if that is not known
     * @param appendTimeMillis the broker's timestamp, or -1 where the records' own hold
     */
    void succeed(long baseOffset, long appendTimeMillis) {
        state = State.DONE;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            long timestamp =
                    appendTimeMillis == NO_TIMESTAMP ? entry.timestampMillis : appendTimeMillis;
            long offset = baseOffset < 0 ? -1 : baseOffset + i;
            entry.future.complete(
                    new RecordMetadata(
                            partition.topic(), partition.partition(), offset, timestamp));
        }
        done.complete(null);
    }

    /** Tells the senders that their records are not delivered. */
    void fail(RuntimeException why) {
        state = State.DONE;
        entries.forEach(entry -> entry.future.completeExceptionally(why));
        done.complete(null);
    }
}
