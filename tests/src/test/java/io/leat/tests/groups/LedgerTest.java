package io.leat.tests.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The judge of the group tests must itself be able to tell. */
class LedgerTest {
    private final Ledger ledger = new Ledger();

    @Test
    void handOverIsNoDoubleOwnership() {
        ledger.add("a", new Event(10, Event.Kind.ASSIGNED, List.of(0, 1)));
        ledger.add("a", new Event(20, Event.Kind.REVOKED, List.of(0)));
        ledger.add("b", new Event(20, Event.Kind.ASSIGNED, List.of(0)));
        assertEquals(List.of(), ledger.doubleOwnerships());
        assertTrue(ledger.sharedBy(Set.of("a", "b"), 2));
    }

    @Test
    void assignmentBeforeRevocationIsDoubleOwnership() {
        ledger.add("a", new Event(10, Event.Kind.ASSIGNED, List.of(0)));
        ledger.add("b", new Event(19, Event.Kind.ASSIGNED, List.of(0)));
        ledger.add("a", new Event(20, Event.Kind.REVOKED, List.of(0)));
        assertEquals(1, ledger.doubleOwnerships().size());
    }

    @Test
    void whoNeverGaveBackStillOwns() {
        ledger.add("a", new Event(10, Event.Kind.ASSIGNED, List.of(0)));
        ledger.add("b", new Event(90, Event.Kind.ASSIGNED, List.of(0)));
        assertEquals(1, ledger.doubleOwnerships().size());
        assertFalse(ledger.sharedBy(Set.of("b"), 1));
    }

    @Test
    void ownershipEndsWithTheMembersLife() {
        ledger.add("a", new Event(10, Event.Kind.ASSIGNED, List.of(0)));
        ledger.memberEnded("a", 50);
        ledger.add("b", new Event(60, Event.Kind.ASSIGNED, List.of(0)));
        assertEquals(List.of(), ledger.doubleOwnerships());
    }

    @Test
    void countsWhatWasReadAgain() {
        ledger.add("a", new Event(1, Event.Kind.READ, List.of(0, 100, 101)));
        ledger.add("b", new Event(2, Event.Kind.READ, List.of(0, 101, 102)));
        assertEquals(3, ledger.distinctRead());
        assertEquals(Map.of(101, 2), ledger.readAgain());
    }

    @Test
    void eventsSurviveTheWayThroughALine() {
        Event event = new Event(5, Event.Kind.READ, List.of(3, 7, 8));
        assertEquals(event, Event.fromLine(event.toLine()).orElseThrow());
        Event none = new Event(5, Event.Kind.ASSIGNED, List.of());
        assertEquals(none, Event.fromLine(none.toLine()).orElseThrow());
        assertTrue(Event.fromLine("[main] INFO something").isEmpty());
    }
}
