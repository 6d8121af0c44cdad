package io.leat.broker.share;

import io.leat.broker.partition.Partition;
import io.leat.broker.share.Standing.Archiving;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.StorageException;
import io.leat.wire.record.InvalidBatchException;
import io.leat.wire.record.Record;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordBatchBuilder;
import io.leat.wire.record.RecordBatches;
import io.leat.wire.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Makes a batch of dead letters of the first records of a run. Lives for one batch; blocks. */
final class DeadLetterBatch {
    /** How many dead letters one batch has at the most. */
    static final int RECORDS_MAX = 500;

    /** How large a batch grows, unless one dead letter is larger. */
    private static final int BYTES_MAX = 512 << 10;

    private static final int READ_BYTES_MAX = 1 << 20;
    private static final int INFLATED_BYTES_MAX = 256 << 20;
    private static final String GONE = "; the record is no longer there";

    private final Request request;
    private final Archiving archiving;
    private final long last;
    private final RecordBatchBuilder batch;
    private long next;
    private boolean full;

    /**
     * What a batch is made of.
     *
     * @param source where the records are
     * @param run the records, on the way to the dead-letter topic
     * @param copied whether the records are copied, or only named
     */
    record Request(
            SharePartitionId id,
            Partition source,
            Run run,
            long producerId,
            boolean copied,
            int recordsMax,
            long nowMillis) {}

    /**
     * A batch.
     *
     * @param sequenceEnd behind the number of its last dead letter
     */
    record Built(ByteBuffer bytes, long sequenceEnd, int count) {}

    private DeadLetterBatch(Request request) {
        this.request = request;
        this.archiving = (Archiving) request.run().standing();
        this.next = request.run().first();
        this.last = Math.min(request.run().last(), next + request.recordsMax() - 1);
        this.batch =
                RecordBatchBuilder.growable(4096)
                        .sizeBytesMax(BYTES_MAX)
                        .producer(
                                request.producerId(),
                                (short) 0,
                                DeadLetters.wireSequence(archiving.sequence()));
    }

    /**
     * Makes a batch of at least one dead letter.
     *
     * @throws StorageException when the records cannot be read now
     */
    static Built of(Request request) {
        DeadLetterBatch making = new DeadLetterBatch(request);
        making.fill();
        int count = making.batch.recordCount();
        return new Built(making.batch.build(), making.archiving.sequence() + count, count);
    }

    private void fill() {
        while (next <= last && !full) {
            long before = next;
            if (request.copied()) {
                read();
            }
            if (next == before && !full) {
                add(Optional.empty(), request.copied() ? GONE : "");
            }
        }
    }

    /** Adds records as far as one read goes, or the first one that is not there. */
    private void read() {
        ReadOutcome outcome =
                request.source()
                        .log()
                        .read(next, READ_BYTES_MAX, true, Isolation.READ_UNCOMMITTED)
                        .join();
        switch (outcome) {
            case ReadOutcome.Data data -> {
                try (var slice = data.slice()) {
                    copy(slice.bytes());
                } catch (InvalidBatchException e) {
                    throw new StorageException(
                            request.source().id() + " is damaged: " + e.getMessage());
                }
            }
            case ReadOutcome.OutOfRange outOfRange -> {}
            case ReadOutcome.Failed(String message) -> throw new StorageException(message);
            case ReadOutcome.Closed closed ->
                    throw new StorageException(request.source().id() + " is closed");
        }
    }

    private void copy(ByteBuffer bytes) {
        for (RecordBatch source : new RecordBatches(bytes)) {
            if (next > last || source.baseOffset() > next) {
                return;
            }
            Map<Long, Record> records = records(source);
            long end = Math.min(last, source.lastOffset());
            while (next <= end) {
                Optional<Record> record = Optional.ofNullable(records.get(next));
                if (record.isEmpty() || !add(record, "")) {
                    return;
                }
            }
        }
    }

    private Map<Long, Record> records(RecordBatch source) {
        Map<Long, Record> records = new HashMap<>();
        if (source.isControl()) {
            return records;
        }
        try (RecordReader reader = new RecordReader(source, INFLATED_BYTES_MAX)) {
            reader.skipTo(next);
            while (reader.hasNext()) {
                Record record = reader.next();
                if (record.offset() > last) {
                    break;
                }
                records.put(record.offset(), record);
            }
        }
        return records;
    }

    private boolean add(Optional<Record> record, String note) {
        DeadLetter letter =
                new DeadLetter(
                        request.id().groupId(),
                        request.source().id().topic(),
                        request.id().partition(),
                        next,
                        archiving.deliveries(),
                        archiving.cause());
        if (letter.addTo(batch, record, note, request.nowMillis())) {
            next++;
            return true;
        }
        full = true;
        return false;
    }
}
