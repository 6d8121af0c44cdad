package io.leat.storage.api;

/** How an append ended. A future of an append never completes exceptionally. */
public sealed interface AppendOutcome {
    /**
     * The batch is in the log.
     *
     * @param baseOffset the offset given to its first record
     * @param lastOffset the offset given to its last record
     * @param logAppendTimeMillis the time given to its records, or -1 where they keep their own
     * @param logStart the first offset of the log at that time
     */
    record Appended(long baseOffset, long lastOffset, long logAppendTimeMillis, long logStart)
            implements AppendOutcome {}

    /**
     * An idempotent producer sent this batch before; this is where it stands. Nothing was added.
     */
    record Duplicate(long baseOffset, long lastOffset, long logAppendTimeMillis, long logStart)
            implements AppendOutcome {}

    /**
     * Nothing was added.
     *
     * @param reason what a program needs to know
     * @param message what a person needs to know
     */
    record Refused(Refusal reason, String message) implements AppendOutcome {}

    /** Why an append was refused. */
    enum Refusal {
        /** The sequence number leaves a gap behind the producer's last batch. */
        OUT_OF_ORDER_SEQUENCE,
        /** The sequence number is older than all batches remembered for the producer. */
        DUPLICATE_SEQUENCE,
        /** The producer's epoch is older than one seen before. */
        STALE_PRODUCER_EPOCH,
        /** The batch does not fit into a segment. */
        BATCH_TOO_LARGE,
        /** The batch's bytes are not a batch. */
        CORRUPT,
        /** The bound on queued appends is reached; try again. */
        OVERLOADED,
        /** A write or force failed, the disk is full, or the log is fenced off. */
        STORAGE_FAILED,
        /** The log is closed or deleted. */
        CLOSED
    }
}
