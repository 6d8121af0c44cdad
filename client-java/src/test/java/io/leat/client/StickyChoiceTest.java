package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StickyChoiceTest {
    @Test
    void staysForABatchAndThenGoesElsewhere() {
        StickyChoice choice = new StickyChoice(1_000);
        List<Integer> leaders = List.of(1, 1, 1);
        Set<Integer> visited = new HashSet<>();
        int last = -1;
        for (int turn = 0; turn < 200; turn++) {
            int first = choice.next(leaders, 100);
            assertNotEquals(last, first);
            for (int record = 1; record < 10; record++) {
                assertEquals(first, choice.next(leaders, 100));
            }
            visited.add(first);
            last = first;
        }
        assertEquals(Set.of(0, 1, 2), visited);
    }

    @Test
    void avoidsPartitionsWithoutALeaderAsLongAsOneHasOne() {
        StickyChoice choice = new StickyChoice(1);
        List<Integer> leaders = List.of(ClusterView.NO_LEADER, 7, ClusterView.NO_LEADER);
        for (int i = 0; i < 50; i++) {
            assertEquals(1, choice.next(leaders, 10));
        }
        int any = choice.next(List.of(ClusterView.NO_LEADER), 10);
        assertEquals(0, any);
    }

    @Test
    void takesNoteOfTopicsThatShrank() {
        StickyChoice choice = new StickyChoice(1_000_000);
        for (int i = 0; i < 100; i++) {
            assertTrue(choice.next(List.of(1, 1, 1, 1), 1) < 4);
        }
        assertEquals(0, choice.next(List.of(1), 1));
    }
}
