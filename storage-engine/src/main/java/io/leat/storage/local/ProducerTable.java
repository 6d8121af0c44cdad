package io.leat.storage.local;

import io.leat.storage.api.AppendOutcome.Refusal;
import io.leat.wire.record.RecordBatch;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The idempotent producers of one log: finds what was sent before, what was sent out of order, and
 * producers that a newer epoch has fenced off (KIP-98). The rules are Kafka's, with one more: a
 * batch known to have been appended, but too long ago to say where, is told apart from a gap.
 *
 * <p>Used by the log's lane only, or by recovery before the lane knows the log.
 */
final class ProducerTable {
    private static final int SNAPSHOT_MAGIC = 0x4c505231; // "LPR1"
    private static final int SNAPSHOT_HEADER_BYTES = 3 * Integer.BYTES;

    /** What is to be done with a batch. */
    sealed interface Verdict {
        /** Append it. */
        enum Fresh implements Verdict {
            FRESH
        }

        /** It is there already. */
        record Known(long baseOffset, long lastOffset, long timestampMillis) implements Verdict {}

        /** It must not be appended. */
        record Unfit(Refusal reason, String message) implements Verdict {}
    }

    private final Long2ObjectHashMap<Producer> producers = new Long2ObjectHashMap<>();

    int size() {
        return producers.size();
    }

    /** Judges a batch that was not appended yet. */
    Verdict judge(RecordBatch batch) {
        if (!batch.hasProducer()) {
            return Verdict.Fresh.FRESH;
        }
        Producer producer = producers.get(batch.producerId());
        // Of a producer that is not known any sequence is taken: retention may have removed, or
        // time
        // expired, all that there was.
        if (producer == null) {
            return Verdict.Fresh.FRESH;
        }
        if (batch.producerEpoch() < producer.epoch()) {
            return new Verdict.Unfit(
                    Refusal.STALE_PRODUCER_EPOCH,
                    "producer %d has epoch %d, the batch has %d"
                            .formatted(producer.id(), producer.epoch(), batch.producerEpoch()));
        }
        if (batch.isControl()) {
            return Verdict.Fresh.FRESH;
        }
        return batch.producerEpoch() > producer.epoch()
                ? judgeFirstOfEpoch(producer, batch)
                : judgeNext(producer, batch);
    }

    private static Verdict judgeFirstOfEpoch(Producer producer, RecordBatch batch) {
        if (batch.baseSequence() == 0) {
            return Verdict.Fresh.FRESH;
        }
        return new Verdict.Unfit(
                Refusal.OUT_OF_ORDER_SEQUENCE,
                "producer %d begins epoch %d with sequence %d, not 0"
                        .formatted(producer.id(), batch.producerEpoch(), batch.baseSequence()));
    }

    private static Verdict judgeNext(Producer producer, RecordBatch batch) {
        int first = batch.baseSequence();
        int known = producer.find(first, batch.lastSequence());
        if (known >= 0) {
            return new Verdict.Known(
                    producer.firstOffset(known),
                    producer.lastOffset(known),
                    producer.timestampMillis(known));
        }
        int newest = producer.batchCount() - 1;
        int expected = newest < 0 ? 0 : (producer.lastSequence(newest) + 1) & Integer.MAX_VALUE;
        if (first == expected) {
            return Verdict.Fresh.FRESH;
        }
        if (newest >= 0
                && producer.sinceFirst()
                && before(batch.lastSequence(), producer.firstSequence(0))) {
            return new Verdict.Unfit(
                    Refusal.DUPLICATE_SEQUENCE,
                    "producer %d sent sequence %d long ago; %d comes next"
                            .formatted(producer.id(), first, expected));
        }
        return new Verdict.Unfit(
                Refusal.OUT_OF_ORDER_SEQUENCE,
                "producer %d sent sequence %d, %d comes next"
                        .formatted(producer.id(), first, expected));
    }

    /** Whether sequence {@code a} was given before {@code b}, numbers wrapping at 2^31. */
    private static boolean before(int a, int b) {
        int distance = (b - a) & Integer.MAX_VALUE;
        return distance > 0 && distance < 1 << 30;
    }

    /** Remembers a batch that is in the log now, with its final offsets. */
    void appended(RecordBatch batch, long nowMillis) {
        if (!batch.hasProducer()) {
            return;
        }
        boolean first = batch.baseSequence() == 0;
        Producer producer = producers.get(batch.producerId());
        if (producer == null) {
            producer = new Producer(batch.producerId(), batch.producerEpoch(), first, nowMillis);
            producers.put(batch.producerId(), producer);
        } else if (producer.epoch() != batch.producerEpoch()) {
            producer.beginEpoch(batch.producerEpoch(), first || batch.isControl());
        }
        if (!batch.isControl()) {
            producer.add(batch, nowMillis);
        }
    }

    /**
     * The first batch of a producer could not be written, and will be sent again: its next ones, on
     * their way already, must not pass before it as if the producer had been forgotten.
     */
    void awaitFirst(RecordBatch batch, long nowMillis) {
        if (batch.hasProducer()
                && batch.baseSequence() == 0
                && !producers.containsKey(batch.producerId())) {
            producers.put(
                    batch.producerId(),
                    new Producer(batch.producerId(), batch.producerEpoch(), true, nowMillis));
        }
    }

    /** Forgets producers that appended nothing for so long. */
    void expire(long nowMillis, long expirationMillis) {
        producers.values().removeIf(p -> nowMillis - p.lastAppendMillis() >= expirationMillis);
    }

    /**
     * All of it as bytes.
     *
     * <pre>
     * int32 magic | int32 CRC-32C of what follows | int32 count | producers, see {@link Producer}
     * </pre>
     */
    ByteBuffer snapshot() {
        int sizeBytes = SNAPSHOT_HEADER_BYTES;
        for (Producer producer : producers.values()) {
            sizeBytes = Math.addExact(sizeBytes, producer.sizeBytes());
        }
        ByteBuffer out = ByteBuffer.allocate(sizeBytes);
        out.putInt(SNAPSHOT_MAGIC).putInt(0).putInt(producers.size());
        for (Producer producer : producers.values()) {
            producer.writeTo(out);
        }
        out.flip();
        out.putInt(Integer.BYTES, crc(out));
        return out;
    }

    /** The table of a snapshot, or nothing where the bytes are damaged. */
    static Optional<ProducerTable> restore(ByteBuffer snapshot, long nowMillis) {
        if (snapshot.remaining() < SNAPSHOT_HEADER_BYTES
                || snapshot.getInt(0) != SNAPSHOT_MAGIC
                || snapshot.getInt(Integer.BYTES) != crc(snapshot)) {
            return Optional.empty();
        }
        ProducerTable table = new ProducerTable();
        ByteBuffer in = snapshot.duplicate().position(2 * Integer.BYTES);
        int count = in.getInt();
        try {
            for (int i = 0; i < count; i++) {
                Producer producer = Producer.readFrom(in, nowMillis);
                table.producers.put(producer.id(), producer);
            }
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
        return Optional.of(table);
    }

    private static int crc(ByteBuffer snapshot) {
        CRC32C crc = new CRC32C();
        crc.update(snapshot.duplicate().position(2 * Integer.BYTES));
        return (int) crc.getValue();
    }
}
