package io.leat.tests.history;

import io.leat.tests.history.Transaction.Seen;
import java.util.List;

/**
 * What happened.
 *
 * @param transactions all of them, each client's in the order in which it did them
 * @param end what a {@code read_committed} reader sees in the end, from the beginning of each
 *     partition to its end, in the order of the offsets
 */
record History(List<Transaction> transactions, List<Seen> end) {
    History {
        transactions = List.copyOf(transactions);
        end = List.copyOf(end);
    }
}
