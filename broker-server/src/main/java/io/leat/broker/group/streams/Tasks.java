package io.leat.broker.group.streams;

import io.leat.broker.coordinator.StateInput;
import io.leat.broker.coordinator.StateOutput;

/**
 * Tasks by what a member does with them. Immutable.
 *
 * @param active those it runs
 * @param standby those whose state it keeps a copy of
 * @param warmup those whose state it builds up, since it is to run them
 */
public record Tasks(TaskSet active, TaskSet standby, TaskSet warmup) {
    public static final Tasks NONE = new Tasks(TaskSet.NONE, TaskSet.NONE, TaskSet.NONE);

    public boolean isEmpty() {
        return active.isEmpty() && standby.isEmpty() && warmup.isEmpty();
    }

    /** How much heap they take, roughly. */
    long heapBytes() {
        return active.heapBytes() + standby.heapBytes() + warmup.heapBytes();
    }

    /** All of them, whatever the role. */
    public TaskSet all() {
        return active.plus(standby).plus(warmup);
    }

    public boolean has(Task task) {
        return active.contains(task) || standby.contains(task) || warmup.contains(task);
    }

    /** Whether each task of {@code others} is here in the same role. */
    public boolean containsAll(Tasks others) {
        return active.containsAll(others.active)
                && standby.containsAll(others.standby)
                && warmup.containsAll(others.warmup);
    }

    /** Whether there is a task in the same role. */
    public boolean intersects(Tasks others) {
        return active.intersects(others.active)
                || standby.intersects(others.standby)
                || warmup.intersects(others.warmup);
    }

    public Tasks plus(Tasks others) {
        return new Tasks(
                active.plus(others.active),
                standby.plus(others.standby),
                warmup.plus(others.warmup));
    }

    public Tasks minus(Tasks others) {
        return new Tasks(
                active.minus(others.active),
                standby.minus(others.standby),
                warmup.minus(others.warmup));
    }

    public Tasks and(Tasks others) {
        return new Tasks(
                active.and(others.active), standby.and(others.standby), warmup.and(others.warmup));
    }

    void write(StateOutput out) {
        active.write(out);
        standby.write(out);
        warmup.write(out);
    }

    static Tasks read(StateInput in) {
        return new Tasks(TaskSet.read(in), TaskSet.read(in), TaskSet.read(in));
    }
}
