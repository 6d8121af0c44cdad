package io.leat.compaction.erasure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.compaction.erasure.LogProgress.Stage;
import io.leat.compaction.erasure.TestLog.Seen;
import io.leat.storage.api.Batches;
import io.leat.storage.api.LogSlice;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.SealedSegments.Rewrite;
import io.leat.storage.api.StorageException;
import io.leat.storage.local.FileTree;
import io.leat.wire.record.Compression;
import io.leat.wire.record.RecordBatchBuilder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogErasureTest {
    private static final int SEEDS = Integer.getInteger("leat.erasure.seeds", 10);
    private static final String KEY = "victim-7f3a91c2-anna";
    private static final String SECRET = "secret-5d1e-of-anna";
    private static final long PRODUCER = 9;

    @TempDir private Path folder;

    /**
     * All codecs and kinds of producers; see {@link RandomLog}. {@code -Dleat.erasure.seeds=150}
     * tries more of them.
     */
    @Test
    void nothingOfTheKeysIsLeftAndAllElseIsAsItWas() throws IOException {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Path root = folder.resolve("seed-" + seed);
            try (TestLog log = new TestLog(root)) {
                RandomLog random = new RandomLog(seed, log);
                random.append(60);
                checkErasure(log, random);
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed, e);
            }
            // What is in the files must not differ from what was in memory.
            assertGoneFrom(root);
        }
    }

    private static void checkErasure(TestLog log, RandomLog random) {
        List<Seen> before = log.records();
        long boundary = log.log.bounds().writtenEnd();
        List<Seen> expected = before.stream().filter(r -> !isVictim(r)).toList();
        MemoryJournal journal = new MemoryJournal(boundary);

        LogProgress done =
                log.erasure(journal, false, RandomLog.VICTIMS.toArray(String[]::new)).run();

        assertEquals(Stage.DONE, done.stage());
        assertEquals(before.size() - expected.size(), done.recordsRemoved());
        assertEquals(expected.size(), done.recordsVerified());
        assertEquals(expected, log.records());
        assertEquals(boundary, log.log.bounds().writtenEnd());
        // The producers' sequences go on where they were.
        random.append(10);
    }

    private static boolean isVictim(Seen record) {
        return record.key() != null && RandomLog.VICTIMS.contains(record.key());
    }

    private static void assertGoneFrom(Path root) {
        try (TestLog log = new TestLog(root)) {
            long boundary = log.log.bounds().writtenEnd();
            MemoryJournal again = new MemoryJournal(boundary);
            // The random batches behind the first erasure may have brought new ones.
            LogProgress done =
                    log.erasure(again, false, RandomLog.VICTIMS.toArray(String[]::new)).run();
            assertEquals(Stage.DONE, done.stage());
            assertEquals(0, log.records().stream().filter(LogErasureTest::isVictim).count());
            log.assertGone(RandomLog.VICTIMS.toArray(String[]::new));
            log.assertGone(RandomLog.SECRET);
        }
    }

    @Test
    void segmentsWithoutTheKeyAreNotTouched() throws IOException {
        try (TestLog log = new TestLog(folder)) {
            fill(log, 200);
            long hit = log.append(KEY, SECRET);
            fill(log, 200);
            long boundary = log.log.bounds().writtenEnd();
            MemoryJournal journal = new MemoryJournal(boundary);
            // Sealed before, so that only the erasure makes a difference.
            log.log.sealed().seal().join();
            NavigableMap<String, byte[]> before = dataFiles(log);
            Map<String, Object> identities = identities(log);

            LogProgress done = log.erasure(journal, false, KEY).run();

            assertEquals(1, done.recordsRemoved());
            assertEquals(1, done.segmentsRewritten());
            assertTrue(done.bytesFreed() > SECRET.length(), done::toString);
            NavigableMap<String, byte[]> after = dataFiles(log);
            assertEquals(before.keySet(), after.keySet());
            Set<String> changed = new HashSet<>();
            after.forEach((name, bytes) -> {
                if (!identities(log).get(name).equals(identities.get(name))) {
                    changed.add(name);
                } else {
                    assertArrayEquals(before.get(name), bytes, name);
                }
            });
            assertEquals(1, changed.size(), changed::toString);
            assertTrue(hit >= 0);
            log.assertGone(KEY, SECRET);
        }
    }

    @Test
    void asItIsDoneAgainItOnlyReads() {
        try (TestLog log = new TestLog(folder)) {
            fill(log, 50);
            log.append(KEY, SECRET);
            long boundary = log.log.bounds().writtenEnd();
            log.erasure(new MemoryJournal(boundary), false, KEY).run();
            NavigableMap<String, byte[]> before = dataFiles(log);
            Map<String, Object> identities = identities(log);

            LogProgress again = log.erasure(new MemoryJournal(boundary), false, KEY).run();

            assertEquals(Stage.DONE, again.stage());
            assertEquals(0, again.recordsRemoved());
            assertEquals(0, again.segmentsRewritten());
            assertEquals(50, again.recordsVerified());
            assertEquals(before.keySet(), dataFiles(log).keySet());
            assertEquals(identities, identities(log));
        }
    }

    @Test
    void recordsFromTheBoundaryOnStay() {
        try (TestLog log = new TestLog(folder)) {
            log.append(KEY, "old");
            long boundary = log.log.bounds().writtenEnd();
            long later = log.append(KEY, "new");
            LogProgress done = log.erasure(new MemoryJournal(boundary), false, KEY).run();
            assertEquals(1, done.recordsRemoved());
            assertEquals(List.of(later), offsets(log, KEY));
        }
    }

    @Test
    void tombstonesGoToo() {
        try (TestLog log = new TestLog(folder)) {
            log.append(KEY, SECRET);
            log.append(KEY, null);
            long boundary = log.log.bounds().writtenEnd();
            LogProgress done = log.erasure(new MemoryJournal(boundary), false, KEY).run();
            assertEquals(2, done.recordsRemoved());
            assertEquals(0, done.tombstonesLeft());
            log.assertGone(KEY, SECRET);
        }
    }

    @Test
    void aTombstoneStaysBehindWhereThatIsAskedFor() {
        try (TestLog log = new TestLog(folder)) {
            log.append(KEY, SECRET);
            log.append("other", "value");
            long boundary = log.log.bounds().writtenEnd();
            LogProgress done =
                    log.erasure(new MemoryJournal(boundary), true, KEY, "never written").run();
            assertEquals(1, done.recordsRemoved());
            assertEquals(1, done.tombstonesLeft());
            assertEquals(List.of(boundary), offsets(log, KEY));
            assertEquals(null, log.records().getLast().value());
            assertEquals(5_000, log.records().getLast().timestampMillis());
            log.assertGone(SECRET);
        }
    }

    @Test
    void aTombstoneThatIsTheLastRecordAlreadyIsTheOneThatStays() {
        try (TestLog log = new TestLog(folder)) {
            log.append(KEY, SECRET);
            log.append(KEY, null);
            long tombstone = log.append(KEY, null);
            for (int time = 0; time < 2; time++) {
                long boundary = log.log.bounds().writtenEnd();
                LogProgress done = log.erasure(new MemoryJournal(boundary), true, KEY).run();
                assertEquals(time == 0 ? 2 : 0, done.recordsRemoved());
                assertEquals(1, done.tombstonesLeft());
                assertEquals(List.of(tombstone), offsets(log, KEY));
            }
            log.assertGone(SECRET);
        }
    }

    @Test
    void whereANewValueWasWrittenNoTombstoneIsAppended() {
        try (TestLog log = new TestLog(folder)) {
            log.append(KEY, SECRET);
            long boundary = log.log.bounds().writtenEnd();
            long later = log.append(KEY, "new");
            LogProgress done = log.erasure(new MemoryJournal(boundary), true, KEY).run();
            assertEquals(1, done.recordsRemoved());
            assertEquals(0, done.tombstonesLeft());
            assertEquals(List.of(later), offsets(log, KEY));
        }
    }

    @Test
    void whatATransactionAbortedIsNoTombstone() {
        try (TestLog log = new TestLog(folder)) {
            log.append(KEY, SECRET);
            appendInTransaction(log, null);
            log.append(Batches.marker(PRODUCER, 0, false));
            long boundary = log.log.bounds().writtenEnd();
            LogProgress done = log.erasure(new MemoryJournal(boundary), true, KEY).run();
            assertEquals(2, done.recordsRemoved());
            assertEquals(1, done.tombstonesLeft());
            assertEquals(List.of(boundary), offsets(log, KEY));
        }
    }

    @Test
    void aTombstoneOfACommittedTransactionIsKept() {
        try (TestLog log = new TestLog(folder)) {
            log.append(KEY, SECRET);
            long tombstone = appendInTransaction(log, null);
            log.append(Batches.marker(PRODUCER, 0, true));
            long boundary = log.log.bounds().writtenEnd();
            LogProgress done = log.erasure(new MemoryJournal(boundary), true, KEY).run();
            assertEquals(1, done.recordsRemoved());
            assertEquals(1, done.tombstonesLeft());
            assertEquals(List.of(tombstone), offsets(log, KEY));
        }
    }

    @Test
    void aTombstoneOfAnOpenTransactionDoesNotCount() {
        try (TestLog log = new TestLog(folder)) {
            log.append(KEY, SECRET);
            appendInTransaction(log, null);
            long boundary = log.log.bounds().writtenEnd();
            log.erasure(new MemoryJournal(boundary), true, KEY).run();
            assertEquals(List.of(boundary), offsets(log, KEY));
        }
    }

    @Test
    void whatATransactionAbortedIsNoNewValue() {
        try (TestLog log = new TestLog(folder)) {
            log.append(KEY, SECRET);
            long boundary = log.log.bounds().writtenEnd();
            long aborted = appendInTransaction(log, "never");
            log.append(Batches.marker(PRODUCER, 0, false));
            long end = log.log.bounds().writtenEnd();
            LogProgress done = log.erasure(new MemoryJournal(boundary), true, KEY).run();
            assertEquals(1, done.recordsRemoved());
            assertEquals(1, done.tombstonesLeft());
            assertEquals(List.of(aborted, end), offsets(log, KEY));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theEndOfATransactionWithANewValueIsWaitedFor(boolean committed) {
        try (TestLog log = new TestLog(folder)) {
            log.append(KEY, SECRET);
            MemoryJournal journal = new MemoryJournal(log.log.bounds().writtenEnd());
            long later = appendInTransaction(log, "new");
            LogErasure erasure = log.erasure(journal, true, KEY);
            String why = assertThrows(StorageException.class, erasure::run).getMessage();
            assertTrue(why.contains("in a transaction that is open"), why);

            log.append(Batches.marker(PRODUCER, 0, committed));
            long end = log.log.bounds().writtenEnd();
            LogProgress done = erasure.run();
            assertEquals(1, done.recordsRemoved());
            assertEquals(committed ? 0 : 1, done.tombstonesLeft());
            assertEquals(committed ? List.of(later) : List.of(later, end), offsets(log, KEY));
        }
    }

    @Test
    void recordsBeforeTheLogStartGoFromTheFile() {
        try (TestLog log = new TestLog(folder)) {
            log.append(KEY, SECRET);
            fill(log, 3);
            log.log.trim(2).join();
            assertTrue(!FileTree.filesWith(folder, SECRET).isEmpty(), "the segment is still there");
            long boundary = log.log.bounds().writtenEnd();
            LogProgress done = log.erasure(new MemoryJournal(boundary), false, KEY).run();
            assertEquals(1, done.recordsRemoved());
            assertEquals(2, log.log.bounds().logStart());
            log.assertGone(KEY, SECRET);
        }
    }

    @Test
    void aBatchOfTheKeyAloneLeavesItsOffsetsAndSequences() {
        try (TestLog log = new TestLog(folder)) {
            RecordBatchBuilder batch =
                    RecordBatchBuilder.growable(256)
                            .compression(Compression.LZ4)
                            .producer(9, (short) 0, 0);
            for (int i = 0; i < 3; i++) {
                batch.append(1, TestLog.bytes(KEY), TestLog.bytes(SECRET));
            }
            log.append(batch.build());
            long boundary = log.log.bounds().writtenEnd();
            log.erasure(new MemoryJournal(boundary), false, KEY).run();
        }
        // The producers are read from the files where there is no snapshot.
        try (TestLog log = new TestLog(folder)) {
            assertEquals(List.of(), log.records());
            RecordBatchBuilder next = RecordBatchBuilder.growable(256).producer(9, (short) 0, 3);
            next.append(1, null, new byte[1]);
            assertEquals(3, log.append(next.build()));
        }
    }

    @Test
    void anotherRewriteIsWaitedFor() {
        try (TestLog log = new TestLog(folder)) {
            log.append(KEY, SECRET);
            long boundary = log.log.bounds().writtenEnd();
            log.log.sealed().seal().join();
            LogErasure erasure = log.erasure(new MemoryJournal(boundary), false, KEY);
            List<SealedSegment> sealed = log.log.sealed().list();
            try (Rewrite other = log.log.sealed().rewrite(List.of(sealed.getFirst()))) {
                assertThrows(StorageException.class, erasure::run);
                assertEquals(0, other.sizeBytes());
            }
            assertEquals(1, erasure.run().recordsRemoved());
        }
    }

    @Test
    void filesThatReadersHoldAreWaitedFor() {
        try (TestLog log = new TestLog(folder)) {
            log.append(KEY, SECRET);
            long boundary = log.log.bounds().writtenEnd();
            log.log.sealed().seal().join();
            LogErasure erasure = log.erasure(new MemoryJournal(boundary), false, KEY);
            try (LogSlice held = log.log.sealed().read(log.log.sealed().list().getFirst())) {
                assertEquals(Stage.VERIFIED, erasure.run().stage());
                assertTrue(held.sizeBytes() > 0);
                // It has no name any more.
                log.assertGone(KEY, SECRET);
            }
            assertEquals(Stage.DONE, erasure.run().stage());
        }
    }

    @Test
    void damageIsNeverTakenForSuccess() throws IOException {
        try (TestLog log = new TestLog(folder)) {
            fill(log, 100);
            log.append(KEY, SECRET);
        }
        String first = dataFiles(folder).firstKey();
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve(first).toFile(), "rw")) {
            file.seek(200);
            int old = file.read();
            file.seek(200);
            file.write(old ^ 1);
        }
        try (TestLog log = new TestLog(folder)) {
            long boundary = log.log.bounds().writtenEnd();
            MemoryJournal journal = new MemoryJournal(boundary);
            LogErasure erasure = log.erasure(journal, false, KEY);
            assertThrows(StorageException.class, erasure::run);
            assertEquals(Stage.ERASING, journal.progress().stage());
        }
    }

    @Test
    void itStopsWhenItIsTold() {
        try (TestLog log = new TestLog(folder)) {
            fill(log, 20);
            MemoryJournal journal = new MemoryJournal(log.log.bounds().writtenEnd());
            journal.stop();
            assertThrows(StorageException.class, () -> log.erasure(journal, false, KEY).run());
        }
    }

    @Test
    void anEmptyLogIsDoneAtOnce() {
        try (TestLog log = new TestLog(folder)) {
            assertEquals(Stage.DONE, log.erasure(new MemoryJournal(0), true, KEY).run().stage());
        }
    }

    private static long appendInTransaction(TestLog log, @Nullable String value) {
        RecordBatchBuilder batch =
                RecordBatchBuilder.growable(256).producer(PRODUCER, (short) 0, 0).transactional();
        batch.append(1_000, TestLog.bytes(KEY), TestLog.bytes(value));
        return log.append(batch.build());
    }

    private static void fill(TestLog log, int records) {
        for (int i = 0; i < records; i++) {
            log.append("other-" + i, "value-" + i);
        }
    }

    private static List<Long> offsets(TestLog log, String key) {
        return log.records().stream()
                .filter(record -> key.equals(record.key()))
                .map(Seen::offset)
                .toList();
    }

    private static NavigableMap<String, byte[]> dataFiles(TestLog log) {
        return dataFiles(log.root);
    }

    private static NavigableMap<String, byte[]> dataFiles(Path root) {
        NavigableMap<String, byte[]> files = TestLog.files(root);
        files.keySet().removeIf(name -> !name.endsWith(".log"));
        return files;
    }

    /** What tells a file from another of the same name. */
    private static Map<String, Object> identities(TestLog log) {
        Map<String, Object> identities = new TreeMap<>();
        for (String name : dataFiles(log).keySet()) {
            try {
                identities.put(name, Files.getAttribute(log.root.resolve(name), "unix:ino"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return identities;
    }
}
