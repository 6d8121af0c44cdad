package io.leat.storage.local;

import io.leat.storage.api.ActiveProducer;
import io.leat.storage.api.AppendOutcome.Refusal;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.TransactionMarker;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The idempotent producers of one log: finds what was sent before, what was sent out of order, and
 * producers that a newer epoch has fenced off (KIP-98). The rules are Kafka's, with one more: a
 * batch known to have been appended, but too long ago to say where, is told apart from a gap.
 *
 * <p>It knows the open transactions too: a producer's first transactional batch opens one, its next
 * marker ends it.
 *
 * <p>Used by the log's lane only, or by recovery before the lane knows the log.
 */
final class ProducerTable {
    private static final int SNAPSHOT_MAGIC = 0x4c505232; // "LPR2"
    private static final int SNAPSHOT_HEADER_BYTES = 5 * Integer.BYTES;
    private static final int OPEN_BYTES = 2 * Long.BYTES;

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
    // Open transactions, producer id to first offset, in the order in which they were opened: so
    // the earliest is the first.
    private final LinkedHashMap<Long, Long> open = new LinkedHashMap<>();

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
        int expected = producer.nextSequence();
        if (first == expected || expected == Producer.ANY_SEQUENCE) {
            return Verdict.Fresh.FRESH;
        }
        if (producer.batchCount() > 0
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

    /**
     * The last stable offset where a log ends that has had these batches.
     *
     * @param end where it ends
     */
    long lastStable(long end) {
        return open.isEmpty() ? end : open.firstEntry().getValue();
    }

    /** All producers, in no order. */
    List<ActiveProducer> list() {
        List<ActiveProducer> list = new ArrayList<>(producers.size());
        for (Producer producer : producers.values()) {
            int newest = producer.batchCount() - 1;
            Long transactionStart = open.get(producer.id());
            list.add(
                    new ActiveProducer(
                            producer.id(),
                            producer.epoch(),
                            newest < 0 ? RecordBatch.NONE : producer.lastSequence(newest),
                            newest < 0 ? RecordBatch.NONE : producer.timestampMillis(newest),
                            transactionStart == null
                                    ? OptionalLong.empty()
                                    : OptionalLong.of(transactionStart)));
        }
        return list;
    }

    /** By which batches and markers the producers are known. */
    TableTraces traces() {
        TableTraces traces = new TableTraces(producers.size());
        producers.values().forEach(traces::add);
        return traces.sorted();
    }

    /**
     * Remembers a batch that is in the log now, with its final offsets.
     *
     * @param aborted the index of the batch's segment, for the transaction that it aborts
     */
    void appended(RecordBatch batch, long nowMillis, AbortedIndex aborted) {
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
        if (batch.isControl()) {
            producer.seen(nowMillis);
            endTransaction(batch, aborted);
            return;
        }
        producer.add(batch, nowMillis);
        if (batch.isTransactional()) {
            open.putIfAbsent(batch.producerId(), batch.baseOffset());
        }
    }

    private void endTransaction(RecordBatch batch, AbortedIndex aborted) {
        Optional<TransactionMarker> marker = TransactionMarker.of(batch);
        if (marker.isEmpty()) {
            return;
        }
        Long firstOffset = open.remove(batch.producerId());
        if (firstOffset != null && !marker.get().committed()) {
            aborted.add(
                    batch.producerId(),
                    firstOffset,
                    batch.lastOffset(),
                    lastStable(batch.nextOffset()));
        }
    }

    /** As {@link #appended} for all batches from the cursor's first on. */
    void replay(BatchCursor cursor, long nowMillis, AbortedIndex aborted) {
        for (boolean more = cursor.moveTo(0); more; more = cursor.next()) {
            appended(cursor.batch(), nowMillis, aborted);
        }
    }

    /**
     * A batch could not be written, and will be sent again: where nothing is known of its producer,
     * the next ones, on their way already, must not pass before it as if that had been forgotten.
     */
    void awaitNext(RecordBatch batch, long nowMillis) {
        if (batch.hasProducer() && !batch.isControl()) {
            awaitNext(batch.producerId(), batch.producerEpoch(), batch.baseSequence(), nowMillis);
        }
    }

    /** As {@link #awaitNext(RecordBatch, long)} of a batch that begins with that sequence. */
    void awaitNext(long producerId, short epoch, int sequence, long nowMillis) {
        if (!producers.containsKey(producerId)) {
            Producer awaited = new Producer(producerId, epoch, sequence == 0, nowMillis);
            awaited.await(sequence);
            producers.put(producerId, awaited);
        }
    }

    /**
     * The log was cut back to {@code end}. Producers that have nothing before it will send again
     * what was cut off: none of their later batches, on their way already, must pass before it.
     *
     * @param before the producers as they were known before the cut
     */
    void await(ProducerTable before, long end) {
        for (Producer producer : before.producers.values()) {
            boolean none = producer.batchCount() == 0;
            if (none || producer.lastOffset(0) >= end) {
                int sequence = none ? producer.nextSequence() : producer.firstSequence(0);
                awaitNext(producer.id(), producer.epoch(), sequence, producer.lastAppendMillis());
            }
        }
    }

    /** Forgets producers that appended nothing for so long and have no open transaction. */
    void expire(long nowMillis, long expirationMillis) {
        producers
                .values()
                .removeIf(p ->
                        nowMillis - p.lastAppendMillis() >= expirationMillis
                                && !open.containsKey(p.id()));
    }

    /**
     * All of it as bytes.
     *
     * <pre>
     * int32 magic | int32 CRC-32C of what follows
     * int32 size  | aborted transactions of the segment that grows, see {@link AbortedIndex}
     * int32 count | open transactions, earliest first: int64 producer id | int64 first offset
     * int32 count | producers, see {@link Producer}
     * </pre>
     *
     * @param aborted the index of the segment that grows
     */
    ByteBuffer snapshot(AbortedIndex aborted) {
        int sizeBytes = SNAPSHOT_HEADER_BYTES + aborted.sizeBytes() + OPEN_BYTES * open.size();
        for (Producer producer : producers.values()) {
            sizeBytes = Math.addExact(sizeBytes, producer.sizeBytes());
        }
        ByteBuffer out = ByteBuffer.allocate(sizeBytes);
        out.putInt(SNAPSHOT_MAGIC).putInt(0).putInt(aborted.sizeBytes());
        aborted.writeTo(out);
        out.putInt(open.size());
        open.forEach((id, firstOffset) -> out.putLong(id).putLong(firstOffset));
        out.putInt(producers.size());
        for (Producer producer : producers.values()) {
            producer.writeTo(out);
        }
        out.flip();
        out.putInt(Integer.BYTES, crc(out));
        return out;
    }

    /**
     * What was in a snapshot.
     *
     * @param aborted the index of the segment that grew
     */
    record Restored(ProducerTable producers, AbortedIndex aborted) {}

    /** What is in a snapshot, or nothing where the bytes are damaged. */
    static Optional<Restored> restore(ByteBuffer snapshot, long nowMillis) {
        if (!whole(snapshot)) {
            return Optional.empty();
        }
        ProducerTable table = new ProducerTable();
        ByteBuffer in = snapshot.duplicate().position(3 * Integer.BYTES);
        try {
            Optional<AbortedIndex> aborted = aborted(snapshot);
            in.position(in.position() + snapshot.getInt(2 * Integer.BYTES));
            for (int i = in.getInt(); i > 0; i--) {
                table.open.put(in.getLong(), in.getLong());
            }
            for (int i = in.getInt(); i > 0; i--) {
                Producer producer = Producer.readFrom(in, nowMillis);
                table.producers.put(producer.id(), producer);
            }
            return aborted.map(index -> new Restored(table, index));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Only the aborted transactions in a snapshot, or nothing where the bytes are damaged. */
    static Optional<AbortedIndex> restoreAborted(ByteBuffer snapshot) {
        return whole(snapshot) ? aborted(snapshot) : Optional.empty();
    }

    private static Optional<AbortedIndex> aborted(ByteBuffer snapshot) {
        int sizeBytes = snapshot.getInt(2 * Integer.BYTES);
        int start = 3 * Integer.BYTES;
        return sizeBytes < 0 || sizeBytes > snapshot.limit() - start
                ? Optional.empty()
                : AbortedIndex.readFrom(snapshot.slice(start, sizeBytes));
    }

    private static boolean whole(ByteBuffer snapshot) {
        return snapshot.remaining() >= SNAPSHOT_HEADER_BYTES
                && snapshot.getInt(0) == SNAPSHOT_MAGIC
                && snapshot.getInt(Integer.BYTES) == crc(snapshot);
    }

    private static int crc(ByteBuffer snapshot) {
        CRC32C crc = new CRC32C();
        crc.update(snapshot.duplicate().position(2 * Integer.BYTES));
        return (int) crc.getValue();
    }
}
