package io.leat.cli.bench;

import io.leat.client.Producer;
import io.leat.client.ProducerOptions;
import io.leat.client.ProducerRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Producers, each on a thread of its own, that send a load. */
final class Senders {
    private static final Duration STEP = Duration.ofMillis(100);

    private final Load load;
    private final ProducerOptions options;
    private final long run;
    private final Latencies acks = new Latencies();
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile @Nullable Throwable failure;

    // Of the measured part; written before the threads end.
    private volatile long firstDueNanos = Long.MAX_VALUE;
    private volatile long endNanos;

    /**
     * @param run marks the values of this run
     */
    Senders(Load load, ProducerOptions options, long run) {
        this.load = load;
        this.options = options;
        this.run = run;
    }

    /**
     * Sends everything and returns when it is acknowledged.
     *
     * @param step called again and again meanwhile; what it throws ends the sending
     */
    void run(Runnable step) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        long begin = System.nanoTime();
        for (int number = 0; number < load.producers(); number++) {
            Load.Share share = load.share(number);
            byte[] filling = load.filling(number);
            threads.add(
                    Thread.ofPlatform()
                            .name("leat-bench-" + number)
                            .start(() -> send(share, filling, begin)));
        }
        try {
            for (Thread thread : threads) {
                while (!thread.join(STEP)) {
                    step.run();
                }
            }
        } catch (RuntimeException e) {
            failure = e;
            // Nothing is to be on the way any more: it could make a topic that is deleted now anew.
            for (Thread thread : threads) {
                thread.join();
            }
            throw e;
        }
        endNanos = System.nanoTime();
        step.run();
        Throwable failed = failure;
        if (failed != null) {
            throw failed instanceof RuntimeException known
                    ? known
                    : new CompletionException(failed);
        }
    }

    /** How many records the broker has acknowledged, with those of the warming up. */
    long acknowledged() {
        return acknowledged.get();
    }

    boolean failed() {
        return failure != null;
    }

    /** From when a measured record was due to when it was acknowledged. */
    Latencies acks() {
        return acks;
    }

    /** How long the measured part took. */
    double seconds() {
        return (endNanos - firstDueNanos) / 1e9;
    }

    private void send(Load.Share share, byte[] filling, long begin) {
        double nanosBetween = load.perSecond() > 0 ? 1e9 * load.producers() / load.perSecond() : 0;
        try (Producer<byte[], byte[]> producer = Producer.connect(options)) {
            for (long i = 0; i < share.total() && failure == null; i++) {
                long due =
                        nanosBetween > 0
                                ? awaitDue(begin + (long) (i * nanosBetween))
                                : System.nanoTime();
                boolean measured = i >= share.warmUp();
                if (i == share.warmUp()) {
                    began(due);
                }
                byte[] value = load.value(run, measured, due, filling);
                var _ =
                        producer.send(ProducerRecord.of(load.topic(), null, value))
                                .whenComplete((sent, error) -> answered(due, measured, error));
            }
            producer.flush();
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private synchronized void began(long due) {
        firstDueNanos = Math.min(firstDueNanos, due);
    }

    private void answered(long due, boolean measured, @Nullable Throwable error) {
        if (error != null) {
            failure =
                    error instanceof CompletionException e && e.getCause() != null
                            ? e.getCause()
                            : error;
            return;
        }
        acknowledged.incrementAndGet();
        if (measured) {
            acks.sinceNanos(due);
        }
    }

    /** Waits for its time to come, or for the end of all. */
    private long awaitDue(long due) {
        long early = due - System.nanoTime();
        while (early > 0 && failure == null) {
            LockSupport.parkNanos(Math.min(early, STEP.toNanos()));
            early = due - System.nanoTime();
        }
        return due;
    }
}
