package io.leat.compaction.segment;

import io.leat.wire.record.RecordBatch;
import java.nio.ByteBuffer;

/** Decides what becomes of the batches of a segment, one after the other. */
@FunctionalInterface
public interface BatchFilter {
    /**
     * Decides.
     *
     * @param batch whole, its checksum fits; good for the time of the call
     * @param last whether nothing follows it in what is being rewritten: such a batch never goes,
     *     so that the log's offsets add up
     */
    Fate filter(RecordBatch batch, boolean last);

    /** What becomes of a batch. */
    sealed interface Fate {
        /** It stays, byte for byte. */
        enum Stays implements Fate {
            STAYS
        }

        /** It goes. */
        enum Goes implements Fate {
            GOES
        }

        /**
         * Another takes its place.
         *
         * @param batch position to limit, with the same offsets or some of them; good until the
         *     filter is asked again
         */
        record Becomes(ByteBuffer batch) implements Fate {}
    }
}
