package io.leat.compaction.cleaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.compaction.cleaning.CompactedLog.Seen;
import io.leat.compaction.cleaning.CompactedLog.SeenBatch;
import io.leat.compaction.segment.Supervisor;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.Batches;
import io.leat.storage.api.LogSlice;
import io.leat.storage.api.SealedSegment;
import io.leat.storage.api.SealedSegments.Rewrite;
import io.leat.storage.api.StorageException;
import io.leat.wire.record.Compression;
import io.leat.wire.record.RecordBatchBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogCleaningTest {
    private static final int CONTROL = 0x20;
    private static final int DELETE_HORIZON = 0x40;
    private static final long RETENTION = CompactedLog.POLICY.deleteRetentionMillis();

    @TempDir private Path folder;
    private CompactedLog log;

    @BeforeEach
    void open() {
        log = new CompactedLog(folder);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private void reopen() {
        log.close();
        log = new CompactedLog(folder);
    }

    private List<String> texts() {
        return log.records().stream()
                .map(seen -> seen.offset() + " " + seen.key() + "=" + seen.value())
                .toList();
    }

    @Test
    void theLatestValueOfEachKeyStaysWhereItWas() {
        log.append(1, "a", "1");
        log.append(2, "b", "2");
        log.append(3, "a", "3");
        log.append(4, "c", "4");
        log.append(5, "b", "5");

        CleaningReport report = log.clean(CleanPoint.START, 100);

        assertEquals(List.of("2 a=3", "3 c=4", "4 b=5"), texts());
        assertEquals(new CleanPoint(5, CleanPoint.NEVER), report.reached());
        assertTrue(report.complete());
        assertEquals(3, report.keys());
        assertEquals(2, report.recordsRemoved());
        assertTrue(report.bytesFreed() > 0);
        // And none of it depends on what is in memory.
        reopen();
        assertEquals(List.of("2 a=3", "3 c=4", "4 b=5"), texts());
        assertEquals(5, log.append(6, "a", "6"));
    }

    @Test
    void theSegmentThatGrowsIsLeftAlone() {
        log.append(1, "a", "1");
        log.append(2, "a", "2");
        CleaningReport report = log.pass(CleanPoint.START, 100);
        assertEquals(0, report.recordsRemoved());
        assertEquals(List.of("0 a=1", "1 a=2"), texts());
    }

    @Test
    void aLogThatIsCleanIsNotWrittenAgain() {
        for (int i = 0; i < 100; i++) {
            log.append(1, "key-" + i, "value");
        }
        CleaningReport first = log.clean(CleanPoint.START, 100);
        assertEquals(0, first.recordsRemoved());
        assertEquals(0, first.bytesWritten());
        log.append(2, "key-7", "other");
        CleaningReport second = log.clean(first.reached(), 200);
        assertEquals(1, second.recordsRemoved());
        assertTrue(second.bytesWritten() <= 2 * CompactedLog.SEGMENT_BYTES, second::toString);
    }

    @Test
    void tombstonesStayAsLongAsTheyMust() {
        log.append(1, "a", "1");
        log.append(2, "a", null);
        log.append(3, "b", "3");

        CleaningReport first = log.clean(CleanPoint.START, 1_000);
        assertEquals(List.of("1 a=null", "2 b=3"), texts());
        SeenBatch marked = log.batches().getFirst();
        assertTrue((marked.attributes() & DELETE_HORIZON) != 0, marked::toString);
        assertEquals(1_000 + RETENTION, first.reached().nextHorizonMillis());

        // Nothing is dirty, and the time has not come.
        Dirt dirt = Dirt.of(log.log, CompactedLog.POLICY, first.reached(), 1_999);
        assertFalse(dirt.due(CompactedLog.POLICY, first.reached(), 1_999));
        CleaningReport second = log.pass(first.reached(), 1_999);
        assertEquals(List.of("1 a=null", "2 b=3"), texts());
        assertEquals(first.reached(), second.reached());

        assertTrue(dirt.due(CompactedLog.POLICY, first.reached(), 2_000));
        CleaningReport third = log.pass(second.reached(), 2_000);
        assertEquals(List.of("2 b=3"), texts());
        assertEquals(1, third.tombstonesRemoved());
        assertEquals(CleanPoint.NEVER, third.reached().nextHorizonMillis());
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void batchesKeepTheirCodecAndTheirTimes(Compression codec) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(512).compression(codec);
        String text = "the same again and again ".repeat(8);
        builder.append(5, CompactedLog.bytes("a"), CompactedLog.bytes(text));
        builder.append(70, CompactedLog.bytes("b"), CompactedLog.bytes(text));
        builder.append(8, CompactedLog.bytes("c"), null);
        log.append(builder.build());
        log.append(9, "a", "new");

        CleaningReport _ = log.clean(CleanPoint.START, 1_000);

        SeenBatch batch = log.batches().getFirst();
        assertEquals(codec.id() | DELETE_HORIZON, batch.attributes());
        assertEquals(0, batch.baseOffset());
        assertEquals(2, batch.lastOffset());
        assertEquals(
                List.of(new Seen(1, 70, "b", text), new Seen(2, 8, "c", null)), batch.records());
    }

    @Test
    void recordsWithoutAKeyGo() {
        log.append(1, null, "1");
        log.append(2, "a", "2");
        CleaningReport report = log.clean(CleanPoint.START, 100);
        assertEquals(List.of("1 a=2"), texts());
        assertEquals(1, report.keylessRemoved());
    }

    @Test
    void aKeyMayBeEmpty() {
        log.append(1, "", "1");
        log.append(2, "", "2");
        CleaningReport _ = log.clean(CleanPoint.START, 100);
        assertEquals(List.of("1 =2"), texts());
    }

    @Test
    void theLastOffsetIsKeptWhereTheLastRecordGoes() {
        log.append(1, "a", "1");
        log.append(2, "b", null);
        CleaningReport first = log.clean(CleanPoint.START, 100);
        CleaningReport _ = log.pass(first.reached(), 100 + RETENTION);

        assertEquals(List.of("0 a=1"), texts());
        SeenBatch last = log.batches().getLast();
        assertEquals(1, last.lastOffset());
        assertEquals(0, last.recordCount());
        reopen();
        assertEquals(2, log.log.bounds().writtenEnd());
        assertEquals(2, log.append(3, "c", "3"));
    }

    @Test
    void whatWasAbortedGoesAndNeverHidesWhatCounts() {
        log.append(1, "a", "kept");
        append(7, 0, "a", "aborted");
        append(9, 0, "b", "committed");
        log.append(Batches.marker(7, 0, false));
        log.append(Batches.marker(9, 0, true));

        CleaningReport _ = log.clean(CleanPoint.START, 100);

        assertEquals(List.of("0 a=kept", "2 b=committed"), texts());
        assertEquals(texts(), texts(log.committed()));
        reopen();
        assertEquals(texts(), texts(log.committed()));
    }

    private static List<String> texts(List<Seen> records) {
        return records.stream()
                .map(seen -> seen.offset() + " " + seen.key() + "=" + seen.value())
                .toList();
    }

    private void append(long producerId, int sequence, String key, String value) {
        RecordBatchBuilder builder =
                RecordBatchBuilder.growable(256)
                        .producer(producerId, (short) 0, sequence)
                        .transactional();
        builder.append(1, CompactedLog.bytes(key), CompactedLog.bytes(value));
        log.append(builder.build());
    }

    @Test
    void nothingBehindAnOpenTransactionIsTouched() {
        log.append(1, "a", "1");
        log.append(2, "a", "2");
        log.log.sealed().seal().join();
        append(7, 0, "a", "open");
        log.append(3, "a", "4");
        CleaningReport report = log.clean(CleanPoint.START, 100);
        assertEquals(2, report.reached().offset());
        assertEquals(List.of("1 a=2", "2 a=open", "3 a=4"), texts());
    }

    @Test
    void markersGoOnceNothingOfTheirTransactionIsLeft() {
        append(7, 0, "a", "1");
        log.append(Batches.marker(7, 0, true));
        append(7, 1, "a", "2");
        log.append(Batches.marker(7, 0, true));
        // The batch by which the producer is known is behind both.
        append(7, 2, "b", "3");
        log.append(Batches.marker(7, 0, true));
        for (int sequence = 3; sequence < 9; sequence++) {
            append(7, sequence, "c", "4");
        }
        log.append(Batches.marker(7, 0, true));

        CleanPoint point = log.clean(CleanPoint.START, 1_000).reached();
        assertEquals(4, markers());
        // Now that it finds no batch, the first marker gets its horizon.
        point = log.pass(point, 1_001).reached();
        assertEquals(4, markers());
        point = log.pass(point, 1_000 + RETENTION).reached();
        assertEquals(4, markers());
        CleaningReport _ = log.pass(point, 1_001 + RETENTION);
        assertEquals(3, markers());
        assertEquals(List.of("2 a=2", "4 b=3"), texts().subList(0, 2));
    }

    private long markers() {
        return log.batches().stream()
                .filter(batch -> (batch.attributes() & CONTROL) != 0 && batch.recordCount() > 0)
                .count();
    }

    @Test
    void aSmallMapTakesSeveralPasses() {
        for (int i = 0; i < 100; i++) {
            log.append(1, "key-" + i % 50, "value-" + i);
        }
        log.log.sealed().seal().join();
        CleanPoint point = CleanPoint.START;
        int passes = 0;
        CleaningReport report;
        do {
            report =
                    LogCleaning.clean(
                            log.log,
                            CompactedLog.POLICY,
                            Dirt.of(log.log, CompactedLog.POLICY, point, 100),
                            new LogCleaning.Memory(20 * OffsetMap.SLOT_BYTES, 0.5),
                            100,
                            Supervisor.NONE);
            assertTrue(report.keys() <= 10, report::toString);
            assertTrue(report.reached().offset() > point.offset(), report::toString);
            point = report.reached();
            passes++;
        } while (!report.complete());
        assertEquals(10, passes);
        assertEquals(50, log.records().size());
        assertEquals(50, log.records().getFirst().offset());
    }

    @Test
    void whatBecameSmallIsMerged() {
        for (int i = 0; i < 240; i++) {
            log.append(1, "key-" + i % 4, "value-" + i);
        }
        CleaningReport report = log.clean(CleanPoint.START, 100);
        assertTrue(report.segmentsBefore() > 10, report::toString);
        assertEquals(1, report.segmentsAfter());
        SealedSegment only = log.log.sealed().list().getFirst();
        assertEquals(0, only.baseOffset());
        assertEquals(240, only.endOffset());
        assertEquals(4, log.records().size());
    }

    @Test
    void readsThatHaveBegunFinish() {
        log.append(1, "a", "1");
        log.append(2, "a", "2");
        log.log.sealed().seal().join();
        SealedSegment segment = log.log.sealed().list().getFirst();
        try (LogSlice held = log.log.sealed().read(segment)) {
            CleaningReport _ = log.pass(CleanPoint.START, 100);
            assertEquals(2, Batches.parse(held.bytes()).size());
        }
        assertEquals(0, log.log.sealed().retiredBytes());
        assertEquals(List.of("1 a=2"), texts());
    }

    @Test
    void anotherRewriteIsNotWaitedFor() {
        log.append(1, "a", "1");
        log.append(2, "a", "2");
        log.log.sealed().seal().join();
        List<SealedSegment> sealed = log.log.sealed().list();
        try (Rewrite other = log.log.sealed().rewrite(sealed)) {
            assertThrows(StorageException.class, () -> log.pass(CleanPoint.START, 100));
            assertEquals(0, other.sizeBytes());
        }
        assertEquals(1, log.pass(CleanPoint.START, 100).recordsRemoved());
    }

    @Test
    void itStopsWhenItIsTold() {
        log.append(1, "a", "1");
        log.log.sealed().seal().join();
        Supervisor stopping =
                new Supervisor() {
                    @Override
                    public void read(long bytes) {}

                    @Override
                    public boolean stopped() {
                        return true;
                    }
                };
        Dirt dirt = Dirt.of(log.log, CompactedLog.POLICY, CleanPoint.START, 100);
        assertThrows(
                StorageException.class,
                () ->
                        LogCleaning.clean(
                                log.log,
                                CompactedLog.POLICY,
                                dirt,
                                LogCleaning.Memory.DEFAULT,
                                100,
                                stopping));
    }

    @Test
    void aProducerGoesOnWhereItWasAlsoWithoutSnapshots() {
        for (int sequence = 0; sequence < 30; sequence++) {
            RecordBatchBuilder builder =
                    RecordBatchBuilder.growable(128).producer(5, (short) 2, sequence);
            builder.append(1, CompactedLog.bytes("a"), CompactedLog.bytes("v" + sequence));
            log.append(builder.build());
        }
        log.append(1, "a", "last");
        CleaningReport _ = log.clean(CleanPoint.START, 100);
        assertEquals(1, log.records().size());
        log.close();
        CompactedLog.damageSnapshots(folder);
        log = new CompactedLog(folder);
        // The last five are told apart from new ones, as before.
        for (int sequence = 25; sequence < 30; sequence++) {
            RecordBatchBuilder again =
                    RecordBatchBuilder.growable(128).producer(5, (short) 2, sequence);
            again.append(1, CompactedLog.bytes("a"), CompactedLog.bytes("v" + sequence));
            AppendOutcome.Duplicate duplicate =
                    assertInstanceOf(AppendOutcome.Duplicate.class, log.offer(again.build()));
            assertEquals(sequence, duplicate.baseOffset());
        }
        AppendOutcome gap = log.offer(Batches.produced(5, 2, 31, 1));
        assertEquals(
                AppendOutcome.Refusal.OUT_OF_ORDER_SEQUENCE,
                assertInstanceOf(AppendOutcome.Refused.class, gap).reason());
        assertInstanceOf(AppendOutcome.Appended.class, log.offer(Batches.produced(5, 2, 30, 1)));
    }

    @Test
    void timesAreStillFound() {
        log.append(10, "a", "1");
        log.append(20, "b", "2");
        log.append(30, "a", "3");
        log.append(40, "b", "4");
        CleaningReport _ = log.clean(CleanPoint.START, 100);
        assertEquals(2, log.log.offsetForTime(5).join().orElseThrow().offset());
        assertEquals(3, log.log.offsetForTime(31).join().orElseThrow().offset());
        assertEquals(40, log.log.maxTimestamp().join().orElseThrow().timestampMillis());
    }

    @Test
    void theSameAgainChangesNothing() {
        for (int i = 0; i < 60; i++) {
            log.append(1, "key-" + i % 7, i % 5 == 0 ? null : "value-" + i);
        }
        CleaningReport first = log.clean(CleanPoint.START, 100);
        List<SeenBatch> batches = log.batches();
        CleaningReport again = log.pass(CleanPoint.START, 101);
        assertEquals(0, again.recordsRemoved());
        assertEquals(0, again.bytesWritten());
        assertEquals(batches, log.batches());
        assertTrue(Objects.equals(first.reached(), again.reached()), again::toString);
    }
}
