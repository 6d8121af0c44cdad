package io.leat.broker.group.streams;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Deals tasks out to the members of a streams group. Pure: the same input gives the same answer.
 *
 * <ul>
 *   <li>Each task is run by one member. Members run as many tasks as each other, or one more, and
 *       those that run one more are spread over the processes.
 *   <li>A member keeps what it has, as far as that allows; what has to move goes where its state
 *       is, if it can.
 *   <li>Each task with state has as many standbys as are wished for, or as there are other
 *       processes: each in a process of its own, and none in that which runs the task.
 * </ul>
 *
 * Lives for one assignment.
 */
final class TaskAssignor {
    /** Its name, as Kafka has it. */
    static final String NAME = "sticky";

    private final SortedSet<Task> tasks = new TreeSet<>();
    private final SortedMap<String, Seat> seats = new TreeMap<>();
    private final SortedMap<String, Instance> processes = new TreeMap<>();
    private final int share;

    /**
     * A member.
     *
     * @param process the instance that it is a thread of
     * @param had what it was given the last time
     */
    record Candidate(String process, Tasks had) {}

    /** What a member gets, so far. */
    private static final class Seat {
        private final String id;
        private final Instance process;
        private final Tasks had;
        private final SortedSet<Task> active = new TreeSet<>();
        private final SortedSet<Task> standby = new TreeSet<>();

        Seat(String id, Instance process, Tasks had) {
            this.id = id;
            this.process = process;
            this.had = had;
        }

        int load() {
            return active.size() + standby.size();
        }
    }

    /** Members that share a directory of state. */
    private static final class Instance {
        private final List<Seat> seats = new ArrayList<>();

        /** How many of the members may still run one task more than others. */
        private int extras;

        boolean has(Task task) {
            return seats.stream()
                    .anyMatch(seat -> seat.active.contains(task) || seat.standby.contains(task));
        }

        boolean had(Task task) {
            return seats.stream().anyMatch(seat -> seat.had.has(task));
        }

        double load() {
            return seats.stream().mapToInt(Seat::load).sum() / (double) seats.size();
        }
    }

    private TaskAssignor(
            SortedMap<String, Candidate> members, SortedMap<String, Integer> subtopologies) {
        subtopologies.forEach((id, count) -> {
            for (int partition = 0; partition < count; partition++) {
                tasks.add(new Task(id, partition));
            }
        });
        share = tasks.size() / members.size();
        members.forEach((id, candidate) -> {
            Instance process =
                    processes.computeIfAbsent(candidate.process(), name -> new Instance());
            Seat seat = new Seat(id, process, candidate.had());
            process.seats.add(seat);
            seats.put(id, seat);
        });
        dealExtras(tasks.size() % members.size());
    }

    /**
     * Deals tasks out.
     *
     * @param members by id
     * @param tasks how many each subtopology has
     * @param stateful the subtopologies with state
     * @param standbys how many to have of each task with state
     * @return what each member gets, perhaps nothing; all members are in it
     */
    static SortedMap<String, Tasks> assign(
            SortedMap<String, Candidate> members,
            SortedMap<String, Integer> tasks,
            Set<String> stateful,
            int standbys) {
        if (members.isEmpty()) {
            return new TreeMap<>();
        }
        TaskAssignor assignor = new TaskAssignor(members, tasks);
        assignor.dealActive();
        assignor.dealStandbys(stateful, standbys);
        SortedMap<String, Tasks> dealt = new TreeMap<>();
        assignor.seats.forEach((id, seat) ->
                dealt.put(
                        id,
                        new Tasks(
                                TaskSet.of(seat.active), TaskSet.of(seat.standby), TaskSet.NONE)));
        return dealt;
    }

    /** Says who may run one task more: as evenly over the processes as their members allow. */
    private void dealExtras(int count) {
        Comparator<Instance> order =
                Comparator.<Instance>comparingDouble(
                                process -> process.extras / (double) process.seats.size())
                        .thenComparing(
                                Comparator.<Instance>comparingLong(process ->
                                                process.seats.stream().filter(this::hadMore).count()
                                                        - process.extras)
                                        .reversed());
        for (int i = 0; i < count; i++) {
            processes.values().stream()
                    .filter(process -> process.extras < process.seats.size())
                    .min(order)
                    .ifPresent(process -> process.extras++);
        }
    }

    private boolean hadMore(Seat seat) {
        return seat.had.active().size() > share;
    }

    private void dealActive() {
        SortedSet<Task> open = new TreeSet<>(tasks);
        // Who has most is first, so that the extras stay where they are.
        seats.values().stream()
                .sorted(
                        Comparator.<Seat>comparingInt(seat -> seat.had.active().size())
                                .reversed()
                                .thenComparing(seat -> seat.id))
                .forEach(seat -> keep(seat, open));
        dealTo(open, (seat, task) -> seat.had.standby().contains(task));
        dealTo(open, (seat, task) -> seat.had.warmup().contains(task));
        dealTo(open, (seat, task) -> seat.process.had(task));
        dealTo(open, (seat, task) -> true);
        assert open.isEmpty() : open;
    }

    private void keep(Seat seat, SortedSet<Task> open) {
        for (Task task : seat.had.active()) {
            if (open.contains(task) && hasRoom(seat)) {
                take(seat, task);
                open.remove(task);
            }
        }
    }

    private boolean hasRoom(Seat seat) {
        int count = seat.active.size();
        return count < share || (count == share && seat.process.extras > 0);
    }

    private void take(Seat seat, Task task) {
        if (seat.active.size() == share) {
            seat.process.extras--;
        }
        seat.active.add(task);
    }

    private interface Likes {
        boolean test(Seat seat, Task task);
    }

    private void dealTo(SortedSet<Task> open, Likes likes) {
        for (Task task : List.copyOf(open)) {
            idlest(seat -> hasRoom(seat) && likes.test(seat, task))
                    .ifPresent(seat -> {
                        take(seat, task);
                        open.remove(task);
                    });
        }
    }

    private Optional<Seat> idlest(Predicate<Seat> eligible) {
        return seats.values().stream()
                .filter(eligible)
                .min(
                        Comparator.<Seat>comparingDouble(seat -> seat.process.load())
                                .thenComparingInt(Seat::load)
                                .thenComparing(seat -> seat.id));
    }

    private void dealStandbys(Set<String> stateful, int standbys) {
        List<Task> wanted =
                tasks.stream().filter(task -> stateful.contains(task.subtopology())).toList();
        int copies = Math.min(standbys, processes.size() - 1);
        if (copies <= 0 || wanted.isEmpty()) {
            return;
        }
        int most = Math.ceilDiv(wanted.size() * copies, seats.size());
        Map<Task, Integer> open = new HashMap<>();
        wanted.forEach(task -> open.put(task, copies));
        for (Seat seat : seats.values()) {
            for (Task task : seat.had.standby()) {
                if (seat.standby.size() < most
                        && open.getOrDefault(task, 0) > 0
                        && !seat.process.has(task)) {
                    seat.standby.add(task);
                    open.merge(task, -1, Integer::sum);
                }
            }
        }
        for (Task task : wanted) {
            for (int missing = open.getOrDefault(task, 0); missing > 0; missing--) {
                Predicate<Seat> other = seat -> !seat.process.has(task);
                // Who ran it has its state.
                idlest(other.and(seat -> seat.had.has(task) && seat.standby.size() < most))
                        .or(() -> idlest(other))
                        .ifPresent(seat -> seat.standby.add(task));
            }
        }
    }
}
