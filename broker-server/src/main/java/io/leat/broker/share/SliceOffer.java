package io.leat.broker.share;

import io.leat.storage.api.AbortedTransaction;
import io.leat.storage.api.ReadOutcome;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordScan;
import io.leat.wire.record.TransactionMarker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds out which offsets of a slice have records that may be delivered, from the batches' headers:
 * not markers, not aborted transactions, not what compaction or erasure has taken. Only batches
 * that have lost records are looked into. Lives for one slice.
 */
final class SliceOffer {
    private static final int INFLATED_BYTES_MAX = 1 << 30;

    private final long from;
    private final List<AbortedTransaction> aborted;
    private final Set<Long> abortedProducers = new HashSet<>();
    private final List<Span> spans = new ArrayList<>();
    private int nextAborted;
    private long records;
    private long to;

    private SliceOffer(long from, List<AbortedTransaction> aborted) {
        this.from = from;
        this.to = from;
        this.aborted = new ArrayList<>(aborted);
        this.aborted.sort(Comparator.comparingLong(AbortedTransaction::firstOffset));
    }

    /**
     * What a read found.
     *
     * @param from the offset that was read from
     * @param data with at least one whole batch
     * @param lookedAtMax how many records are worth looking at
     * @param recordsMax see {@link Offer}
     * @param exact see {@link Offer}
     * @throws io.leat.wire.record.InvalidBatchException when a batch is not one
     */
    static Offer of(
            long from, ReadOutcome.Data data, long lookedAtMax, int recordsMax, boolean exact) {
        SliceOffer found = new SliceOffer(from, data.aborted());
        found.walk(data.slice().bytes(), lookedAtMax);
        return new Offer(
                from,
                found.to,
                found.spans,
                data.bounds().logStart(),
                data.bounds().durableEnd(),
                recordsMax,
                exact);
    }

    private void walk(ByteBuffer bytes, long lookedAtMax) {
        RecordBatch batch = new RecordBatch();
        int position = bytes.position();
        while (position < bytes.limit()
                && records < lookedAtMax
                && batch.wrap(bytes, position).isWhole()) {
            if (batch.lastOffset() >= from) {
                add(batch);
                to = batch.nextOffset();
            }
            position += batch.sizeBytes();
        }
    }

    private void add(RecordBatch batch) {
        while (nextAborted < aborted.size()
                && aborted.get(nextAborted).firstOffset() <= batch.lastOffset()) {
            abortedProducers.add(aborted.get(nextAborted++).producerId());
        }
        if (batch.isControl()) {
            TransactionMarker.of(batch)
                    .filter(marker -> !marker.committed())
                    .ifPresent(marker -> abortedProducers.remove(batch.producerId()));
            return;
        }
        if (batch.isTransactional() && abortedProducers.contains(batch.producerId())) {
            return;
        }
        if (batch.recordCount() == batch.lastOffsetDelta() + 1) {
            span(Math.max(from, batch.baseOffset()), batch.lastOffset());
        } else if (batch.recordCount() > 0) {
            lookInto(batch);
        }
    }

    private void lookInto(RecordBatch batch) {
        long first = -1;
        long last = -1;
        try (RecordScan scan = new RecordScan(batch, INFLATED_BYTES_MAX)) {
            while (scan.hasNext()) {
                scan.next();
                if (scan.offset() < from) {
                    continue;
                }
                if (first >= 0 && scan.offset() == last + 1) {
                    last++;
                } else {
                    if (first >= 0) {
                        span(first, last);
                    }
                    first = scan.offset();
                    last = first;
                }
            }
        }
        if (first >= 0) {
            span(first, last);
        }
    }

    private void span(long first, long last) {
        spans.add(new Span(first, last));
        records += last - first + 1;
    }

    /** The batches, whole, that hold records between two offsets, both included. */
    static ByteBuffer batchesWith(ByteBuffer bytes, long first, long last) {
        RecordBatch batch = new RecordBatch();
        int start = bytes.position();
        int position = start;
        while (position < bytes.limit() && batch.wrap(bytes, position).isWhole()) {
            int next = position + batch.sizeBytes();
            if (batch.lastOffset() < first) {
                start = next;
            } else if (batch.baseOffset() > last) {
                break;
            }
            position = next;
        }
        return bytes.slice(start, position - start);
    }
}
