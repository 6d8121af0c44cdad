package io.leat.storage.local;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets what one turn of a lane has written be forced, all its logs at the same time.
 *
 * <p>A force takes the processor for about a tenth of a millisecond however little it forces, so
 * what counts is how many there are. Of logs that only write over bytes which were forced before
 * ({@link ReadyRoom}), however many, the lane has all written out at the same time, and forces one:
 * that empties the drive's cache for all. Of few others, each is likely to be written to again in a
 * moment: the lane forces one of them itself, which saves a hop between threads, and waits for the
 * rest, while more gathers for all of them. Of many others, each is likely to rest for a while: the
 * lane leaves them to the crew.
 *
 * <p>Used by the lanes; any of them, at any time.
 */
final class ForceRound {
    /** What there is to be forced of one log. */
    interface Commit extends Runnable {
        /** Forces it, by itself. */
        @Override
        void run();

        /** Whether it can be written out, and be forced together with others. Lane. */
        default boolean overwrites() {
            return false;
        }

        /**
         * Begins to write it out. Lane.
         *
         * @return false where it is done already, as nothing could be begun
         */
        default boolean begin() {
            throw new UnsupportedOperationException();
        }

        /**
         * Waits until it is written out. Lane.
         *
         * @return false where it is done already, as that failed
         */
        default boolean awaitWritten() {
            throw new UnsupportedOperationException();
        }

        /** Forces it and all that was written out of others. Lane. */
        default void forceAll() throws IOException {
            throw new UnsupportedOperationException();
        }

        /** It was forced, or that failed. Lane. */
        default void end(Optional<Exception> failure) {
            throw new UnsupportedOperationException();
        }
    }

    private final Workers workers;
    private final Workers.Crew crew;
    private final int fewMax;

    /**
     * @param threads how many of the crew force at the same time
     */
    ForceRound(Workers workers, Workers.Crew crew, int threads) {
        this.workers = workers;
        this.crew = crew;
        this.fewMax = Math.max(1, threads / 2);
    }

    /** Runs the commits of logs, each once; some of them perhaps after it has returned. */
    void run(List<? extends Commit> commits) {
        if (commits.size() == 1) {
            commits.getFirst().run();
            return;
        }
        List<Commit> together = new ArrayList<>();
        List<Commit> others = new ArrayList<>();
        for (Commit commit : commits) {
            (commit.overwrites() ? together : others).add(commit);
        }
        if (together.size() == 1) {
            others.addAll(together);
            together.clear();
        }
        if (others.size() > fewMax) {
            others.forEach(crew::submit);
            others.clear();
        }
        runFew(together, others);
    }

    private void runFew(List<Commit> together, List<Commit> others) {
        Share share = new Share(others);
        int helpers = together.isEmpty() ? others.size() - 1 : others.size();
        for (int helper = 0; helper < helpers; helper++) {
            crew.submit(share::take);
        }
        try {
            runTogether(together);
        } finally {
            share.take();
            if (!others.isEmpty()) {
                workers.await(share.done);
            }
        }
    }

    private static void runTogether(List<Commit> commits) {
        commits.removeIf(commit -> !commit.begin());
        commits.removeIf(commit -> !commit.awaitWritten());
        if (commits.isEmpty()) {
            return;
        }
        Optional<Exception> failure = Optional.empty();
        try {
            commits.getLast().forceAll();
        } catch (IOException | RuntimeException e) {
            failure = Optional.of(e);
        }
        for (Commit commit : commits) {
            commit.end(failure);
        }
    }

    /** Commits that several take from: the lane does alone what nobody comes to help with. */
    private static final class Share {
        private final List<Commit> commits;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger left;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Share(List<Commit> commits) {
            this.commits = commits;
            this.left = new AtomicInteger(commits.size());
        }

        /** Takes one after the other, until all are taken. */
        void take() {
            for (int i = next.getAndIncrement(); i < commits.size(); i = next.getAndIncrement()) {
                try {
                    commits.get(i).run();
                } finally {
                    if (left.decrementAndGet() == 0) {
                        done.complete(null);
                    }
                }
            }
        }
    }
}
