package io.leat.broker.api;

import io.leat.broker.config.TopicKeys;
import io.leat.broker.topic.TopicConfig;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ProduceResponse.BatchIndexAndErrorMessage;
import io.leat.wire.message.ProduceResponse.LeaderIdAndEpoch;
import io.leat.wire.message.ProduceResponse.PartitionProduceResponse;
import io.leat.wire.record.BatchCheck;
import io.leat.wire.record.Flaw;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordRules;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a topic takes a batch, and how a partition's answer to it looks. */
final class ProducedBatch {
    private static final Logger LOG = LoggerFactory.getLogger(ProducedBatch.class);

    /** Of the process, as libraries are: what could not be loaded once never can. */
    private static final AtomicBoolean CODEC_WARNED = new AtomicBoolean();

    /** What a batch with delayed records may inflate to: they are held while it is taken apart. */
    private static final long HELD_BYTES_MAX = Runtime.getRuntime().maxMemory() / 16;

    private static final LeaderIdAndEpoch UNCHANGED = new LeaderIdAndEpoch(-1, -1);
    private static final long NONE = -1;

    private ProducedBatch() {}

    /** What a check found. */
    sealed interface Verdict {}

    /** The batch may be appended. */
    enum Accepted implements Verdict {
        ACCEPTED
    }

    /**
     * The batch must not be appended.
     *
     * @param recordIndex the record to blame, or {@link BatchCheck#NO_RECORD}
     */
    record Refused(ErrorCode error, String message, int recordIndex) implements Verdict {
        PartitionProduceResponse response(int index) {
            List<BatchIndexAndErrorMessage> records =
                    recordIndex == BatchCheck.NO_RECORD
                            ? List.of()
                            : List.of(new BatchIndexAndErrorMessage(recordIndex, message));
            return new PartitionProduceResponse(
                    index, error.code(), NONE, NONE, NONE, records, message, UNCHANGED);
        }
    }

    /**
     * Checks everything that can be known before the append. A header whose largest timestamp is
     * not its records' is put right, as Kafka does.
     */
    static Verdict check(RecordBatch batch, TopicConfig config, long nowMillis) {
        if (BatchCheck.ofFrame(batch) instanceof BatchCheck.Failed failed) {
            return refused(failed);
        }
        if (batch.sizeBytes() > config.batchBytesMax()) {
            return new Refused(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "a batch of %d bytes is larger than %s=%d"
                            .formatted(
                                    batch.sizeBytes(),
                                    TopicKeys.MAX_MESSAGE_BYTES.name(),
                                    config.batchBytesMax()),
                    BatchCheck.NO_RECORD);
        }
        if (config.delayedDelivery() && batch.sizeBytes() > config.logConfig().segmentBytes()) {
            // What is delivered at once the log refuses by itself; later would be too late.
            return new Refused(
                    ErrorCode.RECORD_LIST_TOO_LARGE,
                    "a batch of %d bytes does not fit into segments of %d bytes"
                            .formatted(batch.sizeBytes(), config.logConfig().segmentBytes()),
                    BatchCheck.NO_RECORD);
        }
        if (BatchCheck.ofProduced(batch) instanceof BatchCheck.Failed failed) {
            return refused(failed);
        }
        return switch (BatchCheck.ofRecords(batch, rules(config, nowMillis))) {
            case BatchCheck.Failed failed -> refused(failed);
            case BatchCheck.Passed passed -> {
                if (!config.logAppendTime()
                        && batch.maxTimestampMillis() != passed.maxTimestampMillis()) {
                    batch.maxTimestampMillis(passed.maxTimestampMillis());
                }
                yield Accepted.ACCEPTED;
            }
        };
    }

    static PartitionProduceResponse accepted(
            int index, long baseOffset, long logAppendTimeMillis, long logStart) {
        return new PartitionProduceResponse(
                index,
                ErrorCode.NONE.code(),
                baseOffset,
                logAppendTimeMillis,
                logStart,
                List.of(),
                null,
                UNCHANGED);
    }

    static PartitionProduceResponse refused(int index, ErrorCode error, String message) {
        return new Refused(error, message, BatchCheck.NO_RECORD).response(index);
    }

    private static RecordRules rules(TopicConfig config, long nowMillis) {
        boolean bounded = !config.logAppendTime();
        return new RecordRules(
                config.compacted(),
                bounded ? floor(nowMillis, config.beforeMillisMax()) : Long.MIN_VALUE,
                bounded ? ceiling(nowMillis, config.afterMillisMax()) : Long.MAX_VALUE,
                inflatedBytesMax(config));
    }

    private static int inflatedBytesMax(TopicConfig config) {
        if (!config.delayedDelivery()) {
            return config.inflatedBytesMax();
        }
        long held = Math.max(HELD_BYTES_MAX, config.batchBytesMax());
        return (int) Math.min(config.inflatedBytesMax(), held);
    }

    private static long floor(long now, long before) {
        return before > now ? Long.MIN_VALUE : now - before;
    }

    private static long ceiling(long now, long after) {
        return after > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + after;
    }

    private static Refused refused(BatchCheck.Failed failed) {
        if (failed.flaw() == Flaw.CODEC_UNAVAILABLE && !CODEC_WARNED.getAndSet(true)) {
            LOG.warn("Batches are refused: {}", failed.message());
        }
        return new Refused(code(failed.flaw()), failed.message(), failed.recordIndex());
    }

    private static ErrorCode code(Flaw flaw) {
        return switch (flaw.answer()) {
            case CORRUPT_MESSAGE -> ErrorCode.CORRUPT_MESSAGE;
            case INVALID_RECORD -> ErrorCode.INVALID_RECORD;
            case INVALID_TIMESTAMP -> ErrorCode.INVALID_TIMESTAMP;
            case MESSAGE_TOO_LARGE -> ErrorCode.MESSAGE_TOO_LARGE;
            case UNSUPPORTED_COMPRESSION_TYPE -> ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
        };
    }
}
