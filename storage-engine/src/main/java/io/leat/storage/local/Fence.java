package io.leat.storage.local;

import io.leat.storage.api.Damage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The parts of one log that are known to be damaged. Immutable.
 *
 * @param damages by offset, none reaching into the next
 */
record Fence(List<Damage> damages) {
    static final Fence NONE = new Fence(List.of());

    /** More are kept as one, up to the last: such a log is beyond reading piece by piece. */
    private static final int DAMAGES_MAX = 1_000;

    Fence {
        damages = List.copyOf(damages);
    }

    /** The damage at an offset. */
    Optional<Damage> at(long offset) {
        for (Damage damage : damages) {
            if (damage.holds(offset)) {
                return Optional.of(damage);
            }
        }
        return Optional.empty();
    }

    /** Where reads from {@code offset} on, which is not damaged, end: {@code end} at most. */
    long endFrom(long offset, long end) {
        for (Damage damage : damages) {
            if (damage.fromOffset() >= offset) {
                return Math.min(end, damage.fromOffset());
            }
        }
        return end;
    }

    /** Whether any offset from {@code from} on and before {@code end} is damaged. */
    Optional<Damage> within(long from, long end) {
        return damages.stream()
                .filter(damage -> damage.fromOffset() < end && damage.endOffset() > from)
                .findFirst();
    }

    /** The same with one more; the very same where nothing is new. */
    Fence with(Damage more) {
        List<Damage> merged = new ArrayList<>();
        Damage wide = more;
        for (Damage known : damages) {
            if (known.fromOffset() <= more.fromOffset() && known.endOffset() >= more.endOffset()) {
                return this;
            }
            if (known.fromOffset() < more.endOffset() && more.fromOffset() < known.endOffset()) {
                wide = union(wide, known);
            } else {
                merged.add(known);
            }
        }
        merged.add(wide);
        merged.sort(Comparator.comparingLong(Damage::fromOffset));
        if (merged.size() > DAMAGES_MAX) {
            Damage last = merged.removeLast();
            merged.add(union(merged.removeLast(), last));
        }
        return new Fence(merged);
    }

    private static Damage union(Damage one, Damage other) {
        return new Damage(
                Math.min(one.fromOffset(), other.fromOffset()),
                Math.max(one.endOffset(), other.endOffset()),
                one.place(),
                one.cause());
    }

    /** The same without what lies before the log's start. */
    Fence from(long logStart) {
        boolean all = damages.stream().allMatch(damage -> damage.endOffset() > logStart);
        return all
                ? this
                : new Fence(
                        damages.stream().filter(damage -> damage.endOffset() > logStart).toList());
    }
}
