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
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the log does for one request, its caller's thread and its own, one after the other: an
 * append, a look-up in an index, a slice for a Fetch. In the folder for temporary files, which
 * should be of the disk in question ({@code -jvmArgsAppend -Djava.io.tmpdir=DIR}).
 *
 * <p>For several appends at once, and for bytes a second, see {@link StorageBenchmark}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class LogBenchmark {
    private static final int BATCH_BYTES = 16 << 10;
    private static final int LOG_BYTES = 256 << 20;

    /** A store in a folder, both of which go with the run. */
    private static final class Store implements AutoCloseable {
        private final Path folder;
        private final DataDirectory data;
        private final LocalLogStore logs;

        // Closed with this.
        @SuppressWarnings("MustBeClosedChecker")
        Store() {
            try {
                folder = Files.createTempDirectory("leat-log-benchmark");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            data = DataDirectory.hold(folder);
            logs = new LocalLogStore(data, LocalStoreSettings.defaults(), StorageObserver.NONE);
        }

        PartitionLog open(LogId id) {
            return logs.open(id, LogConfig.DEFAULT, LogListener.NONE);
        }

        @Override
        public void close() throws IOException {
            logs.close();
            data.close();
            WorkFolders.delete(folder);
        }
    }

    private static ByteBuffer batch(long timestampMillis) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(BATCH_BYTES + 64);
        builder.append(timestampMillis, null, new byte[BATCH_BYTES - 75]);
        ByteBuffer built = builder.build();
        return ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
    }

    private static AppendOutcome append(PartitionLog log, ByteBuffer batch, Durability durability) {
        AppendOutcome outcome = log.append(batch.duplicate(), durability).join();
        if (!(outcome instanceof AppendOutcome.Appended)) {
            throw new IllegalStateException(outcome.toString());
        }
        return outcome;
    }

    /** A log that grows, a new one for each iteration. */
    @State(Scope.Thread)
    public static class Growing {
        /** When an append is done. */
        @Param public Durability durability = Durability.FORCED;

        private final LogId id = new LogId("growing", new UUID(1, 1), 0);
        private final ByteBuffer batch = batch(1);
        private final Store store = new Store();
        private PartitionLog log = store.open(id);

        @TearDown(Level.Iteration)
        public void renew() {
            store.logs.delete(id);
            log = store.open(id);
        }

        @TearDown(Level.Trial)
        public void remove() throws IOException {
            store.close();
        }
    }

    /** A log that is there, in the page cache: {@value #LOG_BYTES} bytes. */
    @State(Scope.Thread)
    public static class Filled {
        private final Store store = new Store();
        private final PartitionLog log = store.open(new LogId("filled", new UUID(1, 2), 0));

        @Setup(Level.Trial)
        public void fill() {
            for (int i = 0; i < LOG_BYTES / BATCH_BYTES; i++) {
                append(log, batch(i), Durability.WRITTEN);
            }
            append(log, batch(LOG_BYTES / BATCH_BYTES), Durability.FORCED);
        }

        @TearDown(Level.Trial)
        public void remove() throws IOException {
            store.close();
        }

        private long anyOffset() {
            return ThreadLocalRandom.current().nextLong(LOG_BYTES / BATCH_BYTES);
        }

        private int slice(int maxBytes) {
            ReadOutcome outcome =
                    log.read(anyOffset(), maxBytes, true, Isolation.READ_UNCOMMITTED).join();
            if (!(outcome instanceof ReadOutcome.Data data)) {
                throw new IllegalStateException(outcome.toString());
            }
            try (LogSlice slice = data.slice()) {
                return slice.sizeBytes();
            }
        }
    }

    /** A batch of 16 KiB. */
    @Benchmark
    public AppendOutcome append(Growing growing) {
        return append(growing.log, growing.batch, growing.durability);
    }

    /** An offset by a timestamp. */
    @Benchmark
    public long lookUpByTime(Filled filled) {
        return filled.log.offsetForTime(filled.anyOffset()).join().orElseThrow().offset();
    }

    /** A slice of one batch, 16 KiB: mostly the look-up of its place. */
    @Benchmark
    public int slice16k(Filled filled) {
        return filled.slice(BATCH_BYTES);
    }

    /** A slice of 64 batches, 1 MiB: mostly the look at the headers. */
    @Benchmark
    public int slice1m(Filled filled) {
        return filled.slice(1 << 20);
    }
}
