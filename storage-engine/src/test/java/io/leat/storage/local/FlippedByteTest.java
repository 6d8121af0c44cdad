package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.AbortedTransaction;
import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.Batches;
import io.leat.storage.api.Damage;
import io.leat.storage.api.Durability;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.StorageObserver;
import io.leat.wire.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each byte of each file of a small log flipped in turn: segments, indexes, aborted transactions,
 * producers, checkpoints; after a clean stop and after a kill. Whatever it is, it is found or does
 * no harm: no reader gets a record that is not the one that was written there, none passes over one
 * without being told, and the store opens, again and again.
 *
 * <p>{@code -Dleat.flips.all=true} flips every bit of them, after both kinds of stop.
 */
@Timeout(7_200)
class FlippedByteTest {
    private static final boolean ALL = Boolean.getBoolean("leat.flips.all");
    private static final LogId ID = new LogId("t", new UUID(1, 2), 0);
    private static final LogConfig CONFIG =
            new LogConfig(900, Long.MAX_VALUE, 100, 1 << 12, TimestampType.CREATE_TIME);
    private static final long TIME = 1_000_000;
    private static final int ROUNDS = 4;

    @TempDir(factory = InMemory.class)
    private Path temp;

    // By offset: the CRC of the batch that holds it, and its time.
    private final TreeMap<Long, Integer> expected = new TreeMap<>();
    private final TreeMap<Long, Long> times = new TreeMap<>();

    /** What a run was told of damage. */
    private static final class Told implements LogListener {
        private final List<String> messages = new ArrayList<>();

        @Override
        public void moved(LogId id, LogBounds bounds) {}

        @Override
        public synchronized void failed(LogId id, String cause) {
            messages.add(cause);
        }

        @Override
        public synchronized void damaged(LogId id, Damage damage) {
            messages.add(damage.toString());
        }

        synchronized void add(String message) {
            messages.add(message);
        }

        synchronized boolean nothing() {
            return messages.isEmpty();
        }

        @Override
        public synchronized String toString() {
            return messages.toString();
        }
    }

    private static LocalLogStore open(Path root) {
        return new LocalLogStore(
                root, LocalStoreSettings.defaults(), StorageObserver.NONE, new UnforcedDisk());
    }

    @Test
    void whatever_byte_is_flipped_it_is_found_or_harmless() throws IOException {
        Path clean = temp.resolve("clean");
        Path killed = temp.resolve("killed");
        fill(clean, killed);
        int flips = 0;
        for (Path from : List.of(clean, killed)) {
            Path root = temp.resolve("copy");
            FileTree.copy(from, root);
            for (Path file : files(root)) {
                int size = (int) Files.size(file);
                for (int position = 0; position < size; position++) {
                    if (!ALL && (position + (from.equals(clean) ? 0 : 1)) % 2 != 0) {
                        continue;
                    }
                    for (int mask : masks(position)) {
                        flip(file, position, mask);
                        String what =
                                "%s, %s at %d ^ %d"
                                        .formatted(
                                                from.getFileName(),
                                                root.relativize(file),
                                                position,
                                                mask);
                        try {
                            use(root, root.relativize(file).toString(), what);
                        } catch (RuntimeException | AssertionError e) {
                            throw new AssertionError(what, e);
                        }
                        flips++;
                        delete(root);
                        FileTree.copy(from, root);
                    }
                }
            }
            delete(root);
        }
        assertTrue(flips > 1_500, "only " + flips);
    }

    private static int[] masks(int position) {
        return ALL ? new int[] {1, 2, 4, 8, 16, 32, 64, 128} : new int[] {1 << (position / 2 % 8)};
    }

    /** Makes the log, and keeps it as a clean stop and as a kill leave it. */
    private void fill(Path clean, Path killed) throws IOException {
        LocalLogStore store = open(clean);
        PartitionLog log = store.open(ID, CONFIG, LogListener.NONE);
        for (int i = 0; i < ROUNDS; i++) {
            append(log, Batches.batch(TIME + 10L * i, "plain-" + i));
            append(log, Batches.produced(100, 0, 2 * i, 2));
            append(log, Batches.transactional(200, 0, i, 1));
            if (i % 2 == 1) {
                append(log, Batches.marker(200, 0, i == 3));
            }
        }
        // Whatever is done beside appends is done then, and the rest fits into the new segment.
        log.sealed().seal().join();
        append(log, Batches.batch(TIME + 10L * ROUNDS, "tail"));
        append(log, Batches.transactional(200, 0, ROUNDS, 2));
        append(log, Batches.produced(100, 0, 2 * ROUNDS, 1));
        FileTree.copy(clean, killed);
        store.close();
        List<AbortedTransaction> aborted = new ArrayList<>();
        try (LocalLogStore again = open(copyOf(clean))) {
            PartitionLog opened = again.open(ID, CONFIG, LogListener.NONE);
            for (long offset : expected.keySet()) {
                ReadOutcome.Data data =
                        (ReadOutcome.Data)
                                opened.read(offset, 1, true, Isolation.READ_COMMITTED).join();
                aborted.addAll(data.aborted());
                data.slice().close();
            }
        }
        assertTrue(!aborted.isEmpty(), "no transaction was aborted");
    }

    private Path copyOf(Path from) throws IOException {
        Path to = temp.resolve("trial-" + System.nanoTime());
        FileTree.copy(from, to);
        return to;
    }

    private void append(PartitionLog log, ByteBuffer batch) {
        RecordBatch sent = RecordBatch.of(batch);
        Appended appended = (Appended) log.append(batch, Durability.FORCED).join();
        for (long offset = appended.baseOffset(); offset <= appended.lastOffset(); offset++) {
            expected.put(offset, sent.crc());
            times.put(offset, sent.maxTimestampMillis());
        }
    }

    /** Opens it twice, reads all there is each time, and appends. */
    private void use(Path root, String file, String what) {
        // Where it came up once, it does again: the short form looks at that now and then.
        int lives = ALL || what.hashCode() % 8 == 0 ? 2 : 1;
        for (int life = 1; life <= lives; life++) {
            Told told = new Told();
            try (LocalLogStore store = open(root)) {
                PartitionLog log = store.open(ID, CONFIG, told);
                readAll(log, told, what);
                boolean hint = !file.endsWith(".log") && !file.equals("checkpoints");
                if (hint) {
                    assertTrue(told.nothing(), () -> what + ": " + told);
                    lookUp(log, what);
                }
                var _ = log.sealed().list();
                boolean appended =
                        log.append(Batches.batch(TIME, "more"), Durability.FORCED).join()
                                instanceof Appended;
                assertTrue(appended || !told.nothing(), what + ": not appended");
            }
        }
    }

    private void readAll(PartitionLog log, Told told, String what) {
        long last = expected.lastKey();
        Long next = log.bounds().logStart();
        if (next > 0) {
            told.add("starts at " + next);
        }
        while (next != null && next <= last) {
            ReadOutcome outcome = log.read(next, 400, true, Isolation.READ_UNCOMMITTED).join();
            if (outcome instanceof ReadOutcome.Data data) {
                try (var slice = data.slice()) {
                    next = take(slice.bytes(), next, told, what);
                }
            } else {
                assertTrue(
                        outcome instanceof ReadOutcome.Failed || !told.nothing(),
                        () -> what + ": " + outcome);
                told.add(outcome.toString());
                next = expected.higherKey(next);
            }
        }
    }

    private @Nullable Long take(ByteBuffer bytes, long from, Told told, String what) {
        long next = from;
        for (RecordBatch batch : Batches.parse(bytes)) {
            if (batch.magic() != 2 || !batch.crcValid()) {
                told.add("the CRC is wrong at " + next);
                break;
            }
            if (batch.baseOffset() > expected.lastKey()) {
                return null;
            }
            assertTrue(
                    batch.baseOffset() <= next && batch.nextOffset() > next,
                    what + ": " + batch + " at " + next);
            for (long offset = batch.baseOffset(); offset < batch.nextOffset(); offset++) {
                Integer crc = expected.get(offset);
                assertTrue(crc != null && crc == batch.crc(), what + ": another at " + offset);
            }
            next = batch.nextOffset();
        }
        if (next == from) {
            told.add("nothing sound at " + next);
            return expected.higherKey(next);
        }
        return next;
    }

    private void lookUp(PartitionLog log, String what) {
        for (int i = 0; i < ROUNDS; i++) {
            long time = TIME + 10L * i;
            OptionalLong wanted =
                    times.entrySet().stream()
                            .filter(entry -> entry.getValue() >= time)
                            .mapToLong(Map.Entry::getKey)
                            .findFirst();
            long found = log.offsetForTime(time).join().orElseThrow().offset();
            assertTrue(wanted.orElseThrow() == found, what + ": " + found + ", not " + wanted);
        }
        try {
            var found = log.maxTimestamp().join();
            long largest = times.values().stream().mapToLong(Long::longValue).max().orElseThrow();
            // What this test appends has a smaller time.
            assertTrue(
                    found.map(one -> one.timestampMillis()).equals(Optional.of(largest)),
                    what + ": youngest is " + found);
            assertTrue(log.producers().join().size() == 2, what + ": producers");
        } catch (CompletionException e) {
            throw new AssertionError(what, e);
        }
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void flip(Path file, int position, int mask) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= (byte) mask;
        Files.write(file, bytes);
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
