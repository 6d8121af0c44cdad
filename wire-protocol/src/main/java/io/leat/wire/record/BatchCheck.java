package io.leat.wire.record;

/**
 * Whether the bytes of a batch are sound. The checks are pure functions: they change neither the
 * bytes nor the view. Each includes the ones before it, except that {@link #ofRecords} expects a
 * batch that passed {@link #ofProduced}.
 *
 * <pre>
 *  ofFrame     there is one whole batch of magic 2
 *  ofStored    ... and its CRC fits: what recovery asks
 *  ofProduced  ... and it is one that a producer may send: what Produce asks of each batch
 *  ofRecords   every record, inflated if need be
 * </pre>
 *
 * <p>They refuse what Kafka's LogValidator refuses, and besides what it passes over: attribute bits
 * without a meaning, transactional batches without a producer, offset deltas with gaps. Without a
 * producer id, epoch and sequence may be anything: some clients leave a 0 there.
 */
public sealed interface BatchCheck {
    /** Index of a flaw that is the whole batch's. */
    int NO_RECORD = -1;

    /**
     * The bytes are sound.
     *
     * @param maxTimestampMillis the largest timestamp, as the header claims it or, from {@link
     *     #ofRecords}, as the records have it. A header that differs is no flaw: Kafka corrects it,
     *     as {@link RecordBatch#maxTimestampMillis(long)} does
     */
    record Passed(long maxTimestampMillis) implements BatchCheck {}

    /**
     * The bytes are not to be taken.
     *
     * @param flaw for programs
     * @param message for people
     * @param recordIndex which record it is, from 0, or {@link #NO_RECORD}
     */
    record Failed(Flaw flaw, String message, int recordIndex) implements BatchCheck {}

    /** Whether a whole batch of magic 2 lies at the view's position; more may follow it. */
    static BatchCheck ofFrame(RecordBatch batch) {
        int available = batch.availableBytes();
        if (available == 0) {
            return failed(Flaw.EMPTY, "there is no record batch");
        }
        if (available <= BatchLayout.MAGIC) {
            return failed(Flaw.TRUNCATED, "a record batch ends after " + available + " bytes");
        }
        int length = batch.batchLength();
        byte magic = batch.magic();
        boolean old = magic == 0 || magic == 1;
        int headerBytes = old ? BatchFrame.OLD_HEADER_BYTES : BatchLayout.HEADER_BYTES;
        if (length < headerBytes - BatchLayout.LENGTH_PREFIX_BYTES) {
            return failed(
                    Flaw.BAD_LENGTH, "a batch length of " + length + " is smaller than a header");
        }
        if (magic != BatchLayout.MAGIC_V2) {
            return failed(
                    old ? Flaw.OLD_MAGIC : Flaw.UNKNOWN_MAGIC,
                    "a batch has magic " + magic + ", only magic 2 is supported");
        }
        if (length > available - BatchLayout.LENGTH_PREFIX_BYTES) {
            return failed(
                    Flaw.TRUNCATED,
                    "a batch of %d bytes is cut off after %d"
                            .formatted(length + (long) BatchLayout.LENGTH_PREFIX_BYTES, available));
        }
        return new Passed(batch.maxTimestampMillis());
    }

    /** Whether a whole batch whose CRC fits lies at the view's position; more may follow it. */
    static BatchCheck ofStored(RecordBatch batch) {
        BatchCheck frame = ofFrame(batch);
        return frame instanceof Passed ? crc(batch) : frame;
    }

    /** Whether the bytes from the view's position to its limit are one batch from a producer. */
    static BatchCheck ofProduced(RecordBatch batch) {
        BatchCheck frame = ofFrame(batch);
        if (frame instanceof Failed) {
            return frame;
        }
        int rest = batch.availableBytes() - batch.sizeBytes();
        if (rest > 0) {
            return failed(
                    Flaw.MORE_THAN_ONE_BATCH,
                    "one batch a partition is allowed, and " + rest + " bytes follow it");
        }
        BatchCheck crc = crc(batch);
        if (crc instanceof Failed) {
            return crc;
        }
        return BatchFrame.checkProduced(batch);
    }

    /**
     * Whether every record of a batch that passed {@link #ofProduced} is sound: sizes add up to the
     * last byte, offset deltas count from 0, and the rules hold. Uncompressed batches cost no
     * memory; compressed ones are inflated piece by piece.
     */
    static BatchCheck ofRecords(RecordBatch batch, RecordRules rules) {
        return RecordWalk.check(batch, rules);
    }

    private static BatchCheck crc(RecordBatch batch) {
        if (!batch.crcValid()) {
            return failed(
                    Flaw.CRC_MISMATCH,
                    "a batch of %d bytes does not fit its CRC 0x%08x"
                            .formatted(batch.sizeBytes(), batch.crc()));
        }
        return new Passed(batch.maxTimestampMillis());
    }

    private static Failed failed(Flaw flaw, String message) {
        return new Failed(flaw, message, NO_RECORD);
    }
}
