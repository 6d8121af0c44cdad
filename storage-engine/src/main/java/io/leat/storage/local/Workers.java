package io.leat.storage.local;

import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Where a store's work is done: on threads of its own ({@link OwnThreads}), or in tests on one
 * thread, in an order that a seed decides. Everything of the store that runs later, or waits, goes
 * through here.
 */
interface Workers {
    /** Does one thing after the other. */
    interface Worker {
        /** Lets the worker look for work once more. Any thread. */
        void wake();

        /** Lets the worker end once it finds nothing to do, and waits for that. */
        void stop();
    }

    /** Several that share one line of work. */
    interface Crew {
        /** Puts work in line. Any thread. */
        void submit(Runnable work);

        /** Lets the crew end once nothing is in line, and waits for that. */
        void stop();
    }

    /**
     * A new worker.
     *
     * @param turn does what there is to do; false where that was nothing. Called now, after each
     *     {@link Worker#wake}, and again as long as there was something; by one thread at a time
     */
    Worker worker(String name, BooleanSupplier turn);

    /**
     * A new crew that forces files.
     *
     * @param threadsMax how many of it work at the same time, at the most
     */
    Crew forceCrew(int threadsMax);

    /** Does something that nobody waits for, and that may block. */
    void aside(String name, Runnable work);

    /**
     * Calls {@code wake} after a while, or some time after. It only hands work over, and must bear
     * to be called when nobody wants it any more.
     */
    void later(long delayMillis, Runnable wake);

    /** Waits for {@code done} to complete, whether normally or not. */
    void await(CompletableFuture<?> done);
}
