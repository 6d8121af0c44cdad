package io.leat.broker.group.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.group.streams.TaskAssignor.Candidate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.Test;

/** What assignments of tasks owe to members, whoever these are and whatever they had. */
class TaskAssignorTest {
    private final NavigableMap<String, Candidate> members = new TreeMap<>();
    private final NavigableMap<String, Integer> tasks = new TreeMap<>();
    private final Set<String> stateful = new HashSet<>();

    /** All tries of a property share one instance. */
    @BeforeTry
    void forget() {
        members.clear();
        tasks.clear();
        stateful.clear();
    }

    private NavigableMap<String, Tasks> assign(int standbys) {
        NavigableMap<String, Tasks> assigned =
                new TreeMap<>(TaskAssignor.assign(members, tasks, stateful, standbys));
        checkActive(assigned);
        checkProcesses(assigned);
        checkStandbys(assigned, standbys);
        return assigned;
    }

    /** Each task is run by one member, and members run as many as each other, or one more. */
    private void checkActive(NavigableMap<String, Tasks> assigned) {
        assertEquals(members.keySet(), assigned.keySet());
        Set<Task> seen = new HashSet<>();
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (Tasks own : assigned.values()) {
            for (Task task : own.active()) {
                assertTrue(seen.add(task), () -> "run twice: " + assigned);
            }
            least = Math.min(least, own.active().size());
            most = Math.max(most, own.active().size());
        }
        assertEquals(tasks.values().stream().mapToInt(each -> each).sum(), seen.size());
        assertTrue(most - least <= 1, () -> "not level: " + assigned);
    }

    /** No process has a task twice, in whatever role. */
    private void checkProcesses(NavigableMap<String, Tasks> assigned) {
        Set<String> seen = new HashSet<>();
        assigned.forEach((id, own) -> {
            int size = own.active().size() + own.standby().size() + own.warmup().size();
            assertEquals(size, own.all().size(), () -> "twice in a member: " + assigned);
            for (Task task : own.all()) {
                assertTrue(
                        seen.add(members.get(id).process() + " " + task),
                        () -> "twice in a process: " + assigned + " of " + members);
            }
        });
    }

    /** Tasks with state have as many standbys as there can be; others have none. */
    private void checkStandbys(NavigableMap<String, Tasks> assigned, int standbys) {
        Map<Task, Integer> copies = new HashMap<>();
        assigned.values()
                .forEach(own -> own.standby().forEach(t -> copies.merge(t, 1, Integer::sum)));
        long processes = members.values().stream().map(Candidate::process).distinct().count();
        int expected = (int) Math.min(standbys, processes - 1);
        tasks.forEach((id, count) -> {
            for (int p = 0; p < count; p++) {
                assertEquals(
                        stateful.contains(id) ? expected : 0,
                        copies.getOrDefault(new Task(id, p), 0),
                        () -> "standbys: " + assigned);
            }
        });
    }

    private void have(NavigableMap<String, Tasks> assigned) {
        members.replaceAll((id, candidate) ->
                new Candidate(candidate.process(), assigned.getOrDefault(id, Tasks.NONE)));
    }

    private void join(String id, String process) {
        members.put(id, new Candidate(process, Tasks.NONE));
    }

    private static int moved(
            NavigableMap<String, Tasks> before, NavigableMap<String, Tasks> after) {
        int moved = 0;
        for (Map.Entry<String, Tasks> each : before.entrySet()) {
            Tasks now = after.getOrDefault(each.getKey(), Tasks.NONE);
            moved += each.getValue().active().minus(now.active()).size();
        }
        return moved;
    }

    @Property(tries = 300)
    void membersComeAndGo(
            @ForAll @IntRange(max = 40) int first,
            @ForAll @IntRange(max = 15) int second,
            @ForAll @IntRange(max = 3) int standbys,
            @ForAll long seed) {
        tasks.put("0", first);
        tasks.put("1", second);
        stateful.add("1");
        Random random = new Random(seed);
        join("m0", "p0");
        int ids = 1;
        for (int round = 0; round < 8; round++) {
            if (members.size() > 1 && random.nextInt(3) == 0) {
                members.remove(
                        new ArrayList<>(members.keySet()).get(random.nextInt(members.size())));
            } else {
                join("m" + ids++, "p" + random.nextInt(4));
            }
            have(assign(standbys));
        }
        // With nothing changed nothing moves.
        NavigableMap<String, Tasks> before = assign(standbys);
        have(before);
        NavigableMap<String, Tasks> after = assign(standbys);
        assertEquals(0, moved(before, after), () -> before + " became " + after);
        have(after);
        assertEquals(after, assign(standbys));
    }

    @Property(tries = 200)
    void newcomerTakesItsShareAndNoMore(
            @ForAll @IntRange(min = 1, max = 60) int count,
            @ForAll @IntRange(min = 1, max = 8) int size) {
        tasks.put("0", count);
        for (int i = 0; i < size; i++) {
            join("m" + i, "p" + i);
        }
        NavigableMap<String, Tasks> before = assign(0);
        have(before);
        join("n", "p-new");
        NavigableMap<String, Tasks> after = assign(0);
        assertEquals(after.get("n").active().size(), moved(before, after));
    }

    @Property(tries = 200)
    void onlyTheTasksOfWhoLeavesMove(
            @ForAll @IntRange(min = 1, max = 60) int count,
            @ForAll @IntRange(min = 2, max = 8) int size) {
        tasks.put("0", count);
        for (int i = 0; i < size; i++) {
            join("m" + i, "p" + i);
        }
        NavigableMap<String, Tasks> before = assign(0);
        have(before);
        Tasks gone = members.remove("m0").had();
        NavigableMap<String, Tasks> after = assign(0);
        before.remove("m0");
        assertEquals(0, moved(before, after));
        assertEquals(
                gone.active().size(),
                after.values().stream().mapToInt(own -> own.active().size()).sum()
                        - before.values().stream().mapToInt(own -> own.active().size()).sum());
    }

    @Test
    void tasksOfWhoIsGoneGoToTheirStandbys() {
        tasks.put("0", 6);
        stateful.add("0");
        List.of("a", "b", "c").forEach(id -> join(id, id));
        NavigableMap<String, Tasks> before = assign(1);
        have(before);
        TaskSet orphans = members.remove("a").had().active();
        NavigableMap<String, Tasks> after = assign(1);
        for (Task task : orphans) {
            String keeper =
                    before.entrySet().stream()
                            .filter(each -> each.getValue().standby().contains(task))
                            .map(Map.Entry::getKey)
                            .findFirst()
                            .orElseThrow();
            assertTrue(
                    after.get(keeper).active().contains(task)
                            || after.get(keeper).active().size() == 3,
                    () -> task + " was not taken by " + keeper + ": " + after);
        }
    }

    @Test
    void whatIsLeftOverIsSpreadOverProcesses() {
        tasks.put("0", 6);
        join("a1", "a");
        join("a2", "a");
        join("b1", "b");
        join("b2", "b");
        NavigableMap<String, Tasks> assigned = assign(0);
        assertEquals(
                3,
                assigned.get("a1").active().size() + assigned.get("a2").active().size(),
                assigned::toString);
    }

    @Test
    void oneProcessHasNoStandbys() {
        tasks.put("0", 4);
        stateful.add("0");
        join("a1", "a");
        join("a2", "a");
        assertTrue(assign(2).values().stream().allMatch(own -> own.standby().isEmpty()));
    }

    @Test
    void nobodyGetsNothing() {
        assertTrue(TaskAssignor.assign(members, tasks, stateful, 1).isEmpty());
    }
}
