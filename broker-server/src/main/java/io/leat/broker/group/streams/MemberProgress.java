package io.leat.broker.group.streams;

import io.leat.broker.coordinator.HeapBytes;
import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far the states of a member's tasks are, as it said the last time. Immutable; not in the state
 * store.
 *
 * @param offsets how far each state is, the sum over its changelogs
 * @param ends how far it could be
 */
public record MemberProgress(SortedMap<Task, Long> offsets, SortedMap<Task, Long> ends) {
    static final MemberProgress NONE = new MemberProgress(new TreeMap<>(), new TreeMap<>());

    public MemberProgress {
        offsets = Collections.unmodifiableSortedMap(offsets);
        ends = Collections.unmodifiableSortedMap(ends);
    }

    /** How far it is; empty where the member did not say. */
    OptionalLong offset(Task task) {
        return of(offsets, task);
    }

    /** How far it could be; empty where the member did not say. */
    OptionalLong end(Task task) {
        return of(ends, task);
    }

    /** How much heap it takes, roughly. */
    long heapBytes() {
        return heapBytes(offsets) + heapBytes(ends);
    }

    private static long heapBytes(SortedMap<Task, Long> all) {
        long bytes = HeapBytes.OBJECT;
        for (Task task : all.keySet()) {
            bytes += HeapBytes.ENTRY + HeapBytes.OBJECT + task.heapBytes();
        }
        return bytes;
    }

    private static OptionalLong of(SortedMap<Task, Long> all, Task task) {
        Long value = all.get(task);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
