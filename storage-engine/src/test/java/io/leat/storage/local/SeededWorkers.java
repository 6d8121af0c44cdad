package io.leat.storage.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Does all work on the caller's thread, one piece at a time, in an order that a seed decides. */
final class SeededWorkers implements Workers {
    private final Random random;
    private final List<SteppedWorker> workers = new ArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();

    SeededWorkers(Random random) {
        this.random = random;
    }

    /** Does one piece of work; false where there is none. */
    boolean step() {
        List<Runnable> ready = new ArrayList<>(waiting);
        for (SteppedWorker worker : workers) {
            if (worker.awake && !worker.running) {
                ready.add(worker);
            }
        }
        if (ready.isEmpty()) {
            return false;
        }
        Runnable chosen = ready.get(random.nextInt(ready.size()));
        waiting.remove(chosen);
        chosen.run();
        return true;
    }

    /** Works until there is nothing to do. */
    void settle() {
        while (step()) {
            // That was it.
        }
    }

    boolean passTime() {
        List<Runnable> due = List.copyOf(later);
        later.clear();
        due.forEach(Runnable::run);
        return !due.isEmpty();
    }

    private static final class SteppedWorker implements Worker, Runnable {
        private final BooleanSupplier turn;
        private boolean awake = true;
        private boolean running;

        SteppedWorker(BooleanSupplier turn) {
            this.turn = turn;
        }

        @Override
        public void run() {
            awake = false;
            running = true;
            awake |= turn.getAsBoolean();
            running = false;
        }

        @Override
        public void wake() {
            awake = true;
        }

        @Override
        public void stop() {
            while (turn.getAsBoolean()) {
                // It ends once it finds nothing to do.
            }
            awake = false;
        }
    }

    @Override
    public Worker worker(String name, BooleanSupplier turn) {
        SteppedWorker worker = new SteppedWorker(turn);
        workers.add(worker);
        return worker;
    }

    @Override
    public Crew forceCrew(int threadsMax) {
        return new Crew() {
            @Override
            public void submit(Runnable work) {
                // A wrapper, since the same work may be in line twice.
                waiting.add(() -> work.run());
            }

            @Override
            public void stop() {
                settle();
            }
        };
    }

    @Override
    public void aside(String name, Runnable work) {
        waiting.add(() -> work.run());
    }

    @Override
    public void later(long delayMillis, Runnable wake) {
        later.add(wake);
    }

    @Override
    public void await(CompletableFuture<?> done) {
        while (!done.isDone()) {
            if (!step()) {
                throw new AssertionError("nothing to do, and yet somebody waits");
            }
        }
    }
}
