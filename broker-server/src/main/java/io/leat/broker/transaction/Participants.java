package io.leat.broker.transaction;

import io.leat.broker.coordinator.HeapBytes;
import java.util.HashSet;
import java.util.Set;

/** What takes part in a transaction: partitions with records, groups with offsets. Immutable. */
record Participants(Set<Place> places, Set<String> groups) {
    static final Participants NONE = new Participants(Set.of(), Set.of());

    Participants {
        places = Set.copyOf(places);
        groups = Set.copyOf(groups);
    }

    static Participants group(String groupId) {
        return new Participants(Set.of(), Set.of(groupId));
    }

    /** How much heap they take, roughly. */
    long heapBytes() {
        // The names of topics are the topics' own.
        return places.size() * (HeapBytes.ENTRY + HeapBytes.OBJECT) + HeapBytes.texts(groups);
    }

    boolean isEmpty() {
        return places.isEmpty() && groups.isEmpty();
    }

    boolean containsAll(Participants others) {
        return places.containsAll(others.places) && groups.containsAll(others.groups);
    }

    Participants with(Participants others) {
        Set<Place> allPlaces = new HashSet<>(places);
        allPlaces.addAll(others.places);
        Set<String> allGroups = new HashSet<>(groups);
        allGroups.addAll(others.groups);
        return new Participants(allPlaces, allGroups);
    }

    Participants without(Participants others) {
        Set<Place> leftPlaces = new HashSet<>(places);
        leftPlaces.removeAll(others.places);
        Set<String> leftGroups = new HashSet<>(groups);
        leftGroups.removeAll(others.groups);
        return new Participants(leftPlaces, leftGroups);
    }
}
