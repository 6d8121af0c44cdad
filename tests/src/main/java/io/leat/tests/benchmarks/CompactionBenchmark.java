package io.leat.tests.benchmarks;

import io.leat.compaction.cleaning.CleanPoint;
import io.leat.compaction.cleaning.CleaningPolicy;
import io.leat.compaction.cleaning.CleaningReport;
import io.leat.compaction.cleaning.Dirt;
import io.leat.compaction.cleaning.LogCleaning;
import io.leat.compaction.segment.Supervisor;
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
import io.leat.wire.record.Compression;
import io.leat.wire.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * How many MB a second one thread compacts: a log of random keys, written in batches of 100
 * records, is cleaned once, then cleaned again when nothing is left to do.
 *
 * <p>Usage: {@code CompactionBenchmark DIR [MiB [VALUE-BYTES]]}, an empty directory. The log has
 * 1024 MiB unless told otherwise, in segments of 64 MiB, and values of 200 bytes; each key comes
 * five times. It is done without compression, and with LZ4 and Zstandard.
 */
public final class CompactionBenchmark {
    private static final int RECORDS_A_BATCH = 100;
    private static final int IN_FLIGHT = 64;
    private static final int VERSIONS = 5;
    private static final LogConfig CONFIG =
            new LogConfig(
                    64 << 20, Long.MAX_VALUE, 4096, 10 << 20, LogConfig.TimestampType.CREATE_TIME);
    private static final CleaningPolicy POLICY =
            new CleaningPolicy(86_400_000, 0, Long.MAX_VALUE, 0.5, CONFIG.segmentBytes());

    private CompactionBenchmark() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            System.err.println("usage: CompactionBenchmark DIR [MiB [VALUE-BYTES]]");
            System.exit(2);
        }
        long bytes = (args.length > 1 ? Long.parseLong(args[1]) : 1024) << 20;
        int valueBytes = args.length > 2 ? Integer.parseInt(args[2]) : 200;
        System.out.println(
                "codec         log MB  records   keys  left MB  first pass      MB/s  nothing to do"
                        + "      MB/s");
        try (DataDirectory data = DataDirectory.hold(Path.of(args[0]));
                LocalLogStore store =
                        new LocalLogStore(
                                data, LocalStoreSettings.defaults(), StorageObserver.NONE)) {
            for (Compression codec :
                    new Compression[] {Compression.NONE, Compression.LZ4, Compression.ZSTD}) {
                measure(store, codec, bytes, valueBytes);
            }
        }
    }

    private static void measure(
            LocalLogStore store, Compression codec, long bytes, int valueBytes) {
        LogId id = new LogId("compaction-" + codec.configName(), UUID.randomUUID(), 0);
        PartitionLog log = store.open(id, CONFIG, LogListener.NONE);
        long records = fill(log, codec, bytes, valueBytes);
        log.sealed().seal().join();
        long before = log.details().sizeBytes();
        long began = System.nanoTime();
        CleaningReport first = clean(log, CleanPoint.START);
        long cleaned = System.nanoTime();
        CleaningReport again = clean(log, CleanPoint.START);
        long ended = System.nanoTime();
        if (again.recordsRemoved() != 0) {
            throw new IllegalStateException("not clean: " + again);
        }
        System.out.printf(
                "%-10s %9.1f %8d %6d %8.1f %9.2f s %9.1f %12.2f s %9.1f%n",
                codec.configName(),
                before / 1e6,
                records,
                first.keys(),
                log.details().sizeBytes() / 1e6,
                (cleaned - began) / 1e9,
                before / 1e6 / ((cleaned - began) / 1e9),
                (ended - cleaned) / 1e9,
                log.details().sizeBytes() / 1e6 / ((ended - cleaned) / 1e9));
        store.delete(id);
    }

    private static CleaningReport clean(PartitionLog log, CleanPoint point) {
        long now = System.currentTimeMillis();
        Dirt dirt = Dirt.of(log, POLICY, point, now);
        return LogCleaning.clean(
                log, POLICY, dirt, LogCleaning.Memory.DEFAULT, now, Supervisor.NONE);
    }

    /** Appends until the log has its size, and says how many records that were. */
    private static long fill(PartitionLog log, Compression codec, long bytes, int valueBytes) {
        Random random = new Random(1);
        long keys = bytes / (valueBytes + 30L) / VERSIONS;
        byte[] value = new byte[valueBytes];
        ArrayDeque<CompletableFuture<AppendOutcome>> inFlight = new ArrayDeque<>();
        long records = 0;
        while (records < keys * VERSIONS) {
            RecordBatchBuilder builder = RecordBatchBuilder.growable(32 << 10).compression(codec);
            for (int i = 0; i < RECORDS_A_BATCH; i++) {
                // Half of it can be compressed.
                for (int j = 0; j < valueBytes / 2; j++) {
                    value[j] = (byte) random.nextInt();
                }
                ByteBuffer key = ByteBuffer.allocate(16).putLong(random.nextLong(keys));
                builder.append(System.currentTimeMillis(), key.array(), value);
            }
            records += RECORDS_A_BATCH;
            inFlight.add(log.append(builder.build(), Durability.WRITTEN));
            if (inFlight.size() >= IN_FLIGHT) {
                check(inFlight.remove());
            }
        }
        inFlight.forEach(CompactionBenchmark::check);
        return records;
    }

    private static void check(CompletableFuture<AppendOutcome> append) {
        AppendOutcome outcome = append.join();
        if (!(outcome instanceof AppendOutcome.Appended)) {
            throw new IllegalStateException(outcome.toString());
        }
    }
}
