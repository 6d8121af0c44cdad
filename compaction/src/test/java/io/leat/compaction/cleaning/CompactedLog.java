package io.leat.compaction.cleaning;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.leat.compaction.segment.Supervisor;
import io.leat.storage.api.AbortedTransaction;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.Durability;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.StorageObserver;
import io.leat.storage.local.Disk;
import io.leat.storage.local.FileDisk;
import io.leat.storage.local.FileTree;
import io.leat.storage.local.LocalLogStore;
import io.leat.storage.local.LocalStoreSettings;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordBatchBuilder;
import io.leat.wire.record.RecordBatches;
import io.leat.wire.record.RecordReader;
import io.leat.wire.record.TransactionMarker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A log of small segments in files, and how consumers see it. */
final class CompactedLog implements AutoCloseable {
    static final int SEGMENT_BYTES = 1_500;
    static final CleaningPolicy POLICY =
            new CleaningPolicy(1_000, 0, Long.MAX_VALUE, 0.5, SEGMENT_BYTES);

    private static final LogId ID = new LogId("latest", new UUID(8, 8), 0);
    private static final LogConfig CONFIG =
            new LogConfig(SEGMENT_BYTES, Long.MAX_VALUE, 200, 1 << 20, TimestampType.CREATE_TIME);

    final Path root;
    final LocalLogStore store;
    final PartitionLog log;

    /** A record as it is read. */
    record Seen(long offset, long timestampMillis, @Nullable String key, @Nullable String value) {}

    /** A batch as it is read, raw. */
    record SeenBatch(
            long baseOffset,
            long lastOffset,
            int attributes,
            long producerId,
            int baseSequence,
            int recordCount,
            List<Seen> records) {}

    CompactedLog(Path root) {
        this(root, new FileDisk());
    }

    CompactedLog(Path root, Disk disk) {
        this.root = root;
        store = new LocalLogStore(root, LocalStoreSettings.defaults(), StorageObserver.NONE, disk);
        log = store.open(ID, CONFIG, LogListener.NONE);
    }

    /** The producers are to be read from what compaction has left of the log. */
    static void damageSnapshots(Path root) {
        try {
            for (Path file : FileTree.files(root)) {
                if (file.toString().endsWith(".producers")) {
                    Files.write(file, new byte[1]);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    AppendOutcome offer(ByteBuffer batch) {
        return log.append(batch, Durability.FORCED).join();
    }

    /** Appends durably and returns the base offset. */
    long append(ByteBuffer batch) {
        AppendOutcome outcome = offer(batch);
        return assertInstanceOf(AppendOutcome.Appended.class, outcome, outcome::toString)
                .baseOffset();
    }

    /** Appends a record durably. */
    long append(long timestampMillis, @Nullable String key, @Nullable String value) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(128);
        builder.append(timestampMillis, bytes(key), bytes(value));
        return append(builder.build());
    }

    static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** Seals what there is, and makes a pass over it. */
    CleaningReport clean(CleanPoint point, long nowMillis) {
        log.sealed().seal().join();
        return pass(point, nowMillis);
    }

    CleaningReport pass(CleanPoint point, long nowMillis) {
        Dirt dirt = Dirt.of(log, POLICY, point, nowMillis);
        return LogCleaning.clean(
                log, POLICY, dirt, LogCleaning.Memory.DEFAULT, nowMillis, Supervisor.NONE);
    }

    /** All batches, as they are in the files. */
    List<SeenBatch> batches() {
        List<SeenBatch> batches = new ArrayList<>();
        long next = log.bounds().logStart();
        while (next < log.bounds().durableEnd()) {
            try (var slice = read(next, Isolation.READ_UNCOMMITTED).slice()) {
                for (RecordBatch batch : new RecordBatches(slice.bytes())) {
                    batches.add(seen(batch));
                    next = batch.nextOffset();
                }
            }
        }
        return batches;
    }

    /** All records that producers wrote, whether their transactions count or not. */
    List<Seen> records() {
        return batches().stream()
                .filter(batch -> (batch.attributes() & 0x20) == 0)
                .flatMap(batch -> batch.records().stream())
                .toList();
    }

    /** What a consumer with {@code isolation.level=read_committed} gets, by its own algorithm. */
    List<Seen> committed() {
        List<Seen> records = new ArrayList<>();
        long next = log.bounds().logStart();
        while (next < log.bounds().lastStable()) {
            ReadOutcome.Data data = read(next, Isolation.READ_COMMITTED);
            Set<AbortedTransaction> begun = new HashSet<>();
            Set<Long> aborting = new HashSet<>();
            try (var slice = data.slice()) {
                for (RecordBatch batch : new RecordBatches(slice.bytes())) {
                    next = batch.nextOffset();
                    for (AbortedTransaction one : data.aborted()) {
                        if (one.firstOffset() <= batch.lastOffset() && begun.add(one)) {
                            aborting.add(one.producerId());
                        }
                    }
                    Optional<TransactionMarker> marker = TransactionMarker.of(batch);
                    marker.filter(one -> !one.committed())
                            .ifPresent(one -> aborting.remove(one.producerId()));
                    boolean skipped =
                            batch.isTransactional() && aborting.contains(batch.producerId());
                    if (!batch.isControl() && !skipped) {
                        records.addAll(seen(batch).records());
                    }
                }
            }
        }
        return records;
    }

    private ReadOutcome.Data read(long offset, Isolation isolation) {
        // Small reads: holes are met at their beginnings and ends.
        ReadOutcome outcome = log.read(offset, 700, true, isolation).join();
        ReadOutcome.Data data =
                assertInstanceOf(ReadOutcome.Data.class, outcome, outcome::toString);
        if (data.slice().sizeBytes() == 0) {
            throw new AssertionError("nothing to read at %d of %s".formatted(offset, log.bounds()));
        }
        return data;
    }

    private static SeenBatch seen(RecordBatch batch) {
        List<Seen> records = new ArrayList<>();
        if (!batch.crcValid()) {
            throw new AssertionError("wrong checksum: " + batch);
        }
        try (RecordReader reader = new RecordReader(batch, 1 << 20)) {
            reader.forEachRemaining(record ->
                    records.add(
                            new Seen(
                                    record.offset(),
                                    record.timestampMillis(),
                                    text(record.key()),
                                    text(record.value()))));
        }
        return new SeenBatch(
                batch.baseOffset(),
                batch.lastOffset(),
                batch.attributes(),
                batch.producerId(),
                batch.baseSequence(),
                batch.recordCount(),
                records);
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    @Override
    public void close() {
        store.close();
    }
}
