package io.leat.tests.groups;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who owned which partition from when to when, and who read what. Ownership begins when a member is
 * told of its assignment and ends when it gives the partition back, or with the member's life.
 *
 * <p>Safe for use by several threads.
 */
final class Ledger {
    private static final long OPEN = Long.MAX_VALUE;

    /** One ownership; {@code toNanos} is exclusive and {@link #OPEN} while it lasts. */
    private record Ownership(String member, int partition, long fromNanos, long toNanos) {
        boolean overlaps(Ownership other) {
            return fromNanos < other.toNanos && other.fromNanos < toNanos;
        }
    }

    private final List<Ownership> past = new ArrayList<>();
    private final Map<String, Map<Integer, Ownership>> present = new HashMap<>();
    private final Map<Integer, Integer> timesRead = new HashMap<>();
    private final List<String> log = new ArrayList<>();

    synchronized void add(String member, Event event) {
        switch (event.kind()) {
            case ASSIGNED -> event.numbers().forEach(p -> begin(member, p, event.nanos()));
            case REVOKED, LOST -> event.numbers().forEach(p -> end(member, p, event.nanos()));
            case READ -> {
                List<Integer> values = event.numbers().subList(1, event.numbers().size());
                values.forEach(value -> timesRead.merge(value, 1, Integer::sum));
            }
        }
        if (event.kind() != Event.Kind.READ) {
            log.add(member + " " + event);
        }
    }

    /** The member's life ended (or its session, at the earliest) at this time. */
    synchronized void memberEnded(String member, long nanos) {
        for (Integer partition : List.copyOf(owned(member))) {
            end(member, partition, nanos);
        }
        log.add(member + " ended at " + nanos);
    }

    synchronized Set<Integer> owned(String member) {
        return Set.copyOf(present.getOrDefault(member, Map.of()).keySet());
    }

    /** Whether these members, and they alone, own all partitions, each at least one. */
    synchronized boolean sharedBy(Set<String> members, int partitions) {
        Set<Integer> all = new HashSet<>();
        int owned = 0;
        for (String member : members) {
            Set<Integer> own = owned(member);
            if (own.isEmpty()) {
                return false;
            }
            all.addAll(own);
            owned += own.size();
        }
        boolean noneElsewhere =
                present.entrySet().stream()
                        .allMatch(e -> e.getValue().isEmpty() || members.contains(e.getKey()));
        return noneElsewhere && owned == partitions && all.size() == partitions;
    }

    /** Pairs of ownerships of one partition at the same time; empty is how it must be. */
    synchronized List<String> doubleOwnerships() {
        List<Ownership> all = new ArrayList<>(past);
        present.values().forEach(own -> all.addAll(own.values()));
        List<String> found = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                Ownership a = all.get(i);
                Ownership b = all.get(j);
                if (a.partition == b.partition && a.overlaps(b)) {
                    found.add(a + " and " + b);
                }
            }
        }
        return found;
    }

    synchronized int distinctRead() {
        return timesRead.size();
    }

    /** Values that were read more than once, and how often. */
    synchronized Map<Integer, Integer> readAgain() {
        Map<Integer, Integer> again = new TreeMap<>();
        timesRead.forEach((value, times) -> {
            if (times > 1) {
                again.put(value, times);
            }
        });
        return again;
    }

    /** How many assignments and revocations there were so far. */
    synchronized int changes() {
        return log.size();
    }

    @Override
    public synchronized String toString() {
        return String.join("\n", log);
    }

    private void begin(String member, int partition, long nanos) {
        Ownership before =
                present.computeIfAbsent(member, m -> new HashMap<>())
                        .put(partition, new Ownership(member, partition, nanos, OPEN));
        if (before != null) {
            throw new IllegalStateException(member + " was assigned twice: " + partition);
        }
    }

    private void end(String member, int partition, long nanos) {
        Ownership ownership = present.getOrDefault(member, Map.of()).get(partition);
        if (ownership != null) {
            present.get(member).remove(partition);
            past.add(new Ownership(member, partition, ownership.fromNanos, nanos));
        }
    }
}
