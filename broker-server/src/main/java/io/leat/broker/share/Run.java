package io.leat.broker.share;

import io.leat.broker.share.Standing.Archiving;

/** Neighbouring records that stand alike. */
record Run(long first, long last, Standing standing) implements Range {
    Run {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("no run: %d to %d".formatted(first, last));
        }
    }

    /** The part of it between these offsets, both included. */
    Run cut(long from, long to) {
        if (from == first && to == last) {
            return this;
        }
        Standing part =
                standing instanceof Archiving(int deliveries, DeathCause cause, long sequence)
                        ? new Archiving(deliveries, cause, sequence + from - first)
                        : standing;
        return new Run(from, to, part);
    }

    Run with(Standing next) {
        return new Run(first, last, next);
    }

    /** Whether the two are one. */
    boolean joins(Run next) {
        if (next.first != last + 1) {
            return false;
        }
        return standing instanceof Archiving(int deliveries, DeathCause cause, long sequence)
                ? next.standing.equals(new Archiving(deliveries, cause, sequence + count()))
                : standing.equals(next.standing);
    }

    boolean settled() {
        return standing instanceof Standing.Settled;
    }
}
