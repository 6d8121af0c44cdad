package io.leat.compaction.cleaning;

import io.leat.storage.api.AbortedTransaction;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.TransactionMarker;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.agrona.collections.LongHashSet;

/**
 * Follows the transactions of a log from its start on, batch by batch: whose records never
 * happened, and which markers have lost all the batches that they stood for. One thread.
 */
final class TransactionTrail {
    // Aborted transactions that begin further on.
    private final PriorityQueue<AbortedTransaction> ahead;
    // Producers that are within an aborted transaction.
    private final LongHashSet aborting = new LongHashSet();
    // Producers with a batch since their last marker.
    private final LongHashSet seen = new LongHashSet();

    TransactionTrail() {
        ahead = new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
    }

    private TransactionTrail(TransactionTrail other) {
        ahead = new PriorityQueue<>(other.ahead);
        aborting.addAll(other.aborting);
        seen.addAll(other.seen);
    }

    /** What was followed so far, to go on from there twice. */
    TransactionTrail copy() {
        return new TransactionTrail(this);
    }

    /** Tells of aborted transactions in what comes next; those told of before may be among them. */
    void expect(List<AbortedTransaction> aborted) {
        ahead.addAll(aborted);
    }

    /** Passes a batch that producers wrote; true where its transaction was aborted. */
    boolean passData(RecordBatch batch) {
        begin(batch.lastOffset());
        if (!batch.isTransactional()) {
            return false;
        }
        seen.add(batch.producerId());
        return aborting.contains(batch.producerId());
    }

    /** Passes a control batch; true where no batch is left for which a reader would need it. */
    boolean passMarker(RecordBatch batch) {
        begin(batch.lastOffset());
        Optional<TransactionMarker> marker = TransactionMarker.of(batch);
        if (marker.isEmpty()) {
            // One that was emptied before; of other control batches nobody knows the meaning.
            return batch.recordCount() == 0;
        }
        aborting.remove(batch.producerId());
        return !seen.remove(batch.producerId());
    }

    private void begin(long upTo) {
        AbortedTransaction next = ahead.peek();
        while (next != null && next.firstOffset() <= upTo) {
            aborting.add(next.producerId());
            ahead.remove();
            next = ahead.peek();
        }
    }
}
