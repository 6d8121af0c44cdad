package io.leat.broker.group.streams;

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

    private static OptionalLong of(SortedMap<Task, Long> all, Task task) {
        Long value = all.get(task);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
