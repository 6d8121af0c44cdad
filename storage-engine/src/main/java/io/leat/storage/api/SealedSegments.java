package io.leat.storage.api;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/**
 * The parts of one log that no longer grow: what retention, compaction, erasure and scrubbing work
 * on. Everything but {@link #list} may block on I/O, so it is for background threads. Any thread; a
 * log has one {@link Rewrite} at a time.
 */
public interface SealedSegments {
    /** All sealed segments, oldest first, without gaps between them. A snapshot. */
    List<SealedSegment> list();

    /** The segment that grows; nothing where the log never had a record. A snapshot. */
    Optional<GrowingSegment> growing();

    /**
     * Bytes of segments that were taken out of the log, by a rewrite or a trim, and that still take
     * space because someone reads them.
     */
    long retiredBytes();

    /**
     * Seals the segment that grows, if it has records, so that all that was durable when this was
     * called is in sealed segments once the future completes. Appends go on in a new segment. Fails
     * with {@link StorageException}.
     */
    CompletableFuture<Void> seal();

    /**
     * What is known to be damaged in the log, by offset: reads found it, or {@link #scrub} did. A
     * snapshot, and empty as long as all is well.
     */
    List<Damage> damages();

    /**
     * Reads a segment as a whole, from the disk itself where the file system can, and checks every
     * batch. What is damaged is fenced off: from then on reads of it fail, and it is among {@link
     * #damages}. Nothing is changed on the disk.
     *
     * @param pace told how many bytes are about to be read, each time; it may block, and may throw
     *     to end this early
     * @return what was found
     * @throws StorageException when the disk fails
     */
    List<Damage> scrub(SealedSegment segment, IntConsumer pace);

    /**
     * Leases all bytes of a segment, those before the log start too. Nothing but its length was
     * checked.
     *
     * @throws StorageException when it is damaged, cannot be read, or is no longer there
     */
    LogSlice read(SealedSegment segment);

    /**
     * The aborted transactions that may have records from {@code from} on and before {@code to},
     * and perhaps more. Only those before the last stable offset are known.
     *
     * @throws StorageException when the log cannot be read
     */
    List<AbortedTransaction> aborted(long from, long to);

    /**
     * The batches and markers by which the log knows its producers, as of some moment during the
     * call. They have to stay, if need be without records, for that is all that a log whose
     * snapshots are damaged is left with.
     *
     * @throws StorageException when the log cannot be read
     */
    ProducerTraces traces();

    /**
     * Begins to rewrite neighbouring segments into one.
     *
     * @param replaced sealed segments of {@link #list}, in order and without gaps
     * @throws StorageException when one is no longer there, another rewrite runs, or together they
     *     span more than 2^31 - 1 offsets
     */
    Rewrite rewrite(List<SealedSegment> replaced);

    /**
     * What is to take the place of neighbouring segments. One thread. Nothing changes for readers,
     * and nothing survives a crash, before {@link #commit}.
     */
    interface Rewrite extends AutoCloseable {
        /**
         * Adds whole record batches, whose offsets are as they were: rising, and within the
         * segments that are replaced; there may be gaps. The caller has made their CRCs.
         *
         * @throws StorageException when the disk fails or is full, or offsets go back
         */
        void append(ByteBuffer batches);

        /** Bytes added so far. */
        long sizeBytes();

        /**
         * Puts the new segment in the place of the old ones, durably, and all or nothing whenever
         * the power goes. Reads that have begun finish on the old bytes; space is freed after them.
         * The log start, the durable end and what is known of producers stay as they are.
         *
         * <p>Where the last offset of what is replaced is not among the batches added, an empty
         * batch of no producer takes its place, so that segments end where the next begin: a gap
         * between segments is always damage.
         *
         * @return the new segment
         * @throws StorageException when it failed; then the old segments are still there, or the
         *     log has failed as a whole and finishes this when it is opened again
         */
        SealedSegment commit();

        /** Drops what was not committed. Idempotent. */
        @Override
        void close();
    }
}
