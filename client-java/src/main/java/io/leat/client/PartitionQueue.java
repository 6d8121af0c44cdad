package io.leat.client;

import io.leat.wire.record.Compression;
import io.leat.wire.record.RecordHeader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one partition that are not sent yet: one that is filled, and full ones in front of
 * it. Senders fill under the queue's lock, the loop takes under the same.
 */
final class PartitionQueue {
    /**
     * A record's place.
     *
     * @param future completes when the record is delivered
     * @param opened whether the record started a batch, which the loop has to hear of
     * @param filled the batch that was full, to be sealed by the sender, or null
     */
    record Appended(
            CompletableFuture<RecordMetadata> future,
            boolean opened,
            @Nullable PendingBatch filled) {}

    private final TopicPartition partition;
    private final ProducerOptions options;
    private final ArrayDeque<PendingBatch> full = new ArrayDeque<>();
    private @Nullable PendingBatch open;
    private boolean closed;

    PartitionQueue(TopicPartition partition, ProducerOptions options) {
        this.partition = partition;
        this.options = options;
    }

    TopicPartition partition() {
        return partition;
    }

    /**
     * Adds a record.
     *
     * @param bytes what was reserved for it
     * @throws IllegalStateException if the queue is closed
     */
    synchronized Appended append(
            long timestampMillis,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<RecordHeader> headers,
            long bytes) {
        if (closed) {
            throw new IllegalStateException("the producer is closed");
        }
        PendingBatch filled = open;
        if (filled != null) {
            CompletableFuture<RecordMetadata> future =
                    filled.append(timestampMillis, key, value, headers, bytes);
            if (future != null) {
                return new Appended(future, false, null);
            }
            full.add(filled);
        }
        Compression compression = options.compression();
        PendingBatch fresh =
                new PendingBatch(
                        partition,
                        options.batchBytes(),
                        compression,
                        Deadline.after(options.deliveryTimeout()));
        CompletableFuture<RecordMetadata> future =
                fresh.append(timestampMillis, key, value, headers, bytes);
        open = fresh;
        return new Appended(
                Objects.requireNonNull(future, "an empty batch takes any record"), true, filled);
    }

    /** The oldest batch, to look at; null if there is none. */
    synchronized @Nullable PendingBatch peek() {
        PendingBatch first = full.peek();
        return first == null ? open : first;
    }

    /**
     * The most bytes that the oldest batch has as it is now, 0 if there is none; an open one may
     * still grow.
     */
    synchronized long peekBytes() {
        PendingBatch first = peek();
        return first == null ? 0 : first.reservedBytes() + PendingBatch.OVERHEAD_BYTES;
    }

    /** Whether the oldest batch is full. */
    synchronized boolean hasFull() {
        return !full.isEmpty();
    }

    /** Takes the oldest batch out; it takes no more records. */
    synchronized @Nullable PendingBatch poll() {
        PendingBatch first = full.poll();
        if (first == null) {
            first = open;
            open = null;
        }
        return first;
    }

    /** All batches, the oldest first. */
    synchronized List<PendingBatch> batches() {
        List<PendingBatch> all = new ArrayList<>(full);
        if (open != null) {
            all.add(open);
        }
        return all;
    }

    /** Takes no more records. */
    synchronized void close() {
        closed = true;
    }
}
