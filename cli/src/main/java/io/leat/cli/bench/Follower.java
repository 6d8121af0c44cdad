package io.leat.cli.bench;

import io.leat.client.Consumer;
import io.leat.client.ConsumerOptions;
import io.leat.client.ConsumerRecord;
import io.leat.client.TopicPartition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One consumer that reads the records of a run, of all partitions, on a thread of its own. */
final class Follower implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Load load;
    private final ConsumerOptions options;
    private final long run;
    private final Latencies ends = new Latencies();
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Thread thread;
    private final AtomicLong seen = new AtomicLong();
    private volatile boolean closed;
    private volatile @Nullable RuntimeException failure;

    private Follower(Load load, ConsumerOptions options, long run) {
        this.load = load;
        this.options = options;
        this.run = run;
        this.thread = Thread.ofPlatform().name("leat-bench-follower").unstarted(this::read);
    }

    /** Starts to read from the end, and returns when it does. */
    static Follower start(Load load, ConsumerOptions options, long run)
            throws InterruptedException {
        Follower follower = new Follower(load, options, run);
        follower.thread.start();
        follower.ready.await();
        return follower;
    }

    /**
     * Waits until all of the run is read; false when nothing more came for {@code stalled}.
     *
     * @param step called again and again meanwhile; what it throws ends the waiting
     */
    boolean awaitAll(Duration stalled, Runnable step) throws InterruptedException {
        long before = -1;
        long since = System.nanoTime();
        while (thread.isAlive() && seen.get() < load.total()) {
            step.run();
            if (seen.get() != before) {
                before = seen.get();
                since = System.nanoTime();
            } else if (System.nanoTime() - since > stalled.toNanos()) {
                return false;
            }
            var _ = thread.join(POLL);
        }
        RuntimeException failed = failure;
        if (failed != null) {
            throw failed;
        }
        return seen.get() >= load.total();
    }

    /** From when a measured record was due to when it was read. */
    Latencies ends() {
        return ends;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (Consumer<byte[], byte[]> consumer = Consumer.connect(options)) {
            List<TopicPartition> all = consumer.partitions(load.topic());
            consumer.assign(all);
            consumer.seekToEnd(all);
            for (TopicPartition each : all) {
                var _ = consumer.position(each);
            }
            ready.countDown();
            while (!closed && seen.get() < load.total()) {
                long fresh = 0;
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
                    fresh += look(each.value());
                }
                seen.addAndGet(fresh);
            }
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            ready.countDown();
        }
    }

    /** 1 for a record of this run, 0 for another's. */
    private int look(byte @Nullable [] value) {
        if (value == null || value.length < Load.STAMP_BYTES) {
            return 0;
        }
        ByteBuffer stamp = ByteBuffer.wrap(value);
        if (stamp.getLong() != run) {
            return 0;
        }
        boolean measured = stamp.getLong() == 1;
        if (measured) {
            ends.sinceNanos(stamp.getLong());
        }
        return 1;
    }
}
