package io.leat.tests.benchmarks;

import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.Durability;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.LogSlice;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ReadOutcome;
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
import java.util.ArrayDeque;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the storage engine does with one log: durable appends and reads of batches from 100 bytes to
 * 1 MiB, look-ups by offset and by time, and forces a second beside what the disk itself gives in
 * the same run.
 *
 * <p>Usage: {@code StorageBenchmark DIR [SECONDS]}, an empty directory, and 2 seconds for each
 * figure unless given.
 */
public final class StorageBenchmark {
    private static final int[] BATCH_BYTES = {100, 1 << 10, 10 << 10, 100 << 10, 1 << 20};
    private static final int IN_FLIGHT = 64;
    private static final int IN_FLIGHT_BYTES = 16 << 20;
    private static final int READ_BYTES = 1 << 20;

    private final PartitionLog log;
    private final long nanos;
    private final Random random = new Random(1);

    /** What was read goes here, so that the compiler cannot leave the reading out. */
    private final LongAdder sink = new LongAdder();

    private StorageBenchmark(PartitionLog log, long nanos) {
        this.log = log;
        this.nanos = nanos;
    }

    public static void main(String[] args) throws IOException {
        Path directory = Files.createDirectories(Path.of(args[0]));
        long nanos = (args.length > 1 ? Long.parseLong(args[1]) : 2) * 1_000_000_000;
        System.out.println(
                "batch bytes   appends/s     MB/s | batches read/s     MB/s | us by offset | us by"
                        + " time");
        try (DataDirectory data = DataDirectory.hold(directory.resolve("data"));
                LocalLogStore store =
                        new LocalLogStore(
                                data, LocalStoreSettings.defaults(), StorageObserver.NONE)) {
            for (int bytes : BATCH_BYTES) {
                LogId id = new LogId("b" + bytes, new UUID(1, bytes), 0);
                new StorageBenchmark(store.open(id, LogConfig.DEFAULT, LogListener.NONE), nanos)
                        .run(bytes);
                store.delete(id);
            }
            LogId id = new LogId("forces", new UUID(1, 1), 0);
            PartitionLog log = store.open(id, LogConfig.DEFAULT, LogListener.NONE);
            // In turns, so that whatever else the disk has to do is fair to both.
            for (int round = 0; round < 3; round++) {
                System.out.printf(
                        "forces a second: the disk itself %,.0f, one append after the other"
                                + " %,.0f%n",
                        rawForces(directory.resolve("raw"), nanos),
                        new StorageBenchmark(log, nanos).forces());
            }
        }
    }

    private void run(int bytes) {
        long started = System.nanoTime();
        ArrayDeque<CompletableFuture<AppendOutcome>> inFlight = new ArrayDeque<>();
        int depth = Math.clamp(IN_FLIGHT_BYTES / bytes, 1, IN_FLIGHT);
        long appends = 0;
        while (System.nanoTime() - started < nanos) {
            inFlight.add(log.append(batch(bytes, appends), Durability.FORCED));
            appends++;
            if (inFlight.size() >= depth) {
                require(inFlight.remove().join());
            }
        }
        inFlight.forEach(one -> require(one.join()));
        double appendSeconds = (System.nanoTime() - started) / 1e9;
        long batches = appends;
        double readSeconds = readAll();
        double offsetMicros = micros(() -> read(random.nextLong(batches), 1, true));
        double timeMicros =
                micros(() ->
                        log.offsetForTime(random.nextLong(batches)).join().orElseThrow().offset());
        System.out.printf(
                "%11d %,11.0f %,8.0f | %,14.0f %,8.0f | %12.2f | %10.2f%n",
                bytes,
                batches / appendSeconds,
                batches * (double) bytes / appendSeconds / 1e6,
                batches / readSeconds,
                batches * (double) bytes / readSeconds / 1e6,
                offsetMicros,
                timeMicros);
    }

    private static ByteBuffer batch(int bytes, long timestampMillis) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(bytes + 64);
        builder.append(timestampMillis, null, new byte[Math.max(1, bytes - 75)]);
        return builder.build();
    }

    private static void require(AppendOutcome outcome) {
        if (!(outcome instanceof AppendOutcome.Appended)) {
            throw new IllegalStateException(outcome.toString());
        }
    }

    /** Reads as consumers do, and touches every page. */
    private double readAll() {
        long started = System.nanoTime();
        long next = log.bounds().logStart();
        while (next < log.bounds().durableEnd()) {
            next = read(next, READ_BYTES, true);
        }
        return (System.nanoTime() - started) / 1e9;
    }

    /** The offset behind the last whole batch that was read. */
    private long read(long offset, int maxBytes, boolean whole) {
        ReadOutcome outcome = log.read(offset, maxBytes, whole, Isolation.READ_UNCOMMITTED).join();
        if (!(outcome instanceof ReadOutcome.Data data)) {
            throw new IllegalStateException(outcome.toString());
        }
        try (LogSlice slice = data.slice()) {
            ByteBuffer bytes = slice.bytes();
            for (int at = 0; at < bytes.limit(); at += 4096) {
                sink.add(bytes.get(at));
            }
            long next = offset;
            int at = 0;
            // Every batch has one record here; the last one may be cut off.
            while (at + 12 <= bytes.limit() && at + 12 + bytes.getInt(at + 8) <= bytes.limit()) {
                next = bytes.getLong(at) + 1;
                at += 12 + bytes.getInt(at + 8);
            }
            return next;
        }
    }

    private interface Look {
        long up();
    }

    private double micros(Look look) {
        long started = System.nanoTime();
        long count = 0;
        while (System.nanoTime() - started < nanos / 2) {
            sink.add(look.up());
            count++;
        }
        return (System.nanoTime() - started) / 1e3 / count;
    }

    private double forces() {
        long started = System.nanoTime();
        long count = 0;
        while (System.nanoTime() - started < nanos) {
            require(log.append(batch(1 << 10, count++), Durability.FORCED).join());
        }
        return count * 1e9 / (System.nanoTime() - started);
    }

    private static double rawForces(Path file, long nanos) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 10);
            long started = System.nanoTime();
            long count = 0;
            while (System.nanoTime() - started < nanos) {
                int written = channel.write(bytes.clear(), count * bytes.capacity());
                if (written < bytes.capacity()) {
                    throw new IOException("a short write");
                }
                channel.force(false);
                count++;
            }
            return count * 1e9 / (System.nanoTime() - started);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
