package io.leat.storage.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.AppendOutcome.Duplicate;
import io.leat.storage.api.AppendOutcome.Refusal;
import io.leat.storage.api.AppendOutcome.Refused;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.wire.record.Compression;
import io.leat.wire.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link LogStore} keeps to. An engine's test extends it and says how to open one. */
public abstract class LogStoreContract {
    private static final LogConfig SMALL_SEGMENTS =
            new LogConfig(1000, Long.MAX_VALUE, 200, 1 << 20, TimestampType.CREATE_TIME);

    @TempDir private Path directory;
    private LogStore store;
    private final LogId id = new LogId("flights", UUID.randomUUID(), 3);

    /** Opens the store that lives in a directory; again and again, each time closed before. */
    protected abstract LogStore openStore(Path directory);

    @BeforeEach
    final void openFirst() {
        store = openStore(directory);
    }

    @AfterEach
    final void closeLast() {
        store.close();
    }

    private void restart() {
        store.close();
        store = openStore(directory);
    }

    private PartitionLog open(LogConfig config) {
        return store.open(id, config, LogListener.NONE);
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static Appended append(PartitionLog log, ByteBuffer batch) {
        return assertInstanceOf(Appended.class, get(log.append(batch, Durability.FORCED)));
    }

    private static Refusal refusal(PartitionLog log, ByteBuffer batch) {
        AppendOutcome outcome = get(log.append(batch, Durability.FORCED));
        Refused refused = assertInstanceOf(Refused.class, outcome);
        assertFalse(refused.message().isBlank());
        return refused.reason();
    }

    /** The base offsets of the batches that one read gives. */
    private static List<Long> read(PartitionLog log, long offset, int maxBytes) {
        ReadOutcome outcome = get(log.read(offset, maxBytes, true, Isolation.READ_UNCOMMITTED));
        ReadOutcome.Data data = assertInstanceOf(ReadOutcome.Data.class, outcome);
        try (LogSlice slice = data.slice()) {
            assertEquals(slice.sizeBytes(), slice.bytes().remaining());
            assertTrue(slice.bytes().isReadOnly());
            List<Long> offsets = new ArrayList<>();
            for (RecordBatch batch : Batches.parse(slice.bytes())) {
                assertTrue(batch.crcValid());
                offsets.add(batch.baseOffset());
            }
            return offsets;
        }
    }

    /** The base offsets of all batches from {@code offset} to the end. */
    private static List<Long> readAll(PartitionLog log, long offset) {
        List<Long> all = new ArrayList<>();
        long next = offset;
        while (next < log.bounds().durableEnd()) {
            ReadOutcome outcome = get(log.read(next, 1 << 20, true, Isolation.READ_UNCOMMITTED));
            ReadOutcome.Data data = assertInstanceOf(ReadOutcome.Data.class, outcome);
            try (LogSlice slice = data.slice()) {
                assertTrue(slice.sizeBytes() > 0, "nothing at " + next);
                for (RecordBatch batch : Batches.parse(slice.bytes())) {
                    all.add(batch.baseOffset());
                    next = batch.nextOffset();
                }
            }
        }
        return all;
    }

    @Test
    void a_new_log_is_empty() {
        PartitionLog log = open(LogConfig.DEFAULT);
        assertEquals(new LogBounds(0, 0, 0), log.bounds());
        assertEquals(List.of(), read(log, 0, 1000));
        assertEquals(new LogDetails(0, 0, 0), log.details());
        assertEquals(Optional.empty(), get(log.offsetForTime(0)));
        assertEquals(Optional.empty(), get(log.maxTimestamp()));
    }

    @Test
    void what_was_appended_is_read_byte_for_byte() {
        PartitionLog log = open(LogConfig.DEFAULT);
        ByteBuffer batch = Batches.batch(77, "a", "b", "c");
        assertEquals(new Appended(0, 2, -1, 0), append(log, batch));
        assertEquals(new Appended(3, 3, -1, 0), append(log, Batches.batch(78, "d")));
        assertEquals(new LogBounds(0, 4, 4), log.bounds());
        ReadOutcome.Data data =
                (ReadOutcome.Data) get(log.read(1, 1 << 20, true, Isolation.READ_UNCOMMITTED));
        try (LogSlice slice = data.slice()) {
            assertEquals(batch, slice.bytes().slice(0, batch.remaining()));
        }
        assertEquals(log.bounds(), data.bounds());
        assertEquals(List.of(0L, 3L), read(log, 0, 1 << 20));
        assertEquals(List.of(0L, 3L), read(log, 2, 1 << 20));
        assertEquals(List.of(3L), read(log, 3, 1 << 20));
        assertEquals(List.of(), read(log, 4, 1 << 20));
    }

    @Test
    void buffers_of_any_kind_and_place_are_taken() {
        PartitionLog log = open(LogConfig.DEFAULT);
        ByteBuffer batch = Batches.batch(1, "x");
        ByteBuffer direct = ByteBuffer.allocateDirect(batch.remaining() + 20);
        direct.position(7).put(batch.duplicate()).flip().position(7);
        append(log, direct);
        ByteBuffer heap = ByteBuffer.allocate(batch.remaining() + 20);
        heap.position(9).put(batch.duplicate()).flip().position(9);
        append(log, heap.slice());
        assertEquals(List.of(0L, 1L), read(log, 0, 1 << 20));
    }

    @Test
    void a_read_is_bounded_but_gives_one_batch_if_asked() {
        PartitionLog log = open(LogConfig.DEFAULT);
        int batchBytes = Batches.sized(100).remaining();
        for (int i = 0; i < 3; i++) {
            append(log, Batches.sized(100));
        }
        assertEquals(List.of(0L, 1L), read(log, 0, 2 * batchBytes + 10));
        assertEquals(List.of(1L), read(log, 1, 10));
        ReadOutcome.Data data =
                (ReadOutcome.Data) get(log.read(1, 10, false, Isolation.READ_UNCOMMITTED));
        try (LogSlice slice = data.slice()) {
            assertEquals(0, slice.sizeBytes());
        }
    }

    @Test
    void reads_outside_the_bounds_say_so() {
        PartitionLog log = open(LogConfig.DEFAULT);
        append(log, Batches.batch(1, "a"));
        assertEquals(
                new ReadOutcome.OutOfRange(log.bounds()),
                get(log.read(2, 1000, true, Isolation.READ_UNCOMMITTED)));
        assertEquals(
                new ReadOutcome.OutOfRange(log.bounds()),
                get(log.read(-1, 1000, true, Isolation.READ_UNCOMMITTED)));
    }

    @Test
    void a_written_append_becomes_durable_and_is_told() {
        CompletableFuture<LogBounds> told = new CompletableFuture<>();
        LogListener listener =
                new LogListener() {
                    @Override
                    public void moved(LogId moved, LogBounds bounds) {
                        assertEquals(id, moved);
                        if (bounds.durableEnd() == 2) {
                            told.complete(bounds);
                        }
                    }

                    @Override
                    public void failed(LogId failed, String cause) {
                        told.completeExceptionally(new AssertionError(cause));
                    }
                };
        PartitionLog log = store.open(id, LogConfig.DEFAULT, listener);
        AppendOutcome outcome = get(log.append(Batches.batch(1, "a", "b"), Durability.WRITTEN));
        assertEquals(new Appended(0, 1, -1, 0), outcome);
        assertEquals(2, log.bounds().writtenEnd());
        assertEquals(2, get(told).durableEnd());
        assertEquals(List.of(0L), read(log, 0, 1000));
    }

    @Test
    void the_log_gives_the_time_if_configured() {
        LogConfig config =
                new LogConfig(1 << 20, 1 << 20, 4096, 1 << 20, TimestampType.LOG_APPEND_TIME);
        PartitionLog log = open(config);
        long before = System.currentTimeMillis();
        Appended appended = append(log, Batches.batch(5, "a"));
        assertTrue(appended.logAppendTimeMillis() >= before);
        Optional<TimedOffset> newest = get(log.maxTimestamp());
        assertEquals(Optional.of(new TimedOffset(0, appended.logAppendTimeMillis())), newest);
        assertEquals(List.of(0L), read(log, 0, 1000));
    }

    @Test
    void what_is_not_a_batch_is_refused() {
        PartitionLog log = open(LogConfig.DEFAULT);
        assertEquals(Refusal.CORRUPT, refusal(log, ByteBuffer.allocate(10)));
        assertEquals(Refusal.CORRUPT, refusal(log, ByteBuffer.allocate(100)));
        ByteBuffer cut = Batches.batch(1, "abc");
        assertEquals(Refusal.CORRUPT, refusal(log, cut.limit(cut.limit() - 1)));
        assertEquals(new LogBounds(0, 0, 0), log.bounds());
    }

    @Test
    void a_batch_larger_than_a_segment_is_refused() {
        PartitionLog log = open(SMALL_SEGMENTS);
        assertEquals(Refusal.BATCH_TOO_LARGE, refusal(log, Batches.sized(2000)));
        append(log, Batches.sized(500));
    }

    @Test
    void a_log_reads_the_same_across_its_segments_and_a_restart() {
        PartitionLog log = open(SMALL_SEGMENTS);
        List<Long> appended = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            appended.add(append(log, Batches.sized(i * 13 % 400)).baseOffset());
        }
        assertTrue(log.details().segmentCount() > 5);
        assertEquals(appended, readAll(log, 0));
        LogBounds bounds = log.bounds();
        LogDetails details = log.details();
        restart();
        log = open(SMALL_SEGMENTS);
        assertEquals(bounds, log.bounds());
        assertEquals(details, log.details());
        assertEquals(appended, readAll(log, 0));
        assertEquals(appended.subList(20, 50), readAll(log, 20));
        assertEquals(50, append(log, Batches.sized(1)).baseOffset());
    }

    @Test
    void appends_from_many_threads_keep_each_callers_order() throws Exception {
        PartitionLog log = open(SMALL_SEGMENTS);
        List<Thread> threads = new ArrayList<>();
        ConcurrentLinkedQueue<List<CompletableFuture<AppendOutcome>>> all =
                new ConcurrentLinkedQueue<>();
        for (int t = 0; t < 8; t++) {
            Thread thread =
                    new Thread(() -> {
                        List<CompletableFuture<AppendOutcome>> mine = new ArrayList<>();
                        for (int i = 0; i < 100; i++) {
                            mine.add(log.append(Batches.batch(i, "v"), Durability.FORCED));
                        }
                        all.add(mine);
                    });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        boolean[] seen = new boolean[800];
        for (List<CompletableFuture<AppendOutcome>> mine : all) {
            long last = -1;
            for (CompletableFuture<AppendOutcome> future : mine) {
                Appended appended = assertInstanceOf(Appended.class, get(future));
                assertTrue(appended.baseOffset() > last);
                last = appended.baseOffset();
                assertFalse(seen[(int) last]);
                seen[(int) last] = true;
            }
        }
        assertEquals(800, readAll(log, 0).size());
    }

    @Test
    void a_repeated_batch_of_an_idempotent_producer_is_answered_with_its_place() {
        PartitionLog log = open(LogConfig.DEFAULT);
        append(log, Batches.batch(1, "other"));
        append(log, Batches.produced(9, 0, 0, 3));
        append(log, Batches.produced(9, 0, 3, 2));
        assertEquals(
                new Duplicate(1, 3, -1, 0),
                get(log.append(Batches.produced(9, 0, 0, 3), Durability.FORCED)));
        restart();
        log = open(LogConfig.DEFAULT);
        assertEquals(
                new Duplicate(4, 5, -1, 0),
                get(log.append(Batches.produced(9, 0, 3, 2), Durability.FORCED)));
        assertEquals(6, log.bounds().writtenEnd());
        assertEquals(1, log.details().producerCount());
    }

    @Test
    void a_gap_in_sequences_and_an_old_epoch_are_refused() {
        PartitionLog log = open(LogConfig.DEFAULT);
        append(log, Batches.produced(9, 4, 0, 1));
        assertEquals(Refusal.OUT_OF_ORDER_SEQUENCE, refusal(log, Batches.produced(9, 4, 2, 1)));
        assertEquals(Refusal.OUT_OF_ORDER_SEQUENCE, refusal(log, Batches.produced(9, 5, 1, 1)));
        assertEquals(Refusal.STALE_PRODUCER_EPOCH, refusal(log, Batches.produced(9, 3, 1, 1)));
        append(log, Batches.produced(9, 5, 0, 1));
        assertEquals(Refusal.STALE_PRODUCER_EPOCH, refusal(log, Batches.produced(9, 4, 1, 1)));
    }

    @Test
    void records_are_found_by_time() {
        PartitionLog log = open(SMALL_SEGMENTS);
        for (int i = 0; i < 60; i++) {
            append(log, Batches.timed(Compression.GZIP, 100 + i * 10, 105 + i * 10));
        }
        assertEquals(Optional.of(new TimedOffset(0, 100)), get(log.offsetForTime(0)));
        assertEquals(Optional.of(new TimedOffset(1, 105)), get(log.offsetForTime(101)));
        assertEquals(Optional.of(new TimedOffset(80, 500)), get(log.offsetForTime(496)));
        assertEquals(Optional.of(new TimedOffset(119, 695)), get(log.offsetForTime(695)));
        assertEquals(Optional.empty(), get(log.offsetForTime(696)));
        assertEquals(Optional.of(new TimedOffset(119, 695)), get(log.maxTimestamp()));
    }

    @Test
    void timestamps_need_not_ascend() {
        PartitionLog log = open(SMALL_SEGMENTS);
        append(log, Batches.timed(Compression.NONE, 50, 900, 20));
        for (int i = 0; i < 40; i++) {
            append(log, Batches.timed(Compression.NONE, 800 - i));
        }
        append(log, Batches.timed(Compression.NONE, 900, 10));
        assertEquals(Optional.of(new TimedOffset(1, 900)), get(log.maxTimestamp()));
        assertEquals(Optional.of(new TimedOffset(1, 900)), get(log.offsetForTime(51)));
        get(log.trim(3));
        assertEquals(Optional.of(new TimedOffset(3, 800)), get(log.offsetForTime(51)));
        assertEquals(Optional.of(new TimedOffset(43, 900)), get(log.maxTimestamp()));
    }

    @Test
    void trimming_moves_the_start_for_good_and_frees_space() {
        PartitionLog log = open(SMALL_SEGMENTS);
        for (int i = 0; i < 30; i++) {
            append(log, Batches.sized(200));
        }
        long sizeBytes = log.details().sizeBytes();
        assertEquals(new LogBounds(17, 30, 30), get(log.trim(17)));
        assertTrue(log.details().sizeBytes() < sizeBytes / 2 + 1000);
        assertInstanceOf(
                ReadOutcome.OutOfRange.class,
                get(log.read(16, 1000, true, Isolation.READ_UNCOMMITTED)));
        assertEquals(17, read(log, 17, 1000).getFirst());
        assertEquals(new LogBounds(17, 30, 30), get(log.trim(5)), "never down");
        restart();
        log = open(SMALL_SEGMENTS);
        assertEquals(new LogBounds(17, 30, 30), log.bounds());
        assertEquals(new LogBounds(30, 30, 30), get(log.trim(1000)), "never beyond the end");
        assertEquals(30, append(log, Batches.sized(1)).baseOffset());
        assertEquals(List.of(30L), readAll(log, 30));
    }

    @Test
    void leased_bytes_outlive_trim_delete_and_close() throws IOException {
        PartitionLog log = open(SMALL_SEGMENTS);
        ByteBuffer batch = Batches.sized(300);
        for (int i = 0; i < 10; i++) {
            append(log, Batches.sized(300));
        }
        List<LogSlice> leased = new ArrayList<>();
        for (long offset = 0; offset < 10; offset++) {
            ReadOutcome outcome =
                    get(log.read(offset, batch.remaining(), true, Isolation.READ_UNCOMMITTED));
            leased.add(((ReadOutcome.Data) outcome).slice());
        }
        get(log.trim(8));
        store.delete(id);
        for (int i = 0; i < 10; i++) {
            try (LogSlice slice = leased.get(i)) {
                RecordBatch read = Batches.parse(slice.bytes()).getFirst();
                assertEquals(i, read.baseOffset());
                assertTrue(read.crcValid());
                assertEquals(slice.bytes(), inFile(slice).orElse(slice.bytes()));
            }
        }
    }

    /** A slice's bytes as they are sent from its file, where it has one. */
    private static Optional<ByteBuffer> inFile(LogSlice slice) throws IOException {
        Optional<LogSlice.FileRange> range = slice.fileRange();
        if (range.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
        long position = range.get().position();
        while (bytes.hasRemaining()) {
            int count = range.get().channel().read(bytes, position + bytes.position());
            assertTrue(count > 0, "the file ends within the slice");
        }
        return Optional.of(bytes.flip());
    }

    @Test
    void a_closed_log_refuses_and_can_be_opened_again() {
        PartitionLog log = open(LogConfig.DEFAULT);
        append(log, Batches.batch(1, "a"));
        assertThrows(StorageException.class, () -> open(LogConfig.DEFAULT), "open already");
        log.close();
        log.close();
        assertEquals(Refusal.CLOSED, refusal(log, Batches.batch(1, "b")));
        assertEquals(
                new ReadOutcome.Closed(), get(log.read(0, 100, true, Isolation.READ_UNCOMMITTED)));
        PartitionLog again = open(LogConfig.DEFAULT);
        assertEquals(1, append(again, Batches.batch(1, "b")).baseOffset());
    }

    @Test
    void appends_before_a_close_are_answered() {
        PartitionLog log = open(LogConfig.DEFAULT);
        List<CompletableFuture<AppendOutcome>> futures = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            futures.add(log.append(Batches.batch(i, "v"), Durability.FORCED));
        }
        log.close();
        int appended = 0;
        for (CompletableFuture<AppendOutcome> future : futures) {
            appended += get(future) instanceof Appended ? 1 : 0;
        }
        PartitionLog again = open(LogConfig.DEFAULT);
        assertEquals(appended, again.bounds().durableEnd());
    }

    @Test
    void a_deleted_log_is_gone() {
        PartitionLog log = open(LogConfig.DEFAULT);
        append(log, Batches.batch(1, "a"));
        assertEquals(Set.of(id.topicId()), store.topics());
        store.delete(id);
        assertEquals(Refusal.CLOSED, refusal(log, Batches.batch(1, "b")));
        assertEquals(Set.of(), store.topics());
        store.delete(id);
        assertEquals(new LogBounds(0, 0, 0), open(LogConfig.DEFAULT).bounds());
    }

    @Test
    void logs_are_told_apart_by_topic_id_and_partition() {
        LogId otherTopic = new LogId(id.topic(), UUID.randomUUID(), id.partition());
        LogId otherPartition = new LogId(id.topic(), id.topicId(), id.partition() + 1);
        append(open(LogConfig.DEFAULT), Batches.batch(1, "a", "b"));
        append(store.open(otherTopic, LogConfig.DEFAULT, LogListener.NONE), Batches.batch(1, "a"));
        PartitionLog empty = store.open(otherPartition, LogConfig.DEFAULT, LogListener.NONE);
        assertEquals(0, empty.bounds().writtenEnd());
        assertEquals(Set.of(id.topicId(), otherTopic.topicId()), store.topics());
        restart();
        assertEquals(2, open(LogConfig.DEFAULT).bounds().durableEnd());
        PartitionLog other = store.open(otherTopic, LogConfig.DEFAULT, LogListener.NONE);
        assertEquals(1, other.bounds().durableEnd());
    }

    @Test
    void a_new_configuration_counts_from_the_next_append_on() {
        PartitionLog log = open(LogConfig.DEFAULT);
        append(log, Batches.sized(1500));
        log.reconfigure(SMALL_SEGMENTS);
        assertEquals(Refusal.BATCH_TOO_LARGE, refusal(log, Batches.sized(1500)));
        append(log, Batches.sized(500));
        assertEquals(2, log.details().segmentCount());
    }
}
