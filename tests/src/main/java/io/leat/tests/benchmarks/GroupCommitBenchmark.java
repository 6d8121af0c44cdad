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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Ways to make appends to many partitions durable, one after the other in the same run, several
 * times in turn: the engine, which forces each dirty segment; one journal for all, forced once a
 * round and drained into the segments; and one {@code syncfs} a round. The last two are prototypes
 * without indexes, checks or recovery, so their figures are what such designs could reach at best.
 *
 * <p>Usage: {@code GroupCommitBenchmark DIR [seconds [turns [outstanding [partitions...]]]]}.
 * Closed loop, batches of 1 KiB: two threads keep so many appends outstanding.
 */
public final class GroupCommitBenchmark {
    private static final int DRIVERS = 2;
    private static final int BATCH_BYTES = 1024;
    private static final long WARM_NANOS = 1_000_000_000L;

    /** Who is measured. */
    private enum Design {
        SEGMENTS,
        JOURNAL,
        SYNCFS
    }

    /** Takes appends. */
    interface Target extends AutoCloseable {
        CompletableFuture<?> append(int partition, ByteBuffer batch);

        @Override
        void close() throws IOException;
    }

    private record Result(double appendsPerSecond, double p50Millis, double p99Millis) {}

    private final Path directory;
    private final int seconds;
    private final int outstanding;

    private GroupCommitBenchmark(Path directory, int seconds, int outstanding) {
        this.directory = directory;
        this.seconds = seconds;
        this.outstanding = outstanding;
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            System.err.println(
                    "usage: GroupCommitBenchmark DIR"
                            + " [seconds [turns [outstanding [partitions...]]]]");
            System.exit(2);
        }
        int[] numbers = Arrays.stream(args).skip(1).mapToInt(Integer::parseInt).toArray();
        GroupCommitBenchmark benchmark =
                new GroupCommitBenchmark(
                        Path.of(args[0]),
                        numbers.length > 0 ? numbers[0] : 3,
                        numbers.length > 2 ? numbers[2] : 64);
        int turns = numbers.length > 1 ? numbers[1] : 3;
        int[] partitions =
                numbers.length > 3
                        ? Arrays.copyOfRange(numbers, 3, numbers.length)
                        : new int[] {1, 6, 100, 1000};
        System.out.println("partitions  design    appends/s    p50 ms    p99 ms   (medians)");
        for (int count : partitions) {
            benchmark.compare(count, turns);
        }
    }

    private void compare(int partitions, int turns) throws Exception {
        Map<Design, List<Result>> results = new EnumMap<>(Design.class);
        for (int turn = 0; turn < turns; turn++) {
            for (Design design : Design.values()) {
                results.computeIfAbsent(design, d -> new ArrayList<>())
                        .add(measure(design, partitions));
            }
        }
        results.forEach((design, all) ->
                System.out.printf(
                        "%10d  %-8s %10.0f %9.3f %9.3f%n",
                        partitions,
                        design,
                        median(all.stream().map(Result::appendsPerSecond)),
                        median(all.stream().map(Result::p50Millis)),
                        median(all.stream().map(Result::p99Millis))));
    }

    private static double median(Stream<Double> values) {
        List<Double> sorted = values.sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private Result measure(Design design, int partitions) throws Exception {
        Path root = directory.resolve(design.name());
        Files.createDirectories(root);
        try (Target target =
                switch (design) {
                    case SEGMENTS -> new Engine(root, partitions);
                    case JOURNAL -> RoundsPrototype.journal(root, partitions);
                    case SYNCFS -> RoundsPrototype.syncfs(root, partitions);
                }) {
            List<Driver> drivers = new ArrayList<>();
            for (int i = 0; i < DRIVERS; i++) {
                Driver driver = new Driver(target, partitions, outstanding / DRIVERS, i);
                driver.start();
                drivers.add(driver);
            }
            Histogram latency = new Histogram(3);
            for (Driver driver : drivers) {
                driver.join();
                latency.add(driver.latency);
            }
            return new Result(
                    (double) latency.getTotalCount() / seconds,
                    latency.getValueAtPercentile(50) / 1e6,
                    latency.getValueAtPercentile(99) / 1e6);
        } finally {
            WorkFolders.delete(root);
        }
    }

    /** The storage engine as it is. */
    private static final class Engine implements Target {
        private final DataDirectory data;
        private final LocalLogStore store;
        private final List<PartitionLog> logs = new ArrayList<>();

        // Closed with this.
        @SuppressWarnings("MustBeClosedChecker")
        Engine(Path root, int partitions) {
            data = DataDirectory.hold(root);
            store = new LocalLogStore(data, LocalStoreSettings.defaults(), StorageObserver.NONE);
            UUID topicId = UUID.randomUUID();
            for (int i = 0; i < partitions; i++) {
                LogId id = new LogId("benchmark", topicId, i);
                logs.add(store.open(id, LogConfig.DEFAULT, LogListener.NONE));
            }
        }

        @Override
        public CompletableFuture<?> append(int partition, ByteBuffer batch) {
            return logs.get(partition)
                    .append(batch, Durability.FORCED)
                    .thenAccept(outcome -> {
                        if (!(outcome instanceof AppendOutcome.Appended)) {
                            throw new IllegalStateException(outcome.toString());
                        }
                    });
        }

        @Override
        public void close() {
            store.close();
            data.close();
        }
    }

    /** Keeps appends outstanding, as an event loop with that many connections would. */
    private final class Driver extends Thread {
        private final Target target;
        private final int partitions;
        private final int window;
        private final Histogram latency = new Histogram(3);
        private final LinkedBlockingQueue<Slot> answered = new LinkedBlockingQueue<>();
        private int next;

        Driver(Target target, int partitions, int window, int first) {
            this.target = target;
            this.partitions = partitions;
            this.window = window;
            this.next = first;
        }

        private final class Slot {
            private final ByteBuffer batch = ByteBuffer.allocateDirect(BATCH_BYTES + 128);
            private long started;

            Slot() {
                RecordBatchBuilder builder = RecordBatchBuilder.growable(BATCH_BYTES + 128);
                builder.append(System.currentTimeMillis(), null, new byte[BATCH_BYTES - 80]);
                batch.put(builder.build()).flip();
            }

            void send() {
                started = System.nanoTime();
                int partition = next % partitions;
                next += DRIVERS;
                var _ =
                        target.append(partition, batch)
                                .whenComplete((done, failure) -> answered.add(this));
            }
        }

        @Override
        public void run() {
            for (int i = 0; i < window; i++) {
                new Slot().send();
            }
            long warmEnd = System.nanoTime() + WARM_NANOS;
            long end = warmEnd + seconds * 1_000_000_000L;
            int left = window;
            try {
                while (left > 0) {
                    Slot slot = answered.take();
                    long now = System.nanoTime();
                    if (now >= warmEnd && now < end) {
                        latency.recordValue(now - slot.started);
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
