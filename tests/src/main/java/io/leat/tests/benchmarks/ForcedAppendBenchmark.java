package io.leat.tests.benchmarks;

import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.Durability;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.StorageObserver;
import io.leat.storage.local.DataDirectory;
import io.leat.storage.local.LocalLogStore;
import io.leat.storage.local.LocalStoreSettings;
import io.leat.wire.record.RecordBatchBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/**
 * Appends that are answered after the force (acks=all) on the storage engine alone, at several
 * numbers of active partitions, beside the device's own figure for forces.
 *
 * <p>Usage: {@code ForcedAppendBenchmark DIR [seconds [batchBytes [outstanding [partitions...]]]]}.
 * Closed loop: two threads stand for a server's event loops and keep so many appends outstanding.
 */
public final class ForcedAppendBenchmark {
    private static final int DRIVERS = 2;

    private final Path directory;
    private final int seconds;
    private final int batchBytes;
    private final int outstanding;

    private ForcedAppendBenchmark(Path directory, int seconds, int batchBytes, int outstanding) {
        this.directory = directory;
        this.seconds = seconds;
        this.batchBytes = batchBytes;
        this.outstanding = outstanding;
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            System.err.println(
                    "usage: ForcedAppendBenchmark DIR"
                            + " [seconds [batchBytes [outstanding [partitions...]]]]");
            System.exit(2);
        }
        int[] numbers = Arrays.stream(args).skip(1).mapToInt(Integer::parseInt).toArray();
        ForcedAppendBenchmark benchmark =
                new ForcedAppendBenchmark(
                        Path.of(args[0]),
                        numbers.length > 0 ? numbers[0] : 5,
                        numbers.length > 1 ? numbers[1] : 1024,
                        numbers.length > 2 ? numbers[2] : 64);
        int[] partitions =
                numbers.length > 3
                        ? Arrays.copyOfRange(numbers, 3, numbers.length)
                        : new int[] {1, 6, 100};
        benchmark.forceDevice();
        System.out.println(
                "partitions  appends/s    MB/s  forces/s  appends/force   p50 ms   p99 ms");
        for (int count : partitions) {
            benchmark.append(count);
        }
    }

    /** How fast the device forces appends to one file. */
    private void forceDevice() throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("device");
        Histogram latency = new Histogram(3);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocateDirect(batchBytes);
            long end = System.nanoTime() + 1_000_000_000L;
            while (System.nanoTime() < end) {
                channel.write(block.clear());
                long started = System.nanoTime();
                channel.force(false);
                latency.recordValue(System.nanoTime() - started);
            }
        }
        Files.delete(file);
        System.out.printf(
                "device: %d forces/s, p50 %.3f ms, p99 %.3f ms%n",
                latency.getTotalCount(),
                latency.getValueAtPercentile(50) / 1e6,
                latency.getValueAtPercentile(99) / 1e6);
    }

    private void append(int partitions) throws InterruptedException {
        LongAdder forces = new LongAdder();
        StorageObserver observer =
                new StorageObserver() {
                    @Override
                    public void forced(long nanos, int appends) {
                        forces.increment();
                    }

                    @Override
                    public void written(long nanos, int bytes) {}
                };
        try (DataDirectory data = DataDirectory.hold(directory.resolve("data-" + partitions));
                LocalLogStore store =
                        new LocalLogStore(data, LocalStoreSettings.defaults(), observer)) {
            List<PartitionLog> logs = new ArrayList<>();
            UUID topicId = UUID.randomUUID();
            for (int i = 0; i < partitions; i++) {
                LogId id = new LogId("benchmark", topicId, i);
                logs.add(store.open(id, LogConfig.DEFAULT, LogListener.NONE));
            }
            List<Driver> drivers = new ArrayList<>();
            for (int i = 0; i < DRIVERS; i++) {
                Driver driver = new Driver(logs, outstanding / DRIVERS, i);
                driver.start();
                drivers.add(driver);
            }
            for (Driver driver : drivers) {
                driver.warm.join();
            }
            long forcesBefore = forces.sum();
            Histogram latency = new Histogram(3);
            for (Driver driver : drivers) {
                driver.join();
                latency.add(driver.latency);
            }
            double rate = (double) latency.getTotalCount() / seconds;
            double forceRate = (double) (forces.sum() - forcesBefore) / seconds;
            System.out.printf(
                    "%10d %10.0f %7.1f %9.0f %14.1f %8.3f %8.3f%n",
                    partitions,
                    rate,
                    rate * batchBytes / 1e6,
                    forceRate,
                    rate / forceRate,
                    latency.getValueAtPercentile(50) / 1e6,
                    latency.getValueAtPercentile(99) / 1e6);
        }
    }

    /** Keeps appends outstanding, as an event loop with that many connections would. */
    private final class Driver extends Thread {
        private final List<PartitionLog> logs;
        private final int window;
        private final Histogram latency = new Histogram(3);
        private final LinkedBlockingQueue<Slot> answered = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> warm = new CompletableFuture<>();
        private int next;

        Driver(List<PartitionLog> logs, int window, int first) {
            this.logs = logs;
            this.window = window;
            this.next = first;
        }

        private final class Slot {
            private final ByteBuffer batch = ByteBuffer.allocateDirect(batchBytes + 128);
            private long started;

            Slot() {
                RecordBatchBuilder builder = RecordBatchBuilder.growable(batchBytes + 128);
                builder.append(System.currentTimeMillis(), null, new byte[batchBytes - 80]);
                batch.put(builder.build()).flip();
            }

            void send() {
                started = System.nanoTime();
                PartitionLog log = logs.get(next % logs.size());
                next += DRIVERS;
                var _ = log.append(batch, Durability.FORCED).thenAccept(this::receive);
            }

            private void receive(AppendOutcome outcome) {
                if (!(outcome instanceof AppendOutcome.Appended)) {
                    throw new IllegalStateException(outcome.toString());
                }
                answered.add(this);
            }
        }

        @Override
        public void run() {
            for (int i = 0; i < window; i++) {
                new Slot().send();
            }
            long warmEnd = System.nanoTime() + 2_000_000_000L;
            long end = warmEnd + seconds * 1_000_000_000L;
            int left = window;
            try {
                while (left > 0) {
                    Slot slot = answered.take();
                    long now = System.nanoTime();
                    if (now >= warmEnd) {
                        warm.complete(null);
                        if (now < end) {
                            latency.recordValue(now - slot.started);
                        }
                    }
                    if (now < end) {
                        slot.send();
                    } else {
                        left--;
                    }
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
