package io.leat.broker.share;

import io.leat.broker.share.Standing.Settled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * The records between the first that is not done with and the first that was never delivered.
 * Immutable.
 *
 * <p>Invariants: the runs are neighbours and cover it, no two could be one, the first is not
 * settled. So there are at most twice as many runs as records that are not settled.
 *
 * @param start the first offset, where delivery begins
 * @param end behind the last offset
 */
record Window(long start, long end, List<Run> runs) {
    Window {
        runs = List.copyOf(runs);
    }

    /** An empty window. */
    static Window at(long start) {
        return new Window(start, start, List.of());
    }

    /** How many records are not done with. */
    long unsettled() {
        long count = 0;
        for (Run run : runs) {
            if (!run.settled()) {
                count += run.count();
            }
        }
        return count;
    }

    /** How many records in it are done with. */
    long settled() {
        return end - start - unsettled();
    }

    /**
     * Changes the runs that lie in ranges, cut to them.
     *
     * @param ranges in ascending order, none overlapping
     */
    <R extends Range> Window change(List<R> ranges, BiFunction<Run, R, Run> change) {
        Edit edit = new Edit(start, runs.size() + 2 * ranges.size());
        int next = 0;
        for (Run run : runs) {
            long from = run.first();
            while (next < ranges.size() && ranges.get(next).last() < from) {
                next++;
            }
            while (next < ranges.size() && ranges.get(next).first() <= run.last()) {
                R range = ranges.get(next);
                long first = Math.max(from, range.first());
                long last = Math.min(run.last(), range.last());
                if (from < first) {
                    edit.add(run.cut(from, first - 1));
                }
                edit.add(change.apply(run.cut(first, last), range));
                from = last + 1;
                if (range.last() > run.last()) {
                    break;
                }
                next++;
            }
            if (from <= run.last()) {
                edit.add(run.cut(from, run.last()));
            }
        }
        return edit.window();
    }

    /** Changes every run. */
    Window changeAll(UnaryOperator<Run> change) {
        Edit edit = new Edit(start, runs.size());
        runs.forEach(run -> edit.add(change.apply(run)));
        return edit.window();
    }

    /** This window within a log: what is behind its end is forgotten. */
    Window within(long logEnd) {
        if (end <= logEnd) {
            return this;
        }
        Edit edit = new Edit(Math.min(start, logEnd), runs.size());
        for (Run run : runs) {
            if (run.first() < logEnd) {
                edit.add(run.cut(run.first(), Math.min(run.last(), logEnd - 1)));
            }
        }
        return edit.window();
    }

    void check() {
        long next = start;
        Run before = null;
        for (Run run : runs) {
            boolean sound =
                    run.first() == next && (before == null ? !run.settled() : !before.joins(run));
            if (!sound) {
                throw new IllegalStateException("not a window: " + this);
            }
            next = run.last() + 1;
            before = run;
        }
        if (next != end) {
            throw new IllegalStateException("not a window: " + this);
        }
    }

    /** A window in the making: runs are added in order, from its start on, without gaps. */
    static final class Edit {
        private final List<Run> runs;
        private long start;
        private long end;

        Edit(long start, int runsExpected) {
            this.start = start;
            this.end = start;
            this.runs = new ArrayList<>(runsExpected);
        }

        long end() {
            return end;
        }

        void add(Run run) {
            if (run.first() != end) {
                throw new IllegalStateException(run + " does not follow " + end);
            }
            end = run.last() + 1;
            if (runs.isEmpty() && run.settled()) {
                start = end;
            } else if (!runs.isEmpty() && runs.getLast().joins(run)) {
                Run joined = runs.removeLast();
                runs.add(new Run(joined.first(), run.last(), joined.standing()));
            } else {
                runs.add(run);
            }
        }

        /** Settles what lies between its end and an offset. */
        void skipTo(long offset) {
            if (offset > end) {
                add(new Run(end, offset - 1, Settled.SETTLED));
            }
        }

        Window window() {
            // Settled records at the end stay: they tell where delivery has come to.
            return new Window(start, end, runs);
        }
    }
}
