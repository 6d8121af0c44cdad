package io.leat.broker.delay;

import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogSlice;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ReadOutcome;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordBatches;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Looks for batches in a log, by what tells them from others. Blocks on reads. */
final class LogSearch {
    private static final int READ_BYTES = 1 << 20;

    private LogSearch() {}

    /**
     * Which of these are in the log at an offset or behind it.
     *
     * @return nothing where the log cannot be read
     */
    static Optional<Set<Sequence>> find(PartitionLog log, long fromOffset, Set<Sequence> wanted) {
        Set<Sequence> found = new HashSet<>();
        long offset = Math.max(fromOffset, log.bounds().logStart());
        while (offset < log.bounds().durableEnd() && found.size() < wanted.size()) {
            ReadOutcome outcome =
                    log.read(offset, READ_BYTES, true, Isolation.READ_UNCOMMITTED).join();
            if (!(outcome instanceof ReadOutcome.Data data)) {
                return Optional.empty();
            }
            try (LogSlice slice = data.slice()) {
                long next = offset;
                for (RecordBatch batch : new RecordBatches(slice.bytes())) {
                    Sequence sequence = Sequence.of(batch);
                    if (wanted.contains(sequence)) {
                        found.add(sequence);
                    }
                    next = batch.nextOffset();
                }
                if (next <= offset) {
                    return Optional.of(found);
                }
                offset = next;
            }
        }
        return Optional.of(found);
    }
}
