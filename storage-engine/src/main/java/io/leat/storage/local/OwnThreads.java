package io.leat.storage.local;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A thread per worker, platform threads that force, virtual threads for what goes on aside. */
final class OwnThreads implements Workers {
    @Override
    public Worker worker(String name, BooleanSupplier turn) {
        ParkingThread worker = new ParkingThread(name, turn);
        worker.thread.start();
        return worker;
    }

    @Override
    public Crew forceCrew(int threadsMax) {
        return new GroupCommit(threadsMax);
    }

    @Override
    public void aside(String name, Runnable work) {
        Thread.ofVirtual().name(name).start(work);
    }

    @Override
    public void later(long delayMillis, Runnable wake) {
        CompletableFuture.delayedExecutor(delayMillis, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(wake);
    }

    @Override
    public void await(CompletableFuture<?> done) {
        // Not get: an interrupted caller has to wait too.
        done.handle((value, failure) -> true).join();
    }

    /** Parks while there is nothing to do. */
    private static final class ParkingThread implements Worker {
        private final Thread thread;
        private final BooleanSupplier turn;
        private volatile boolean stopping;

        ParkingThread(String name, BooleanSupplier turn) {
            this.turn = turn;
            this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
        }

        private void run() {
            while (true) {
                // Before the turn: what was handed over before the stop is still done.
                boolean last = stopping;
                if (!turn.getAsBoolean()) {
                    if (last) {
                        return;
                    }
                    // A wake that came during the turn lets this return at once.
                    LockSupport.park(this);
                }
            }
        }

        @Override
        public void wake() {
            LockSupport.unpark(thread);
        }

        @Override
        public void stop() {
            stopping = true;
            LockSupport.unpark(thread);
            Threads.join(thread);
        }
    }
}
