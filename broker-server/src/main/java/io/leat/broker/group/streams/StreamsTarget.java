package io.leat.broker.group.streams;

import io.leat.broker.coordinator.HeapBytes;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What members are to own. Immutable.
 *
 * @param epoch the group epoch that it was made for
 * @param standbys how many standbys of each task were wished for
 * @param ideal what the assignor made, by member id
 * @param members what holds until states are where {@code ideal} wants them, by member id
 */
public record StreamsTarget(
        int epoch, int standbys, SortedMap<String, Tasks> ideal, SortedMap<String, Tasks> members) {
    public StreamsTarget {
        ideal = Collections.unmodifiableSortedMap(ideal);
        members = Collections.unmodifiableSortedMap(members);
    }

    static StreamsTarget none(int epoch) {
        return new StreamsTarget(epoch, 0, new TreeMap<>(), new TreeMap<>());
    }

    /** What a member is to own now. */
    public Tasks of(String memberId) {
        return members.getOrDefault(memberId, Tasks.NONE);
    }

    /** What a member is to own in the end. */
    Tasks idealOf(String memberId) {
        return ideal.getOrDefault(memberId, Tasks.NONE);
    }

    /** How much heap it takes, roughly. */
    long heapBytes() {
        long bytes = HeapBytes.OBJECT;
        for (Tasks own : members.values()) {
            bytes += HeapBytes.ENTRY + own.heapBytes();
        }
        // Most of what it is not yet it has in common with what it is.
        return bytes + ideal.size() * HeapBytes.ENTRY;
    }

    boolean isIdeal() {
        return ideal.equals(members);
    }

    StreamsTarget without(String memberId) {
        return new StreamsTarget(
                epoch, standbys, without(ideal, memberId), without(members, memberId));
    }

    private static SortedMap<String, Tasks> without(SortedMap<String, Tasks> all, String memberId) {
        SortedMap<String, Tasks> rest = new TreeMap<>(all);
        rest.remove(memberId);
        return rest;
    }

    /** With what one member was to own given to another, which takes its place. */
    StreamsTarget moved(String fromId, String toId) {
        return new StreamsTarget(
                epoch, standbys, moved(ideal, fromId, toId), moved(members, fromId, toId));
    }

    private static SortedMap<String, Tasks> moved(
            SortedMap<String, Tasks> all, String fromId, String toId) {
        SortedMap<String, Tasks> moved = new TreeMap<>(all);
        Tasks own = moved.remove(fromId);
        if (own != null) {
            moved.put(toId, own);
        }
        return moved;
    }
}
