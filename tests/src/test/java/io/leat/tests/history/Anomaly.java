package io.leat.tests.history;

/**
 * Something that must not be.
 *
 * @param what where and when, for people
 */
record Anomaly(Kind kind, String what) {
    enum Kind {
        /** A committed value is missing although values behind it were read. */
        LOST_WRITE,
        /** A committed value is missing, and nothing behind it was read. */
        UNSEEN_WRITE,
        /** G1a: a value of an aborted transaction was read. */
        ABORTED_READ,
        /** Of one transaction, some values are there in the end, and some are not. */
        TORN_TRANSACTION,
        /** A value is at two offsets. */
        DUPLICATE,
        /** Two values are at one offset. */
        INCONSISTENT_OFFSET,
        /** Nobody ever sent the value. */
        PHANTOM,
        /** A client's polls went back, without cause. */
        NONMONOTONIC_POLL,
        /** A client's polls passed over a committed value. */
        SKIPPED_BY_POLL,
        /** What a client sent later stands before what it sent earlier. */
        NONMONOTONIC_SEND,
        /** Two committed transactions of one group polled the same record. */
        CONSUMED_TWICE,
        /** G1c: transactions that depend on each other, each on what the next one wrote. */
        CYCLE
    }

    @Override
    public String toString() {
        return kind + ": " + what;
    }
}
