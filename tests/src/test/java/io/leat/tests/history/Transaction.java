package io.leat.tests.history;

import java.util.List;
import java.util.OptionalLong;

/**
 * What one client did in one transaction, as the client knows it.
 *
 * @param client who, by number; what one client does, it does one after another
 * @param outcome how it ended
 * @param steps what was done, in order
 */
record Transaction(int client, Outcome outcome, List<Step> steps) {
    enum Outcome {
        /** Acknowledged. */
        COMMITTED,
        /** Certainly not committed: no commit was asked for. */
        ABORTED,
        /** The answer to the commit did not come: it may have happened, or happen later. */
        UNKNOWN
    }

    Transaction {
        steps = List.copyOf(steps);
    }

    /** A step of a transaction. */
    sealed interface Step {}

    /**
     * A value was sent; no value is sent twice.
     *
     * @param offset where it went, if the broker said so
     */
    record Send(int partition, int value, OptionalLong offset) implements Step {}

    /**
     * Records were polled.
     *
     * @param repositioned whether the client may have another position than where it left off, by a
     *     rebalance or because it went back after an abort
     */
    record Poll(boolean repositioned, List<Seen> records) implements Step {
        Poll {
            records = List.copyOf(records);
        }
    }

    /** A record that was polled. */
    record Seen(int partition, long offset, int value) {}
}
