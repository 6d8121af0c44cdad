package io.leat.broker.group.streams;

import io.leat.broker.coordinator.HeapBytes;
import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Tasks, in order. Immutable.
 *
 * <pre>
 *   subtopologies int32, each: id string | partitions int32, each int32
 * </pre>
 */
public record TaskSet(SortedSet<Task> tasks) implements Iterable<Task> {
    public static final TaskSet NONE = new TaskSet(new TreeSet<>());

    public TaskSet {
        tasks = Collections.unmodifiableSortedSet(new TreeSet<>(tasks));
    }

    public static TaskSet of(Collection<Task> tasks) {
        return tasks.isEmpty() ? NONE : new TaskSet(new TreeSet<>(tasks));
    }

    public boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** How much heap it takes, roughly. */
    public long heapBytes() {
        long bytes = HeapBytes.OBJECT;
        for (Task task : tasks) {
            bytes += HeapBytes.ENTRY + task.heapBytes();
        }
        return bytes;
    }

    public int size() {
        return tasks.size();
    }

    public boolean contains(Task task) {
        return tasks.contains(task);
    }

    public boolean containsAll(TaskSet others) {
        return tasks.containsAll(others.tasks);
    }

    public boolean intersects(TaskSet others) {
        return !Collections.disjoint(tasks, others.tasks);
    }

    public TaskSet plus(TaskSet others) {
        if (others.isEmpty()) {
            return this;
        }
        SortedSet<Task> all = new TreeSet<>(tasks);
        all.addAll(others.tasks);
        return new TaskSet(all);
    }

    public TaskSet minus(TaskSet others) {
        if (isEmpty() || others.isEmpty()) {
            return this;
        }
        SortedSet<Task> rest = new TreeSet<>(tasks);
        rest.removeAll(others.tasks);
        return of(rest);
    }

    public TaskSet and(TaskSet others) {
        SortedSet<Task> both = new TreeSet<>(tasks);
        both.retainAll(others.tasks);
        return of(both);
    }

    /** The partitions of each subtopology, in order. */
    public SortedMap<String, List<Integer>> bySubtopology() {
        SortedMap<String, List<Integer>> all = new TreeMap<>();
        for (Task task : tasks) {
            all.computeIfAbsent(task.subtopology(), id -> new ArrayList<>()).add(task.partition());
        }
        return all;
    }

    @Override
    public Iterator<Task> iterator() {
        return tasks.iterator();
    }

    void write(StateOutput out) {
        SortedMap<String, List<Integer>> all = bySubtopology();
        out.int32(all.size());
        all.forEach((id, partitions) -> {
            out.string(id).int32(partitions.size());
            partitions.forEach(out::int32);
        });
    }

    static TaskSet read(StateInput in) {
        int subtopologies = in.count();
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < subtopologies; i++) {
            String id = in.string();
            int partitions = in.count();
            for (int j = 0; j < partitions; j++) {
                tasks.add(new Task(id, in.int32()));
            }
        }
        return of(tasks);
    }

    @Override
    public String toString() {
        return tasks.toString();
    }
}
