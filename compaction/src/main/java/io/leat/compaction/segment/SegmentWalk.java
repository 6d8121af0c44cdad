package io.leat.compaction.segment;

import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.SealedSegments;
import io.leat.storage.api.StorageException;
import java.util.List;
import java.util.Optional;

/** Goes through the sealed segments of a log in order, also while others replace or remove them. */
public final class SegmentWalk {
    private final SealedSegments sealed;

    public SegmentWalk(SealedSegments sealed) {
        this.sealed = sealed;
    }

    /** Does something with a segment. What it throws ends the walk, unless the segment is gone. */
    @FunctionalInterface
    public interface Step {
        void take(SealedSegment segment);
    }

    /**
     * Takes a step in each segment that holds offsets from {@code from} up to {@code to}. Where one
     * is replaced before the step is over, the step is taken again in what is there instead.
     *
     * @throws StorageException what a step threw
     */
    public void each(long from, long to, Step step) {
        long next = from;
        List<SealedSegment> listed = sealed.list();
        Optional<SealedSegment> ahead = first(listed, next, to);
        while (ahead.isPresent()) {
            SealedSegment segment = ahead.get();
            try {
                step.take(segment);
                next = segment.endOffset();
            } catch (StorageException e) {
                listed = sealed.list();
                if (listed.contains(segment)) {
                    throw e;
                }
            }
            ahead = first(listed, next, to);
        }
    }

    private static Optional<SealedSegment> first(List<SealedSegment> listed, long from, long to) {
        int low = 0;
        int high = listed.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (listed.get(middle).endOffset() <= from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < listed.size() && listed.get(low).baseOffset() < to
                ? Optional.of(listed.get(low))
                : Optional.empty();
    }
}
