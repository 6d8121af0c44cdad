package io.leat.broker.erasure;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

/**
 * Which erasures the state store has, in the order in which they are listed, and which of those
 * that ended is the next to be forgotten. Any thread may list and add; one at a time ends.
 */
final class ErasureHistory {
    private final int endedMax;
    private final ConcurrentSkipListSet<Entry> youngestFirst = new ConcurrentSkipListSet<>();
    private final Deque<Entry> ended = new ArrayDeque<>();

    private record Entry(long acceptedMillis, UUID id) implements Comparable<Entry> {
        static Entry of(Erasure erasure) {
            return new Entry(erasure.acceptedMillis(), erasure.id());
        }

        @Override
        public int compareTo(Entry other) {
            int order = Long.compare(other.acceptedMillis, acceptedMillis);
            return order != 0 ? order : id.compareTo(other.id);
        }
    }

    /**
     * @param endedMax how many of those that ended are remembered
     */
    ErasureHistory(int endedMax) {
        this.endedMax = endedMax;
    }

    /** Takes what the store has. Once, before anything else. */
    void fill(List<Erasure> all) {
        all.forEach(this::add);
        all.stream()
                .filter(erasure -> erasure.state() != Erasure.State.RUNNING)
                .sorted(Comparator.comparingLong(Erasure::endedMillis))
                .forEach(erasure -> ended.add(Entry.of(erasure)));
    }

    void add(Erasure erasure) {
        youngestFirst.add(Entry.of(erasure));
    }

    Stream<UUID> youngestFirst() {
        return youngestFirst.stream().map(Entry::id);
    }

    /** The one that goes when another ends. */
    Optional<UUID> nextForgotten() {
        return ended.size() < endedMax ? Optional.empty() : Optional.of(ended.getFirst().id());
    }

    /** One has ended, and {@link #nextForgotten} was forgotten. */
    void ended(Erasure erasure) {
        if (ended.size() >= endedMax) {
            youngestFirst.remove(ended.removeFirst());
        }
        ended.addLast(Entry.of(erasure));
    }
}
