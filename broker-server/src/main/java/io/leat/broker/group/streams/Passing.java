package io.leat.broker.group.streams;

import io.leat.broker.coordinator.HeapBytes;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of a group and not in the state store, since members tell it again or it does not
 * matter after a start. Immutable.
 *
 * @param assignedMillis when the target was made, or found at a start, ms since the epoch
 * @param delayedUntilMillis until when the group waits for more members, ms since the epoch
 * @param shutdownBy the member that asked all to stop
 * @param progress how far the members' states are, by member id
 */
public record Passing(
        long assignedMillis,
        long delayedUntilMillis,
        Optional<String> shutdownBy,
        SortedMap<String, MemberProgress> progress) {
    static final Passing NONE = new Passing(0, 0, Optional.empty(), new TreeMap<>());

    public Passing {
        progress = Collections.unmodifiableSortedMap(progress);
    }

    Passing assignedAt(long nowMillis) {
        return new Passing(nowMillis, delayedUntilMillis, shutdownBy, progress);
    }

    Passing delayedUntil(long millis) {
        return new Passing(assignedMillis, millis, shutdownBy, progress);
    }

    Passing shutdownBy(String memberId) {
        return new Passing(assignedMillis, delayedUntilMillis, Optional.of(memberId), progress);
    }

    Passing with(String memberId, MemberProgress told) {
        SortedMap<String, MemberProgress> all = new TreeMap<>(progress);
        all.put(memberId, told);
        return new Passing(assignedMillis, delayedUntilMillis, shutdownBy, all);
    }

    /** Without a member; once nobody is left, nobody has to stop any more. */
    Passing without(String memberId, boolean last) {
        SortedMap<String, MemberProgress> rest = new TreeMap<>(progress);
        rest.remove(memberId);
        return new Passing(
                assignedMillis,
                last ? 0 : delayedUntilMillis,
                last ? Optional.empty() : shutdownBy,
                rest);
    }

    /** With one member's progress given to another, which takes its place: so are its states. */
    Passing moved(String fromId, String toId) {
        SortedMap<String, MemberProgress> moved = new TreeMap<>(progress);
        MemberProgress told = moved.remove(fromId);
        if (told != null) {
            moved.put(toId, told);
        }
        return new Passing(assignedMillis, delayedUntilMillis, shutdownBy, moved);
    }

    /** How much heap it takes, roughly. */
    long heapBytes() {
        long bytes = HeapBytes.OBJECT;
        for (MemberProgress each : progress.values()) {
            bytes += HeapBytes.ENTRY + each.heapBytes();
        }
        return bytes;
    }

    MemberProgress of(String memberId) {
        return progress.getOrDefault(memberId, MemberProgress.NONE);
    }
}
