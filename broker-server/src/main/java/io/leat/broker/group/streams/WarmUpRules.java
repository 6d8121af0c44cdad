package io.leat.broker.group.streams;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keeps a task where its state is until the state has been built up where the task is to run. Pure.
 * Lives for one look.
 *
 * <p>A task stays with who runs it, while it is to move to a member of another process whose copy
 * of the state is too far behind; that member warms it up meanwhile, a few tasks of the group at a
 * time. Members that do not say how far states are get their tasks at once, as do all once the
 * owner of before is gone; one that is away will be back, and has its states then.
 */
final class WarmUpRules {
    private final StreamsMembership membership;
    private final Set<String> stateful;
    private final long acceptableLag;
    private final int warmUps;
    private final Patience patience;
    private final Map<Task, StreamsMember> running = new HashMap<>();

    /**
     * Who is waited for that has not said yet how far its states are.
     *
     * @param owners those that run tasks
     * @param heirs those that are to run them
     */
    record Patience(boolean owners, boolean heirs) {}

    /**
     * @param stateful the subtopologies with state
     * @param acceptableLag how far behind a state may be for its task to be run, in records
     * @param warmUps how many tasks are warmed up at a time
     */
    WarmUpRules(
            StreamsMembership membership,
            Set<String> stateful,
            long acceptableLag,
            int warmUps,
            Patience patience) {
        this.membership = membership;
        this.stateful = stateful;
        this.acceptableLag = acceptableLag;
        this.warmUps = warmUps;
        this.patience = patience;
        for (StreamsMember member : membership.all()) {
            member.standing().assigned().active().forEach(task -> running.put(task, member));
        }
    }

    /**
     * Keeps tasks where their states are.
     *
     * @param now what members are to own until now; what has been given to its heir stays there
     * @return what members are to own until states are where {@code ideal} wants them
     */
    SortedMap<String, Tasks> refine(SortedMap<String, Tasks> ideal, SortedMap<String, Tasks> now) {
        SortedMap<Task, Move> moves = moves(ideal, now);
        if (warmUps == 0 || moves.isEmpty()) {
            return ideal;
        }
        SortedMap<String, Roles> refined = new TreeMap<>();
        ideal.forEach((id, tasks) -> refined.put(id, new Roles(tasks)));
        int left = warmUps;
        for (Map.Entry<Task, Move> move : moves.entrySet()) {
            Task task = move.getKey();
            StreamsMember owner = move.getValue().owner();
            Roles there = Objects.requireNonNull(refined.get(move.getValue().heirId()));
            there.active.remove(task);
            withdraw(refined, owner.processId(), task);
            Objects.requireNonNull(refined.get(owner.id())).active.add(task);
            if (left > 0) {
                there.warmup.add(task);
                left--;
            }
        }
        SortedMap<String, Tasks> result = new TreeMap<>();
        refined.forEach((id, roles) -> result.put(id, roles.done()));
        return result;
    }

    /** Who runs a task, and who is to. */
    private record Move(StreamsMember owner, String heirId) {}

    /** Tasks that have to wait. */
    private SortedMap<Task, Move> moves(
            SortedMap<String, Tasks> ideal, SortedMap<String, Tasks> now) {
        SortedMap<Task, Move> moves = new TreeMap<>();
        ideal.forEach((id, tasks) -> {
            StreamsMember heir = membership.get(id).orElseThrow();
            TaskSet given = now.getOrDefault(id, Tasks.NONE).active();
            for (Task task : tasks.active().minus(given)) {
                Optional<StreamsMember> owner =
                        Optional.ofNullable(running.get(task))
                                .filter(member -> ideal.containsKey(member.id()));
                if (stateful.contains(task.subtopology())
                        && owner.isPresent()
                        && !owner.get().processId().equals(heir.processId())
                        && isBehind(owner.get(), heir, task)) {
                    moves.put(task, new Move(owner.get(), id));
                }
            }
        });
        return moves;
    }

    /**
     * Whether it is known how large the state is, and that the heir's process is far from it; or
     * whether that may yet be told.
     */
    private boolean isBehind(StreamsMember owner, StreamsMember heir, Task task) {
        OptionalLong size = membership.passing().of(owner.id()).offset(task);
        OptionalLong end = membership.passing().of(owner.id()).end(task);
        long whole = Math.max(size.orElse(-1), end.orElse(-1));
        if (whole < 0) {
            return patience.owners();
        }
        boolean told = false;
        for (StreamsMember member : membership.all()) {
            if (member.processId().equals(heir.processId())) {
                MemberProgress progress = membership.passing().of(member.id());
                long lag =
                        Math.max(whole, progress.end(task).orElse(-1))
                                - progress.offset(task).orElse(0);
                if (lag <= acceptableLag) {
                    return false;
                }
                told |= !progress.offsets().isEmpty();
            }
        }
        return told || patience.heirs();
    }

    /** Nobody else in the process of who runs a task has it too. */
    private void withdraw(SortedMap<String, Roles> refined, String processId, Task task) {
        refined.forEach((id, roles) -> {
            if (membership.get(id).orElseThrow().processId().equals(processId)) {
                roles.standby.remove(task);
                roles.warmup.remove(task);
            }
        });
    }

    /** Tasks of a member in the making. */
    private static final class Roles {
        private final SortedSet<Task> active;
        private final SortedSet<Task> standby;
        private final SortedSet<Task> warmup;

        Roles(Tasks tasks) {
            active = new TreeSet<>(tasks.active().tasks());
            standby = new TreeSet<>(tasks.standby().tasks());
            warmup = new TreeSet<>(tasks.warmup().tasks());
        }

        Tasks done() {
            return new Tasks(TaskSet.of(active), TaskSet.of(standby), TaskSet.of(warmup));
        }
    }
}
