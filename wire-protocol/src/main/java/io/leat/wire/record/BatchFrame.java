package io.leat.wire.record;

/** The part of {@link BatchCheck} that looks at the header fields of a batch from a producer. */
final class BatchFrame {
    /** Offset, size, CRC, magic, attributes, key size and value size of a message of magic 0. */
    static final int OLD_HEADER_BYTES = 12 + 14;

    private BatchFrame() {}

    static BatchCheck checkProduced(RecordBatch batch) {
        int count = batch.recordCount();
        if (count <= 0) {
            return failed(Flaw.BAD_COUNT, "a batch has a record count of " + count);
        }
        if (batch.lastOffsetDelta() != count - 1) {
            return failed(
                    Flaw.BAD_COUNT,
                    "a batch of %d records has a last offset delta of %d"
                            .formatted(count, batch.lastOffsetDelta()));
        }
        if (batch.baseOffset() != 0) {
            return failed(
                    Flaw.BAD_BASE_OFFSET,
                    "a producer's batch has base offset " + batch.baseOffset() + " instead of 0");
        }
        BatchCheck attributes = checkAttributes(batch);
        return attributes instanceof BatchCheck.Failed ? attributes : checkProducer(batch);
    }

    private static BatchCheck checkAttributes(RecordBatch batch) {
        if (batch.isControl()) {
            return failed(Flaw.CONTROL_BATCH, "producers cannot write control batches");
        }
        if (batch.hasDeleteHorizon() || (batch.attributes() & BatchLayout.UNUSED_BITS) != 0) {
            return failed(
                    Flaw.BAD_ATTRIBUTES,
                    "a batch has attributes 0x%04x, which no producer may set"
                            .formatted(batch.attributes() & 0xffff));
        }
        if (!Compression.isKnown(batch.compressionId())) {
            return failed(
                    Flaw.UNKNOWN_COMPRESSION,
                    "a batch has the unknown compression id " + batch.compressionId());
        }
        if (batch.timestampType() == TimestampType.LOG_APPEND_TIME) {
            return failed(
                    Flaw.LOG_APPEND_TIME, "producers cannot set the timestamp type LogAppendTime");
        }
        return new BatchCheck.Passed(batch.maxTimestampMillis());
    }

    private static BatchCheck checkProducer(RecordBatch batch) {
        if (batch.hasProducer() && (batch.producerEpoch() < 0 || batch.baseSequence() < 0)) {
            return failed(
                    Flaw.BAD_PRODUCER_STATE,
                    "a batch of producer %d has epoch %d and base sequence %d"
                            .formatted(
                                    batch.producerId(),
                                    batch.producerEpoch(),
                                    batch.baseSequence()));
        }
        if (batch.isTransactional() && !batch.hasProducer()) {
            return failed(
                    Flaw.BAD_PRODUCER_STATE, "a transactional batch comes without a producer id");
        }
        return new BatchCheck.Passed(batch.maxTimestampMillis());
    }

    private static BatchCheck.Failed failed(Flaw flaw, String message) {
        return new BatchCheck.Failed(flaw, message, BatchCheck.NO_RECORD);
    }
}
