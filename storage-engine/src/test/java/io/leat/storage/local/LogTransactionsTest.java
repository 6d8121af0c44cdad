package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.AbortedTransaction;
import io.leat.storage.api.ActiveProducer;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.AppendOutcome.Refusal;
import io.leat.storage.api.AppendOutcome.Refused;
import io.leat.storage.api.Batches;
import io.leat.storage.api.Durability;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.LogSlice;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.SealedSegments;
import io.leat.storage.api.StorageObserver;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.TransactionMarker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions in a log: what is stable, what was aborted, and that stops do not change it. */
class LogTransactionsTest {
    private static final LogId ID = new LogId("t", new UUID(1, 2), 0);
    private static final LogConfig CONFIG =
            new LogConfig(2000, Long.MAX_VALUE, 200, 1 << 16, TimestampType.CREATE_TIME);

    private static final long EXPIRATION_MILLIS = 86_400_000;

    @TempDir private Path directory;
    private LocalLogStore store;
    private CrashDisk disk;
    private int cuts;
    private PartitionLog log;
    private volatile long aheadMillis;
    private final InstantSource clock =
            () -> InstantSource.system().instant().plusMillis(aheadMillis);

    private void open() {
        Path root = directory.resolve("life-" + cuts);
        disk = new CrashDisk(root);
        store =
                new LocalLogStore(
                        root,
                        new LocalStoreSettings(
                                1, 2, 100, 1 << 20, EXPIRATION_MILLIS, 1500, 4, clock),
                        StorageObserver.NONE,
                        disk);
        log = store.open(ID, CONFIG, LogListener.NONE);
    }

    private void cutPower(Random random) throws IOException {
        cuts++;
        disk.cutPower(directory.resolve("life-" + cuts), random);
        store.close();
        open();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private AppendOutcome tryAppend(ByteBuffer batch) {
        return log.append(batch, Durability.FORCED).orTimeout(20, TimeUnit.SECONDS).join();
    }

    private Appended append(ByteBuffer batch) {
        return assertInstanceOf(Appended.class, tryAppend(batch));
    }

    private ReadOutcome.Data read(long offset, int maxBytes) {
        return assertInstanceOf(
                ReadOutcome.Data.class,
                log.read(offset, maxBytes, true, Isolation.READ_COMMITTED).join());
    }

    /** The base offsets of batches as a {@code read_committed} consumer gives them out. */
    private List<Long> committed(int maxBytes) {
        List<Long> offsets = new ArrayList<>();
        long next = log.bounds().logStart();
        while (true) {
            ReadOutcome.Data data = read(next, maxBytes);
            try (LogSlice slice = data.slice()) {
                List<RecordBatch> batches = Batches.parse(slice.bytes());
                if (batches.isEmpty()) {
                    assertEquals(log.bounds().lastStable(), next);
                    return offsets;
                }
                next = filter(batches, data.aborted(), offsets);
            }
        }
    }

    /** What official consumers do. */
    private static long filter(
            List<RecordBatch> batches, List<AbortedTransaction> aborted, List<Long> offsets) {
        TreeMap<Long, Set<Long>> begins = new TreeMap<>();
        for (AbortedTransaction transaction : aborted) {
            begins.computeIfAbsent(transaction.firstOffset(), o -> new HashSet<>())
                    .add(transaction.producerId());
        }
        Set<Long> skipped = new HashSet<>();
        long next = 0;
        for (RecordBatch batch : batches) {
            while (!begins.isEmpty() && begins.firstKey() <= batch.lastOffset()) {
                skipped.addAll(begins.pollFirstEntry().getValue());
            }
            if (batch.isControl()) {
                if (!TransactionMarker.of(batch).orElseThrow().committed()) {
                    skipped.remove(batch.producerId());
                }
            } else if (!batch.isTransactional() || !skipped.contains(batch.producerId())) {
                offsets.add(batch.baseOffset());
            }
            next = batch.nextOffset();
        }
        return next;
    }

    @Test
    void the_earliest_open_transaction_holds_the_last_stable_offset() {
        open();
        append(Batches.batch(1, "a"));
        append(Batches.transactional(7, 0, 0, 2));
        append(Batches.transactional(8, 0, 0, 1));
        append(Batches.batch(1, "b"));
        assertEquals(new LogBounds(0, 1, 5, 5), log.bounds());
        assertEquals(List.of(0L), committed(1000));

        append(Batches.marker(7, 0, true));
        assertEquals(new LogBounds(0, 3, 6, 6), log.bounds());
        append(Batches.marker(8, 0, false));
        assertEquals(new LogBounds(0, 7, 7, 7), log.bounds());
        assertEquals(List.of(0L, 1L, 4L), committed(1000));
        assertEquals(List.of(new AbortedTransaction(8, 3)), read(0, 1000).aborted());
    }

    @Test
    void reads_behind_the_last_stable_offset_find_nothing_yet() {
        open();
        append(Batches.transactional(7, 0, 0, 3));
        for (long offset = 0; offset <= 3; offset++) {
            ReadOutcome.Data data = read(offset, 1000);
            assertEquals(0, data.slice().sizeBytes());
            data.slice().close();
        }
        assertInstanceOf(
                ReadOutcome.OutOfRange.class,
                log.read(4, 1000, true, Isolation.READ_COMMITTED).join());
    }

    @Test
    void the_log_start_passes_an_open_transaction() {
        open();
        append(Batches.transactional(7, 0, 0, 3));
        append(Batches.batch(1, "a"));
        assertEquals(new LogBounds(2, 2, 4, 4), log.trim(2).join());
        assertEquals(new LogBounds(4, 4, 4, 4), log.trim(4).join());
        append(Batches.batch(1, "b"));
        assertEquals(new LogBounds(4, 4, 5, 5), log.bounds());
        append(Batches.marker(7, 0, false));
        assertEquals(new LogBounds(4, 6, 6, 6), log.bounds());
        assertEquals(List.of(4L), committed(1000));
    }

    @Test
    void a_marker_of_an_older_epoch_is_refused_and_one_without_records_is_taken() {
        open();
        append(Batches.marker(9, 3, true));
        append(Batches.transactional(9, 3, 0, 1));
        Refused stale = assertInstanceOf(Refused.class, tryAppend(Batches.marker(9, 2, true)));
        assertEquals(Refusal.STALE_PRODUCER_EPOCH, stale.reason());
        assertEquals(1, log.bounds().lastStable());
        // Transaction version 2: the marker brings the next epoch, and the old one is over.
        append(Batches.marker(9, 4, true));
        Refused late =
                assertInstanceOf(Refused.class, tryAppend(Batches.transactional(9, 3, 1, 1)));
        assertEquals(Refusal.STALE_PRODUCER_EPOCH, late.reason());
        append(Batches.transactional(9, 4, 0, 1));
    }

    @Test
    void producers_are_listed_with_their_open_transactions() {
        open();
        append(Batches.produced(5, 1, 0, 2));
        append(Batches.transactional(7, 2, 0, 3));
        append(Batches.marker(8, 0, true));
        List<ActiveProducer> producers = new ArrayList<>(log.producers().join());
        producers.sort((a, b) -> Long.compare(a.id(), b.id()));
        assertEquals(
                List.of(
                        new ActiveProducer(5, (short) 1, 1, 1, OptionalLong.empty()),
                        new ActiveProducer(7, (short) 2, 2, 1, OptionalLong.of(2)),
                        new ActiveProducer(8, (short) 0, -1, -1, OptionalLong.empty())),
                producers);
    }

    @Test
    void producers_expire_where_nobody_appends_but_not_with_an_open_transaction() {
        open();
        append(Batches.produced(5, 1, 0, 2));
        append(Batches.transactional(7, 2, 0, 3));
        aheadMillis = EXPIRATION_MILLIS - 60_000;
        assertEquals(2, log.producers().join().size());
        aheadMillis = EXPIRATION_MILLIS + 60_000;
        assertEquals(List.of(7L), log.producers().join().stream().map(ActiveProducer::id).toList());
    }

    @Test
    void a_long_aborted_transaction_is_told_of_in_every_segment_it_has_records_in() {
        open();
        for (int i = 0; i < 60; i++) {
            append(Batches.transactional(7, 0, i, 1));
            append(Batches.batch(1, "x"));
        }
        append(Batches.marker(7, 0, false));
        assertTrue(log.details().segmentCount() > 3);
        List<Long> expected = Stream.iterate(1L, i -> i < 120, i -> i + 2).toList();
        assertEquals(expected, committed(1));
        assertEquals(expected, committed(700));
    }

    @Test
    void only_transactions_near_the_range_are_told_of() {
        open();
        for (int i = 0; i < 200; i++) {
            append(Batches.transactional(7, 0, i, 1));
            append(Batches.marker(7, 0, false));
        }
        List<AbortedTransaction> aborted = read(0, 100).aborted();
        assertTrue(aborted.contains(new AbortedTransaction(7, 0)));
        assertTrue(aborted.size() < 10, () -> "told of " + aborted.size());
        assertEquals(List.of(), committed(500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "damaged", "emptied"})
    void an_index_of_aborted_transactions_that_is_gone_is_made_anew(String how) throws IOException {
        open();
        for (int i = 0; i < 120; i++) {
            append(Batches.transactional(7, 0, i, 1));
            append(Batches.batch(1, "x"));
            if (i % 10 == 9) {
                append(Batches.marker(7, 0, i % 20 == 9));
            }
        }
        List<Long> before = committed(1000);
        store.close();
        List<Path> indexes =
                FileTree.files(directory).stream()
                        .filter(file -> file.toString().endsWith(".txnindex"))
                        .toList();
        assertTrue(indexes.size() > 2);
        for (Path index : indexes) {
            byte[] bytes = Files.readAllBytes(index);
            switch (how) {
                case "missing" -> Files.delete(index);
                case "damaged" -> {
                    bytes[bytes.length / 2] ^= 1;
                    Files.write(index, bytes);
                }
                default -> Files.write(index, new byte[0]);
            }
        }
        open();
        assertEquals(before, committed(1000));
        assertEquals(before, committed(1));
        for (Path index : indexes) {
            assertTrue(Files.size(index) >= 16, () -> index + " was not made anew");
        }
    }

    /** A rewrite that merges segments, and drops a transaction with its marker. */
    @Test
    void aRewriteKeepsWhatIsAbortedAndForgetsWhatIsGone() throws Exception {
        open();
        append(Batches.transactional(7, 0, 0, 1));
        append(Batches.marker(7, 0, false));
        for (int i = 0; i < 60; i++) {
            append(Batches.transactional(7, 0, i + 1, 1));
            append(Batches.batch(1, "x"));
            if (i % 10 == 9) {
                append(Batches.marker(7, 0, i % 20 == 9));
            }
        }
        log.sealed().seal().get(20, TimeUnit.SECONDS);
        List<Long> before = committed(1000);
        List<SealedSegment> sealed = log.sealed().list();
        assertTrue(sealed.size() > 3);
        try (SealedSegments.Rewrite rewrite = log.sealed().rewrite(sealed)) {
            for (SealedSegment segment : sealed) {
                try (LogSlice slice = log.sealed().read(segment)) {
                    for (RecordBatch batch : Batches.parse(slice.bytes())) {
                        if (batch.baseOffset() > 1) {
                            rewrite.append(batch.bytes());
                        }
                    }
                }
            }
            rewrite.commit();
        }
        for (int life = 0; life < 2; life++) {
            // Whoever heard of the first transaction would wait for its marker for ever.
            assertFalse(read(0, 100).aborted().contains(new AbortedTransaction(7, 0)));
            assertEquals(before, committed(1000));
            assertEquals(before, committed(1));
            store.close();
            open();
        }
    }

    /** Every flipped bit of every index is found, so that no aborted record is ever given out. */
    @Test
    void no_flipped_byte_of_an_index_is_believed() {
        open();
        AbortedIndex index = new AbortedIndex();
        index.add(7, 100, 110, 105);
        index.add(8, 105, 120, 121);
        index.seal(130);
        ByteBuffer bytes = ByteBuffer.allocate(index.sizeBytes());
        index.writeTo(bytes);
        bytes.flip();
        for (int i = 0; i < bytes.limit(); i++) {
            bytes.put(i, (byte) (bytes.get(i) ^ 4));
            assertFalse(AbortedIndex.readFrom(bytes.duplicate()).isPresent(), "byte " + i);
            bytes.put(i, (byte) (bytes.get(i) ^ 4));
            assertFalse(AbortedIndex.readFrom(bytes.slice(0, i)).isPresent(), "cut at " + i);
        }
        List<AbortedTransaction> found = new ArrayList<>();
        assertFalse(AbortedIndex.readFrom(bytes).orElseThrow().collect(0, 101, found::add));
        assertEquals(List.of(new AbortedTransaction(7, 100)), found);
    }

    /** A model of a log's transactions, and power cuts, clean stops and trims between appends. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void stops_change_nothing(int seed) throws IOException {
        Random random = new Random(seed);
        open();
        Map<Integer, Integer> sequences = new HashMap<>();
        Map<Integer, List<Long>> open = new HashMap<>();
        TreeMap<Long, Boolean> visible = new TreeMap<>();
        for (int step = 0; step < 300; step++) {
            int producer = random.nextInt(4);
            int what = random.nextInt(100);
            if (what < 50) {
                int sequence = sequences.getOrDefault(producer, 0);
                int count = 1 + random.nextInt(3);
                Appended appended = append(Batches.transactional(producer, 0, sequence, count));
                sequences.put(producer, sequence + count);
                open.computeIfAbsent(producer, p -> new ArrayList<>()).add(appended.baseOffset());
            } else if (what < 65) {
                visible.put(append(Batches.batch(1, "x")).baseOffset(), true);
            } else if (what < 90) {
                boolean committed = random.nextBoolean();
                append(Batches.marker(producer, 0, committed));
                List<Long> ended = open.remove(producer);
                if (committed && ended != null) {
                    ended.forEach(offset -> visible.put(offset, true));
                }
            } else if (what < 94) {
                store.close();
                open();
            } else if (what < 98) {
                cutPower(random);
            } else {
                long start = log.bounds().logStart();
                log.trim(start + random.nextInt(1 + (int) (log.bounds().lastStable() - start)))
                        .join();
            }
            if (step % 7 == 0) {
                check(open, visible, 1 + random.nextInt(3000));
            }
        }
        check(open, visible, 1);
    }

    private void check(
            Map<Integer, List<Long>> open, NavigableMap<Long, Boolean> visible, int bytes) {
        LogBounds bounds = log.bounds();
        long firstOpen =
                open.values().stream().mapToLong(List::getFirst).min().orElse(bounds.durableEnd());
        long lastStable = Math.max(bounds.logStart(), firstOpen);
        assertEquals(lastStable, bounds.lastStable());
        List<Long> given = committed(bytes);
        // The batch that holds the log start may begin before it.
        List<Long> expected =
                visible.subMap(bounds.logStart(), lastStable).keySet().stream().toList();
        assertEquals(expected, given.stream().filter(o -> o >= bounds.logStart()).toList());
    }
}
