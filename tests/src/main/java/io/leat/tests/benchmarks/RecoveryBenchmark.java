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
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * How long the storage engine takes from a {@code kill -9} under load to the first durable append,
 * at growing sizes of log: the time is not to grow with them.
 *
 * <p>Usage: {@code RecoveryBenchmark DIR [GiB...]}, an empty directory and rising sizes, which are
 * 1 and 2 unless given. A child process appends idempotent batches of 16 KiB to one log and is
 * killed while it does, {@value #ROUNDS} times at each size.
 */
public final class RecoveryBenchmark {
    private static final int ROUNDS = 3;
    private static final int BATCH_BYTES = 16 << 10;
    private static final int IN_FLIGHT = 64;

    /** Appended by each child at least: more than stands between two checkpoints. */
    private static final long TAIL_BYTES_MIN = 100 << 20;

    private static final LogId ID = new LogId("recovery", new UUID(1, 1), 0);

    private RecoveryBenchmark() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 3 && args[0].equals("fill")) {
            fill(Path.of(args[1]), Long.parseLong(args[2]));
            return;
        }
        if (args.length == 0) {
            System.err.println("usage: RecoveryBenchmark DIR [GiB...]");
            System.exit(2);
        }
        long[] sizes =
                args.length > 1
                        ? Arrays.stream(args).skip(1).mapToLong(Long::parseLong).toArray()
                        : new long[] {1, 2};
        System.out.println(" log GiB   segments   ms to open   ms to first durable append");
        for (long size : sizes) {
            for (int round = 0; round < ROUNDS; round++) {
                killWhileFilling(Path.of(args[0]), size << 30);
                recover(Path.of(args[0]));
            }
        }
    }

    private static void killWhileFilling(Path directory, long sizeBytes) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(RecoveryBenchmark.class.getName(), "fill", directory.toString()));
        command.add(Long.toString(sizeBytes));
        Process child =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        // It says one line once the log has its size, and goes on appending.
        if (child.getInputStream().read() < 0) {
            throw new IOException("the child process ended too early");
        }
        child.destroyForcibly().waitFor();
    }

    private static LocalLogStore open(DataDirectory data) {
        return new LocalLogStore(data, LocalStoreSettings.defaults(), StorageObserver.NONE);
    }

    private static void recover(Path directory) {
        long started = System.nanoTime();
        try (DataDirectory data = DataDirectory.hold(directory);
                LocalLogStore store = open(data)) {
            PartitionLog log = store.open(ID, LogConfig.DEFAULT, LogListener.NONE);
            long opened = System.nanoTime();
            append(log, batch(-1), Durability.FORCED).join();
            long appended = System.nanoTime();
            System.out.printf(
                    "%8.2f %10d %12.1f %28.1f%n",
                    log.details().sizeBytes() / (double) (1 << 30),
                    log.details().segmentCount(),
                    (opened - started) / 1e6,
                    (appended - started) / 1e6);
        }
    }

    private static void fill(Path directory, long sizeBytes) {
        try (DataDirectory data = DataDirectory.hold(directory);
                LocalLogStore store = open(data)) {
            PartitionLog log = store.open(ID, LogConfig.DEFAULT, LogListener.NONE);
            ArrayDeque<CompletableFuture<Void>> inFlight = new ArrayDeque<>();
            long left = Math.max(sizeBytes - log.details().sizeBytes(), TAIL_BYTES_MIN);
            int sequence = 0;
            // Until it is killed.
            while (true) {
                inFlight.add(append(log, batch(sequence++), Durability.WRITTEN));
                if (inFlight.size() >= IN_FLIGHT) {
                    inFlight.remove().join();
                }
                left -= BATCH_BYTES;
                if (left < 0 && left >= -BATCH_BYTES) {
                    System.out.println();
                }
            }
        }
    }

    private static CompletableFuture<Void> append(
            PartitionLog log, ByteBuffer batch, Durability durability) {
        return log.append(batch, durability)
                .thenAccept(outcome -> {
                    if (!(outcome instanceof AppendOutcome.Appended)) {
                        throw new IllegalStateException(outcome.toString());
                    }
                });
    }

    /** A batch of a producer; without one where the sequence is negative. */
    private static ByteBuffer batch(int sequence) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(BATCH_BYTES + 256);
        if (sequence >= 0) {
            // Every process is another producer.
            builder.producer(ProcessHandle.current().pid(), (short) 0, sequence);
        }
        builder.append(System.currentTimeMillis(), null, new byte[BATCH_BYTES - 100]);
        return builder.build();
    }
}
