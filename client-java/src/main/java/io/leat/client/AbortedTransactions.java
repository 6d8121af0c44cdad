package io.leat.client;

import io.leat.wire.message.FetchResponse;
import io.leat.wire.record.Record;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Leaves out what nobody is to see: markers, and the batches of aborted transactions that a broker
 * names in its answer to a read_committed fetch. Sees the batches in their order.
 */
final class AbortedTransactions {
    private static final int MARKER_BYTES_MAX = 1024;

    /** A marker's key is a version and a type, two bytes each; type 0 aborts. */
    private static final int TYPE_POSITION = 2;

    private static final short ABORT = 0;

    private final List<FetchResponse.AbortedTransaction> upcoming;
    private final Set<Long> abortedProducers = new HashSet<>();

    AbortedTransactions(List<FetchResponse.AbortedTransaction> aborted) {
        upcoming = new ArrayList<>(aborted);
        upcoming.sort(Comparator.comparingLong(FetchResponse.AbortedTransaction::firstOffset));
    }

    boolean hides(RecordBatch batch) {
        while (!upcoming.isEmpty() && upcoming.get(0).firstOffset() <= batch.lastOffset()) {
            abortedProducers.add(upcoming.remove(0).producerId());
        }
        if (batch.isControl()) {
            if (isAbort(batch)) {
                abortedProducers.remove(batch.producerId());
            }
            return true;
        }
        return batch.isTransactional() && abortedProducers.contains(batch.producerId());
    }

    private static boolean isAbort(RecordBatch marker) {
        try (RecordReader reader = new RecordReader(marker, MARKER_BYTES_MAX)) {
            if (!reader.hasNext()) {
                return false;
            }
            Record record = reader.next();
            ByteBuffer key = record.key();
            return key != null
                    && key.remaining() >= TYPE_POSITION + Short.BYTES
                    && key.getShort(key.position() + TYPE_POSITION) == ABORT;
        }
    }
}
