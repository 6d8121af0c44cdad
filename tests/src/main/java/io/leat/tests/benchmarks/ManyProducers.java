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
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * How much heap idempotent producers take that one log remembers: appends a batch of each, closes
 * the log, opens it again, and says what there is.
 *
 * <p>Usage: {@code ManyProducers DIR [PRODUCERS]}, an empty directory, and 1,000,000 unless given.
 * Run it with a small heap.
 */
public final class ManyProducers {
    private static final int IN_FLIGHT = 1_000;
    private static final LogId ID = new LogId("producers", new UUID(1, 1), 0);

    private ManyProducers() {}

    public static void main(String[] args) {
        int producers = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
        Path directory = Path.of(args[0]);
        long started = System.nanoTime();
        try (DataDirectory data = DataDirectory.hold(directory);
                LocalLogStore store = open(data)) {
            PartitionLog log = store.open(ID, LogConfig.DEFAULT, LogListener.NONE);
            ArrayDeque<CompletableFuture<AppendOutcome>> inFlight = new ArrayDeque<>();
            for (int i = 0; i < producers; i++) {
                RecordBatchBuilder batch =
                        RecordBatchBuilder.growable(100).producer(i, (short) 0, 0);
                batch.append(1, null, new byte[8]);
                inFlight.add(log.append(batch.build(), Durability.WRITTEN));
                if (inFlight.size() >= IN_FLIGHT) {
                    require(inFlight.remove().join());
                }
            }
            inFlight.forEach(one -> require(one.join()));
        }
        long appended = System.nanoTime();
        try (DataDirectory data = DataDirectory.hold(directory);
                LocalLogStore store = open(data)) {
            PartitionLog log = store.open(ID, LogConfig.DEFAULT, LogListener.NONE);
            int known = log.producers().join().size();
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            System.out.printf(
                    "%d producers known again; appended in %.1f s, opened in %.1f s; heap %d of %d"
                            + " MiB%n",
                    known,
                    (appended - started) / 1e9,
                    (System.nanoTime() - appended) / 1e9,
                    (runtime.totalMemory() - runtime.freeMemory()) >> 20,
                    runtime.maxMemory() >> 20);
        }
    }

    private static void require(AppendOutcome outcome) {
        if (!(outcome instanceof AppendOutcome.Appended)) {
            throw new IllegalStateException(outcome.toString());
        }
    }

    private static LocalLogStore open(DataDirectory data) {
        return new LocalLogStore(data, LocalStoreSettings.defaults(), StorageObserver.NONE);
    }
}
