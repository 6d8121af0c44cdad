package io.leat.tests.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.tests.history.Anomaly.Kind;
import io.leat.tests.history.Transaction.Outcome;
import io.leat.tests.history.Transaction.Poll;
import io.leat.tests.history.Transaction.Seen;
import io.leat.tests.history.Transaction.Send;
import io.leat.tests.history.Transaction.Step;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Histories that are wrong on purpose: each anomaly is found, and nothing else. */
class AnalysisTest {
    private static final Outcome OK = Outcome.COMMITTED;

    @Test
    void aGoodHistory() {
        assertFound(
                Set.of(),
                List.of(
                        did(1, OK, send(0, 10, 0), send(1, 11, 0)),
                        did(1, OK, send(0, 12, 2)),
                        did(1, Outcome.ABORTED, send(0, 13, 4)),
                        did(1, Outcome.UNKNOWN, send(0, 14, 6), send(1, 15, 2)),
                        did(1, Outcome.UNKNOWN, send(0, 16, 8), send(1, 17, 4)),
                        did(2, OK, poll(seen(0, 0, 10), seen(1, 0, 11))),
                        did(2, Outcome.ABORTED, poll(seen(0, 2, 12))),
                        did(2, OK, poll(seen(0, 6, 14))),
                        did(3, OK, again(seen(0, 2, 12))),
                        did(3, OK, poll(seen(0, 6, 14)))),
                seen(0, 0, 10),
                seen(0, 2, 12),
                seen(0, 6, 14),
                seen(1, 0, 11),
                seen(1, 2, 15));
    }

    @Test
    void lostWrite() {
        assertFound(
                Set.of(Kind.LOST_WRITE),
                List.of(did(1, OK, send(0, 10, 0)), did(1, OK, send(0, 11, 2))),
                seen(0, 2, 11));
    }

    @Test
    void lostAfterItWasRead() {
        assertFound(
                Set.of(Kind.LOST_WRITE),
                List.of(did(1, Outcome.UNKNOWN, send(0, 10, 0)), did(2, OK, poll(seen(0, 0, 10)))));
    }

    @Test
    void unseenWrite() {
        assertFound(
                Set.of(Kind.UNSEEN_WRITE),
                List.of(did(1, OK, send(0, 10, 0)), did(1, OK, send(0, 11, 2))),
                seen(0, 0, 10));
    }

    @Test
    void abortedRead() {
        assertFound(
                Set.of(Kind.ABORTED_READ),
                List.of(did(1, Outcome.ABORTED, send(0, 10, 0)), did(2, OK, poll(seen(0, 0, 10)))));
    }

    @Test
    void tornTransaction() {
        assertFound(
                Set.of(Kind.TORN_TRANSACTION),
                List.of(did(1, Outcome.UNKNOWN, send(0, 10, 0), send(1, 11, 0))),
                seen(0, 0, 10));
    }

    @Test
    void duplicate() {
        assertFound(
                Set.of(Kind.DUPLICATE),
                List.of(did(1, OK, send(0, 10, 0))),
                seen(0, 0, 10),
                seen(0, 1, 10));
    }

    @Test
    void twoValuesAtOneOffset() {
        assertFound(
                Set.of(Kind.INCONSISTENT_OFFSET, Kind.DUPLICATE),
                List.of(
                        did(1, OK, send(0, 10, 0)),
                        did(2, OK, send(0, 11, 1)),
                        did(3, OK, poll(seen(0, 0, 11)))),
                seen(0, 0, 10),
                seen(0, 1, 11));
    }

    @Test
    void phantom() {
        assertFound(Set.of(Kind.PHANTOM), List.of(), seen(0, 0, 10));
    }

    @Test
    void nonmonotonicPoll() {
        assertFound(
                Set.of(Kind.NONMONOTONIC_POLL),
                List.of(
                        did(1, OK, send(0, 10, 0), send(0, 11, 1)),
                        did(2, OK, poll(seen(0, 1, 11))),
                        did(2, OK, poll(seen(0, 0, 10)))),
                seen(0, 0, 10),
                seen(0, 1, 11));
    }

    @Test
    void nonmonotonicWithinAPoll() {
        assertFound(
                Set.of(Kind.NONMONOTONIC_POLL),
                List.of(
                        did(1, OK, send(0, 10, 0), send(0, 11, 1)),
                        did(2, OK, poll(seen(0, 1, 11), seen(0, 0, 10)))),
                seen(0, 0, 10),
                seen(0, 1, 11));
    }

    @Test
    void skippedByAPoll() {
        assertFound(
                Set.of(Kind.SKIPPED_BY_POLL),
                List.of(
                        did(1, OK, send(0, 10, 0), send(0, 11, 1), send(0, 12, 2)),
                        did(2, OK, poll(seen(0, 0, 10))),
                        did(2, OK, poll(seen(0, 2, 12)))),
                seen(0, 0, 10),
                seen(0, 1, 11),
                seen(0, 2, 12));
    }

    @Test
    void nonmonotonicSend() {
        assertFound(
                Set.of(Kind.NONMONOTONIC_SEND),
                List.of(did(1, OK, send(0, 10, 1)), did(1, OK, send(0, 11, 0))),
                seen(0, 0, 11),
                seen(0, 1, 10));
    }

    @Test
    void consumedTwice() {
        assertFound(
                Set.of(Kind.CONSUMED_TWICE),
                List.of(
                        did(1, OK, send(0, 10, 0)),
                        did(2, OK, again(seen(0, 0, 10))),
                        did(3, OK, again(seen(0, 0, 10)))),
                Set.of(2, 3),
                seen(0, 0, 10));
    }

    @Test
    void twoTransactionsThatReadEachOther() {
        assertFound(
                Set.of(Kind.CYCLE),
                List.of(
                        did(1, OK, send(0, 10, 0), poll(seen(1, 0, 20))),
                        did(2, OK, send(1, 20, 0), poll(seen(0, 0, 10)))),
                seen(0, 0, 10),
                seen(1, 0, 20));
    }

    @Test
    void aTransactionThatReadsItself() {
        assertFound(
                Set.of(Kind.CYCLE),
                List.of(did(1, OK, send(0, 10, 0), poll(seen(0, 0, 10)))),
                seen(0, 0, 10));
    }

    @Test
    void aClientThatReadsWhatDependsOnItsFuture() {
        assertFound(
                Set.of(Kind.CYCLE),
                List.of(
                        did(1, OK, poll(seen(1, 0, 20))),
                        did(1, OK, send(0, 10, 0)),
                        did(2, OK, send(1, 20, 0), poll(seen(0, 0, 10)))),
                seen(0, 0, 10),
                seen(1, 0, 20));
    }

    private static void assertFound(Set<Kind> kinds, List<Transaction> transactions, Seen... end) {
        assertFound(kinds, transactions, Set.of(), end);
    }

    private static void assertFound(
            Set<Kind> kinds,
            List<Transaction> transactions,
            Set<Integer> subscribers,
            Seen... end) {
        List<Anomaly> found = Analysis.of(new History(transactions, List.of(end)), subscribers);
        assertEquals(
                kinds,
                found.stream().map(Anomaly::kind).collect(Collectors.toSet()),
                found::toString);
    }

    private static Transaction did(int client, Outcome outcome, Step... steps) {
        return new Transaction(client, outcome, List.of(steps));
    }

    private static Send send(int partition, int value, long offset) {
        return new Send(partition, value, OptionalLong.of(offset));
    }

    private static Poll poll(Seen... records) {
        return new Poll(false, List.of(records));
    }

    private static Poll again(Seen... records) {
        return new Poll(true, List.of(records));
    }

    private static Seen seen(int partition, long offset, int value) {
        return new Seen(partition, offset, value);
    }
}
