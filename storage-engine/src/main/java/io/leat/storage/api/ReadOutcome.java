package io.leat.storage.api;

import java.util.List;

/** How a read ended. A future of a read never completes exceptionally. */
public sealed interface ReadOutcome {
    /**
     * Bytes, perhaps none.
     *
     * @param slice the bytes; the caller closes it
     * @param bounds the log's bounds when it was taken
     * @param aborted of {@link Isolation#READ_COMMITTED}: the aborted transactions that may have
     *     records in the slice, and perhaps some that begin soon behind it
     */
    record Data(LogSlice slice, LogBounds bounds, List<AbortedTransaction> aborted)
            implements ReadOutcome {
        public Data {
            aborted = List.copyOf(aborted);
        }

        /** Bytes without aborted transactions. */
        public Data(LogSlice slice, LogBounds bounds) {
            this(slice, bounds, List.of());
        }
    }

    /** The offset is before the log's start or after its written end. */
    record OutOfRange(LogBounds bounds) implements ReadOutcome {}

    /** The log is damaged there, or its disk fails. */
    record Failed(String message) implements ReadOutcome {}

    /** The log is closed or deleted. */
    record Closed() implements ReadOutcome {}
}
