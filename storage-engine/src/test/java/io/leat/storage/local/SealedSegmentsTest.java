package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.AppendOutcome.Duplicate;
import io.leat.storage.api.Batches;
import io.leat.storage.api.Durability;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.LogSlice;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.SealedSegments;
import io.leat.storage.api.SealedSegments.Rewrite;
import io.leat.storage.api.StorageException;
import io.leat.storage.api.StorageObserver;
import io.leat.storage.api.TimedOffset;
import io.leat.wire.record.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sealing, and putting one new segment in the place of several. */
class SealedSegmentsTest {
    private static final LogId ID = new LogId("t", new UUID(3, 4), 0);
    private static final LogConfig CONFIG =
            new LogConfig(1_000, Long.MAX_VALUE, 200, 1 << 16, TimestampType.CREATE_TIME);

    @TempDir private Path directory;
    private LocalLogStore store;
    private PartitionLog log;
    private SealedSegments sealed;

    @BeforeEach
    void open() {
        store =
                new LocalLogStore(
                        directory,
                        LocalStoreSettings.defaults(),
                        StorageObserver.NONE,
                        new FileDisk());
        log = store.open(ID, CONFIG, LogListener.NONE);
        sealed = log.sealed();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void reopen() {
        close();
        open();
    }

    private long append(ByteBuffer batch) {
        return assertInstanceOf(Appended.class, log.append(batch, Durability.FORCED).join())
                .baseOffset();
    }

    /** Appends records with the timestamps 0, 1, 2 ..., each in a batch of its own. */
    private void fill(int records) {
        for (int i = 0; i < records; i++) {
            append(Batches.batch(i, "value-" + i));
        }
    }

    /** The offsets of all batches with records that a consumer reads. */
    private List<Long> offsets() {
        List<Long> offsets = new ArrayList<>();
        long next = log.bounds().logStart();
        while (next < log.bounds().durableEnd()) {
            ReadOutcome read = log.read(next, 1 << 20, true, Isolation.READ_UNCOMMITTED).join();
            ReadOutcome.Data data = assertInstanceOf(ReadOutcome.Data.class, read, read::toString);
            try (LogSlice slice = data.slice()) {
                for (RecordBatch batch : Batches.parse(slice.bytes())) {
                    if (batch.recordCount() > 0 && batch.baseOffset() >= next) {
                        offsets.add(batch.baseOffset());
                    }
                    next = batch.nextOffset();
                }
            }
        }
        return offsets;
    }

    /** Rewrites segments with the batches whose base offsets are wanted. */
    private SealedSegment rewrite(List<SealedSegment> segments, Predicate<Long> wanted) {
        try (Rewrite rewrite = sealed.rewrite(segments)) {
            for (SealedSegment segment : segments) {
                copy(segment, rewrite, wanted);
            }
            return rewrite.commit();
        }
    }

    private void copy(SealedSegment segment, Rewrite rewrite, Predicate<Long> wanted) {
        try (LogSlice slice = sealed.read(segment)) {
            for (RecordBatch batch : Batches.parse(slice.bytes())) {
                if (wanted.test(batch.baseOffset())) {
                    rewrite.append(batch.bytes());
                }
            }
        }
    }

    private List<String> files() {
        return FileTree.names(directory.resolve("logs"));
    }

    private static List<Long> bases(List<SealedSegment> segments) {
        return segments.stream().map(SealedSegment::baseOffset).toList();
    }

    @Test
    void sealingCoversAllThatIsThere() {
        fill(3);
        assertEquals(List.of(), sealed.list());
        sealed.seal().join();
        assertEquals(1, sealed.list().size());
        SealedSegment only = sealed.list().getFirst();
        assertEquals(0, only.baseOffset());
        assertEquals(3, only.endOffset());
        assertEquals(2, only.maxTimestampMillis());
        assertEquals(3, sealed.growing().orElseThrow().baseOffset());
        // Nothing came since.
        sealed.seal().join();
        assertEquals(List.of(only), sealed.list());
        assertEquals(3, append(Batches.batch(9, "next")));
        assertEquals(List.of(0L, 1L, 2L, 3L), offsets());
        reopen();
        assertEquals(List.of(only), sealed.list());
        assertEquals(List.of(0L, 1L, 2L, 3L), offsets());
    }

    @Test
    void anEmptyLogHasNothingToSeal() {
        sealed.seal().join();
        assertEquals(List.of(), sealed.list());
        assertEquals(0, append(Batches.batch(1, "first")));
    }

    @Test
    void neighboursBecomeOne() {
        fill(60);
        sealed.seal().join();
        List<SealedSegment> before = sealed.list();
        assertTrue(before.size() >= 4, before::toString);
        List<SealedSegment> merged = before.subList(1, 3);
        SealedSegment fresh = rewrite(merged, offset -> offset % 2 == 0);

        assertEquals(merged.getFirst().baseOffset(), fresh.baseOffset());
        assertEquals(merged.getLast().endOffset(), fresh.endOffset());
        List<SealedSegment> after = new ArrayList<>(before);
        after.subList(1, 3).clear();
        after.add(1, fresh);
        assertEquals(after, sealed.list());
        List<Long> expected =
                Stream.iterate(0L, offset -> offset + 1)
                        .limit(60)
                        .filter(offset ->
                                offset < fresh.baseOffset()
                                        || offset >= fresh.endOffset()
                                        || offset % 2 == 0)
                        .toList();
        assertEquals(expected, offsets());
        assertTrue(
                files().stream()
                        .noneMatch(file ->
                                file.startsWith("%020d".formatted(merged.getLast().baseOffset()))),
                files()::toString);
        assertTrue(files().stream().noneMatch(file -> file.endsWith(".swap")), files()::toString);
        // Look-ups by time find their way too.
        assertEquals(Optional.of(new TimedOffset(59, 59)), log.offsetForTime(59).join());
        long odd = fresh.baseOffset() % 2 == 0 ? fresh.baseOffset() + 1 : fresh.baseOffset();
        assertTrue(
                log.offsetForTime(odd).join().orElseThrow().offset() > odd, "the odd one is gone");
        reopen();
        assertEquals(bases(after), bases(sealed.list()));
        assertEquals(expected, offsets());
        assertEquals(60, append(Batches.batch(100, "next")));
    }

    @Test
    void segmentsOfWhichNothingStaysStillEndWhereTheNextBegins() {
        fill(30);
        sealed.seal().join();
        SealedSegment fresh = rewrite(sealed.list(), offset -> false);
        assertEquals(0, fresh.baseOffset());
        assertEquals(30, fresh.endOffset());
        assertEquals(List.of(), offsets());
        reopen();
        assertEquals(List.of(), offsets());
        assertEquals(30, append(Batches.batch(1, "next")));
        assertEquals(List.of(30L), offsets());
    }

    @Test
    void readersThatHaveBegunFinishOnTheOldBytes() {
        fill(30);
        sealed.seal().join();
        SealedSegment first = sealed.list().getFirst();
        try (LogSlice held = sealed.read(first)) {
            byte[] before = new byte[held.sizeBytes()];
            held.bytes().get(0, before);
            rewrite(List.of(first), offset -> offset == 0);
            assertTrue(sealed.retiredBytes() > 0);
            assertEquals(ByteBuffer.wrap(before), held.bytes());
        }
        assertEquals(0, sealed.retiredBytes());
    }

    @Test
    void oneRewriteAtATimeAndNothingOfOneThatIsGivenUp() {
        fill(30);
        sealed.seal().join();
        List<SealedSegment> before = sealed.list();
        List<String> files = files();
        try (Rewrite rewrite = sealed.rewrite(before.subList(0, 1))) {
            assertThrows(StorageException.class, () -> sealed.rewrite(before.subList(1, 2)));
            copy(before.getFirst(), rewrite, offset -> offset == 1);
        }
        assertEquals(before, sealed.list());
        assertEquals(files, files());
        assertEquals(30, offsets().size());
        rewrite(before.subList(1, 2), offset -> true);
        assertEquals(before, sealed.list());
    }

    @Test
    void whatIsNotThereAnyMoreIsNotRewritten() {
        fill(60);
        sealed.seal().join();
        List<SealedSegment> before = sealed.list();
        rewrite(before.subList(0, 2), offset -> true);
        assertThrows(StorageException.class, () -> sealed.rewrite(before.subList(1, 2)));
        assertThrows(StorageException.class, () -> sealed.read(before.get(1)));
        SealedSegment third = before.get(2);
        assertThrows(
                StorageException.class,
                () -> sealed.rewrite(List.of(before.get(2), before.getLast())),
                "a gap between");
        Rewrite open = sealed.rewrite(List.of(third));
        copy(third, open, offset -> true);
        log.trim(third.endOffset()).join();
        assertThrows(StorageException.class, open::commit);
        open.close();
        assertEquals(third.endOffset(), sealed.list().getFirst().baseOffset());
        assertEquals(third.endOffset(), offsets().getFirst());
    }

    @Test
    void offsetsMustRiseWithinTheSegments() {
        fill(60);
        sealed.seal().join();
        List<SealedSegment> segments = sealed.list();
        try (Rewrite rewrite = sealed.rewrite(segments.subList(1, 2));
                LogSlice slice = sealed.read(segments.get(0))) {
            assertThrows(StorageException.class, () -> rewrite.append(slice.bytes()));
        }
    }

    @Test
    void aRewriteThatOutlivesItsLogFails() {
        fill(30);
        sealed.seal().join();
        Rewrite rewrite = sealed.rewrite(sealed.list().subList(0, 1));
        log.close();
        assertThrows(StorageException.class, rewrite::commit);
        rewrite.close();
        log = store.open(ID, CONFIG, LogListener.NONE);
        sealed = log.sealed();
        assertEquals(30, offsets().size());
    }

    @Test
    void producersAndAbortedTransactionsStayKnown() {
        append(Batches.transactional(7, 0, 0, 2));
        append(Batches.marker(7, 0, false));
        append(Batches.produced(8, 0, 0, 3));
        fill(20);
        sealed.seal().join();
        // All but the values of fill.
        rewrite(sealed.list(), offset -> offset < 6);
        checkProducers();
        reopen();
        checkProducers();
    }

    private void checkProducers() {
        assertInstanceOf(
                Duplicate.class,
                log.append(Batches.produced(8, 0, 0, 3), Durability.FORCED).join());
        ReadOutcome.Data data =
                assertInstanceOf(
                        ReadOutcome.Data.class,
                        log.read(0, 1 << 20, true, Isolation.READ_COMMITTED).join());
        try (LogSlice slice = data.slice()) {
            assertEquals(1, data.aborted().size(), data::toString);
            assertEquals(7, data.aborted().getFirst().producerId());
            assertTrue(slice.sizeBytes() > 0);
        }
    }
}
