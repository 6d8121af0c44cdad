package io.leat.client;

/** Which records of transactions a consumer sees. */
public enum IsolationLevel {
    /** All records, also those of transactions that are open or were aborted. */
    READ_UNCOMMITTED((byte) 0),
    /**
     * Only records of committed transactions and those outside of any; nothing behind an open
     * transaction.
     */
    READ_COMMITTED((byte) 1);

    private final byte wire;

    IsolationLevel(byte wire) {
        this.wire = wire;
    }

    byte wire() {
        return wire;
    }
}
