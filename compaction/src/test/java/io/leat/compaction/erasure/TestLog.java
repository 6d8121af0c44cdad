package io.leat.compaction.erasure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

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
import io.leat.wire.record.RecordHeader;
import io.leat.wire.record.RecordReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A log of small segments in files, and what is in it. */
final class TestLog implements AutoCloseable {
    static final int SEGMENT_BYTES = 2_000;

    private static final LogId ID = new LogId("people", new UUID(7, 7), 0);
    private static final LogConfig CONFIG =
            new LogConfig(SEGMENT_BYTES, Long.MAX_VALUE, 256, 1 << 20, TimestampType.CREATE_TIME);

    final Path root;
    final LocalLogStore store;
    final PartitionLog log;

    /** A record as a consumer sees it, and how its batch is. */
    record Seen(
            long offset,
            long timestampMillis,
            @Nullable String key,
            @Nullable String value,
            List<String> headers,
            int batchAttributes,
            long producerId,
            int sequence) {}

    TestLog(Path root) {
        this(root, new FileDisk());
    }

    TestLog(Path root, Disk disk) {
        this.root = root;
        store = new LocalLogStore(root, LocalStoreSettings.defaults(), StorageObserver.NONE, disk);
        log = store.open(ID, CONFIG, LogListener.NONE);
    }

    /** Appends a batch durably and returns its base offset. */
    long append(ByteBuffer batch) {
        return assertInstanceOf(
                        AppendOutcome.Appended.class, log.append(batch, Durability.FORCED).join())
                .baseOffset();
    }

    /** Appends a record durably. */
    long append(@Nullable String key, @Nullable String value) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(256);
        builder.append(1_000, bytes(key), bytes(value));
        return append(builder.build());
    }

    static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** All records that producers wrote, by offset, from the first that is in the files. */
    List<Seen> records() {
        List<Seen> seen = new ArrayList<>();
        long next = log.bounds().logStart();
        while (next < log.bounds().durableEnd()) {
            ReadOutcome outcome = log.read(next, 1 << 20, true, Isolation.READ_UNCOMMITTED).join();
            ReadOutcome.Data data =
                    assertInstanceOf(ReadOutcome.Data.class, outcome, outcome::toString);
            try (var slice = data.slice()) {
                long before = next;
                for (RecordBatch batch : new RecordBatches(slice.bytes())) {
                    next = batch.nextOffset();
                    seen(batch, seen);
                }
                if (next == before) {
                    throw new AssertionError("nothing to read at " + next);
                }
            }
        }
        return seen;
    }

    private static void seen(RecordBatch batch, List<Seen> seen) {
        if (batch.isControl()) {
            return;
        }
        try (RecordReader records = new RecordReader(batch, 1 << 20)) {
            records.forEachRemaining(record ->
                    seen.add(
                            new Seen(
                                    record.offset(),
                                    record.timestampMillis(),
                                    text(record.key()),
                                    text(record.value()),
                                    record.headers().stream().map(RecordHeader::key).toList(),
                                    batch.attributes(),
                                    batch.producerId(),
                                    batch.baseSequence())));
        }
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    LogErasure erasure(MemoryJournal journal, boolean leaveTombstones, String... keys) {
        return new LogErasure(
                log,
                Stream.of(keys).map(TestLog::hash).toList(),
                leaveTombstones,
                journal.progress(),
                journal,
                () -> Instant.ofEpochMilli(5_000));
    }

    static KeyHash hash(String key) {
        return KeyHash.of(ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)));
    }

    /** The bytes of all files below the root, by name. */
    NavigableMap<String, byte[]> files() {
        return files(root);
    }

    static NavigableMap<String, byte[]> files(Path root) {
        TreeMap<String, byte[]> files = new TreeMap<>();
        try {
            for (Path path : FileTree.files(root)) {
                files.put(root.relativize(path).toString(), Files.readAllBytes(path));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    void assertGone(String... texts) {
        for (String text : texts) {
            assertEquals(List.of(), FileTree.filesWith(root, text), text);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
