package io.leat.storage.local;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets what one turn of a lane has written be forced, all its logs at the same time.
 *
 * <p>A force takes the processor for about a tenth of a millisecond however little it forces, so
 * what counts is how many there are. Of few logs, each is likely to be written to again in a
 * moment: the lane forces one of them itself, which saves a hop between threads, and waits for the
 * others, while more gathers for all of them. Of many logs, each is likely to rest for a while: the
 * lane leaves them to the crew and goes on.
 *
 * <p>Used by the lanes; any of them, at any time.
 */
final class ForceRound {
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
    void run(List<Runnable> commits) {
        if (commits.size() > fewMax) {
            commits.forEach(crew::submit);
        } else if (commits.size() == 1) {
            commits.getFirst().run();
        } else if (!commits.isEmpty()) {
            Share share = new Share(List.copyOf(commits));
            for (int helper = 1; helper < commits.size(); helper++) {
                crew.submit(share::take);
            }
            share.take();
            workers.await(share.done);
        }
    }

    /** Commits that several take from: the lane does alone what nobody comes to help with. */
    private static final class Share {
        private final List<Runnable> commits;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger left;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Share(List<Runnable> commits) {
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
