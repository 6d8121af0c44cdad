package io.leat.storage.api;

/** How a read ended. A future of a read never completes exceptionally. */
public sealed interface ReadOutcome {
    /**
     * Bytes, perhaps none.
     *
     * @param slice the bytes; the caller closes it
     * @param bounds the log's bounds when it was taken
     */
    record Data(LogSlice slice, LogBounds bounds) implements ReadOutcome {}

    /** The offset is before the log's start or after its durable end. */
    record OutOfRange(LogBounds bounds) implements ReadOutcome {}

    /** The log is damaged there, or its disk fails. */
    record Failed(String message) implements ReadOutcome {}

    /** The log is closed or deleted. */
    record Closed() implements ReadOutcome {}
}
