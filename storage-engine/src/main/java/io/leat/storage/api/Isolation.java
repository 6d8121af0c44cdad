package io.leat.storage.api;

/** Which records a read gives. */
public enum Isolation {
    /** All that are durable. */
    READ_UNCOMMITTED,
    /**
     * Up to the last stable offset: all transactions before it have ended, and the outcome names
     * those that were aborted.
     */
    READ_COMMITTED
}
