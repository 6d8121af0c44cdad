package io.leat.broker.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AlarmsTest {
    private final Alarms<String> alarms = new Alarms<>();

    private List<String> due(long now) {
        List<String> due = new ArrayList<>();
        alarms.takeDue(now, due::add);
        return due;
    }

    @Test
    void ringsInTheOrderOfDeadlines() {
        alarms.set("late", 30);
        alarms.set("early", 10);
        assertEquals(10, alarms.nextNanos().getAsLong());
        assertEquals(List.of(), due(9));
        assertEquals(List.of("early"), due(10));
        assertEquals(List.of("late"), due(1_000));
        assertTrue(alarms.nextNanos().isEmpty());
    }

    @Test
    void movesAnAlarmBothWays() {
        alarms.set("a", 10);
        alarms.set("a", 50);
        assertEquals(List.of(), due(49));
        alarms.set("a", 60);
        alarms.set("a", 20);
        assertEquals(List.of("a"), due(20));
        assertEquals(List.of(), due(1_000));
    }

    @Test
    void forgetsWhatIsCancelled() {
        alarms.set("a", 10);
        alarms.cancel("a");
        assertEquals(List.of(), due(1_000));
        assertEquals(0, alarms.size());
    }

    /** As a transaction does with the time at which its id expires, which is days away. */
    @Test
    void forgetsWhatIsCancelledLongBeforeItsTime() {
        alarms.set("stays", 5);
        for (int i = 0; i < 100_000; i++) {
            alarms.set("comes and goes", 1_000_000 + i);
            alarms.cancel("comes and goes");
        }
        assertTrue(alarms.queued() < 2_000, () -> alarms.queued() + " are in the queue");
        for (int i = 0; i < 100_000; i++) {
            alarms.set("comes earlier and earlier", 1_000_000 - i);
        }
        assertTrue(alarms.queued() < 2_000, () -> alarms.queued() + " are in the queue");
        assertEquals(List.of("stays", "comes earlier and earlier"), due(900_001));
    }

    @Test
    void ringsAcrossTheOverflowOfTheClock() {
        alarms.set("before", Long.MAX_VALUE - 1);
        alarms.set("after", Long.MIN_VALUE + 1);
        assertEquals(List.of("before"), due(Long.MAX_VALUE));
        assertEquals(List.of("after"), due(Long.MIN_VALUE + 1));
    }

    @Property(tries = 200)
    void ringsWhateverAPlainMapWouldRing(@ForAll long seed) {
        Random random = new Random(seed);
        Alarms<Integer> tested = new Alarms<>();
        Map<Integer, Long> model = new HashMap<>();
        long now = 0;
        for (int step = 0; step < 300; step++) {
            int target = random.nextInt(10);
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    long deadline = now + random.nextInt(100);
                    tested.set(target, deadline);
                    model.put(target, deadline);
                }
                case 2 -> {
                    tested.cancel(target);
                    model.remove(target);
                }
                default -> {
                    now += random.nextInt(60);
                    List<Integer> due = new ArrayList<>();
                    tested.takeDue(now, due::add);
                    List<Integer> expected = new ArrayList<>();
                    for (Map.Entry<Integer, Long> e : model.entrySet()) {
                        if (e.getValue() <= now) {
                            expected.add(e.getKey());
                        }
                    }
                    model.keySet().removeAll(expected);
                    due.sort(null);
                    expected.sort(null);
                    assertEquals(expected, due, "seed " + seed);
                }
            }
            assertEquals(model.size(), tested.size(), "seed " + seed);
        }
    }
}
