package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForceRoundTest {
    private static final int THREADS = 8;

    /** A crew that keeps what it gets until told. */
    private static final class LazyCrew implements Workers.Crew {
        private final List<Runnable> line = new ArrayList<>();

        @Override
        public void submit(Runnable work) {
            line.add(work);
        }

        @Override
        public void stop() {
            line.forEach(Runnable::run);
            line.clear();
        }
    }

    private final LazyCrew crew = new LazyCrew();
    private final ForceRound round =
            new ForceRound(new SeededWorkers(new Random(1)), crew, THREADS);
    private final List<Integer> done = new ArrayList<>();

    private List<ForceRound.Commit> commits(int count) {
        return IntStream.range(0, count)
                .<ForceRound.Commit>mapToObj(i -> () -> done.add(i))
                .toList();
    }

    @Test
    void a_single_log_takes_no_other_thread() {
        round.run(commits(1));
        assertEquals(List.of(0), done);
        assertEquals(List.of(), crew.line);
    }

    @Test
    void nothing_to_force_is_nothing_to_do() {
        round.run(List.of());
        assertEquals(List.of(), crew.line);
    }

    @Test
    void the_lane_does_alone_what_nobody_comes_to_help_with() {
        round.run(commits(THREADS / 2));
        assertEquals(List.of(0, 1, 2, 3), done);
        assertEquals(THREADS / 2 - 1, crew.line.size());
        // Who comes late finds nothing, also when the lane has gone on.
        round.run(commits(1));
        crew.stop();
        assertEquals(List.of(0, 1, 2, 3, 0), done);
    }

    @Test
    void the_lane_waits_for_those_who_help() throws Exception {
        OwnThreads threads = new OwnThreads();
        Workers.Crew helpers = threads.forceCrew(THREADS);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Void> go = new CompletableFuture<>();
        AtomicBoolean over = new AtomicBoolean();
        AtomicBoolean forced = new AtomicBoolean();
        // The first is taken by one of both, who then waits for the other to take the second.
        ForceRound.Commit first =
                () -> {
                    begun.countDown();
                    go.join();
                    forced.set(true);
                };
        Thread lane =
                Thread.ofPlatform()
                        .start(() -> {
                            new ForceRound(threads, helpers, THREADS).run(List.of(first, () -> {}));
                            over.set(forced.get());
                        });
        assertTrue(begun.await(20, TimeUnit.SECONDS));
        assertFalse(over.get());
        assertFalse(lane.join(Duration.ofMillis(20)), "it did not wait");
        go.complete(null);
        lane.join();
        assertTrue(over.get(), "it did not wait");
        helpers.stop();
    }

    @Test
    void one_that_fails_leaves_none_waiting() {
        List<ForceRound.Commit> commits = new ArrayList<>(commits(2));
        commits.add(
                1,
                () -> {
                    throw new IllegalStateException("a bug");
                });
        assertThrows(IllegalStateException.class, () -> round.run(commits));
        crew.stop();
        assertEquals(List.of(0, 1), done);
    }

    @Test
    void many_logs_are_left_to_the_crew() {
        round.run(commits(THREADS / 2 + 1));
        assertEquals(List.of(), done);
        assertEquals(THREADS / 2 + 1, crew.line.size());
        crew.stop();
        assertEquals(List.of(0, 1, 2, 3, 4), done);
    }

    /** Tells what is done to it, and fails where it is told to. */
    private final class Overwriting implements ForceRound.Commit {
        private final int name;
        private final String failsAt;

        Overwriting(int name, String failsAt) {
            this.name = name;
            this.failsAt = failsAt;
        }

        private boolean tell(String what) {
            steps.add(what + " " + name);
            return !what.equals(failsAt);
        }

        @Override
        public void run() {
            tell("run");
        }

        @Override
        public boolean overwrites() {
            return true;
        }

        @Override
        public boolean begin() {
            return tell("begin");
        }

        @Override
        public boolean awaitWritten() {
            return tell("await");
        }

        @Override
        public void forceAll() throws IOException {
            if (!tell("force")) {
                throw new IOException("broken");
            }
        }

        @Override
        public void end(Optional<Exception> failure) {
            tell(failure.map(e -> "failed: " + e.getMessage()).orElse("end"));
        }
    }

    private final List<String> steps = new ArrayList<>();

    @Test
    void logs_that_only_write_over_are_written_out_at_once_and_one_is_forced_for_all() {
        round.run(List.of(new Overwriting(1, ""), new Overwriting(2, ""), new Overwriting(3, "")));
        assertEquals(
                List.of(
                        "begin 1", "begin 2", "begin 3", "await 1", "await 2", "await 3", "force 3",
                        "end 1", "end 2", "end 3"),
                steps);
        assertEquals(List.of(), crew.line);
    }

    @Test
    void many_of_them_are_no_others() {
        List<ForceRound.Commit> commits = new ArrayList<>(commits(THREADS / 2 + 1));
        IntStream.range(0, 2 * THREADS).forEach(i -> commits.add(new Overwriting(i, "")));
        round.run(commits);
        assertEquals(THREADS / 2 + 1, crew.line.size());
        assertEquals(List.of(), done);
        assertEquals(3 * 2 * THREADS + 1, steps.size());
        assertEquals("force " + (2 * THREADS - 1), steps.get(2 * 2 * THREADS));
    }

    @Test
    void the_force_is_never_of_one_that_failed_to_be_written_out() {
        round.run(
                List.of(
                        new Overwriting(1, ""),
                        new Overwriting(2, "begin"),
                        new Overwriting(3, "await")));
        assertEquals(
                List.of("begin 1", "begin 2", "begin 3", "await 1", "await 3", "force 1", "end 1"),
                steps);
        steps.clear();
        round.run(List.of(new Overwriting(1, "await"), new Overwriting(2, "begin")));
        assertEquals(List.of("begin 1", "begin 2", "await 1"), steps);
    }

    @Test
    void a_force_that_fails_has_failed_for_all() {
        round.run(List.of(new Overwriting(1, "force"), new Overwriting(2, "force")));
        assertEquals(
                List.of(
                        "begin 1",
                        "begin 2",
                        "await 1",
                        "await 2",
                        "force 2",
                        "failed: broken 1",
                        "failed: broken 2"),
                steps);
    }

    @Test
    void others_are_forced_by_themselves_beside_them() {
        round.run(
                List.<ForceRound.Commit>of(
                        () -> done.add(0),
                        new Overwriting(1, ""),
                        () -> done.add(2),
                        new Overwriting(3, "")));
        assertEquals(List.of(0, 2), done);
        assertEquals(2, crew.line.size());
        assertEquals("force 3", steps.get(4));
        crew.stop();
        assertEquals(List.of(0, 2), done);
        steps.clear();
        round.run(List.<ForceRound.Commit>of(() -> done.add(4), new Overwriting(1, "")));
        assertEquals(List.of("run 1"), steps);
    }
}
