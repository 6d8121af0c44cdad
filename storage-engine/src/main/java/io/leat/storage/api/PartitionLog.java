package io.leat.storage.api;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One partition's log. All methods may be called by any thread and none blocks on I/O of the append
 * path.
 */
public interface PartitionLog extends AutoCloseable {
    LogId id();

    /** A consistent snapshot of the bounds. Cheap: one volatile read. */
    LogBounds bounds();

    /**
     * Appends one record batch (magic 2) whose CRC the caller has checked. A transactional batch
     * opens its producer's transaction if none is open; a control batch with a {@link
     * io.leat.wire.record.TransactionMarker} ends it. Whether they may is the caller's concern, but
     * for the producer's epoch: an older one is refused.
     *
     * @param batch position to limit; the log writes the base offset, leader epoch and, by
     *     configuration, the append time into it, and reads it until the future completes
     * @param durability when the future completes
     */
    CompletableFuture<AppendOutcome> append(ByteBuffer batch, Durability durability);

    /**
     * Reads from the batch that holds {@code offset} up to the durable end, or the last stable
     * offset.
     *
     * @param maxBytes how many bytes at the most
     * @param atLeastOneBatch whether the first batch is given whole even if it is larger
     * @param isolation where the read ends, and whether it tells of aborted transactions
     */
    CompletableFuture<ReadOutcome> read(
            long offset, int maxBytes, boolean atLeastOneBatch, Isolation isolation);

    /**
     * The first durable record whose timestamp is {@code timestampMillis} or later; fails with
     * {@link StorageException}.
     */
    CompletableFuture<Optional<TimedOffset>> offsetForTime(long timestampMillis);

    /** The first durable record with the largest timestamp; fails with {@link StorageException}. */
    CompletableFuture<Optional<TimedOffset>> maxTimestamp();

    /**
     * Moves the log start up to {@code logStart} (never down, never beyond the durable end),
     * durably; space is freed later.
     */
    CompletableFuture<LogBounds> trim(long logStart);

    /**
     * The producers that the log remembers, in no order, as of some moment during the call; fails
     * with {@link StorageException}.
     */
    CompletableFuture<List<ActiveProducer>> producers();

    LogDetails details();

    /** The parts of this log that no longer grow; a view, for background work. */
    SealedSegments sealed();

    /** Takes effect with the next append. */
    void reconfigure(LogConfig config);

    /** Ends appends, forces what was written, frees files and mappings. Idempotent. */
    @Override
    void close();
}
