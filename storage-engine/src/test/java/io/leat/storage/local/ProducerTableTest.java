package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.AppendOutcome.Refusal;
import io.leat.storage.api.Batches;
import io.leat.storage.local.ProducerTable.Verdict;
import io.leat.wire.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ProducerTableTest {
    private static final long P = 7;

    private ProducerTable table = new ProducerTable();
    private final AbortedIndex aborted = new AbortedIndex();
    private long nextOffset;

    private static RecordBatch batch(int epoch, int sequence, int count) {
        return RecordBatch.of(Batches.produced(P, epoch, sequence, count));
    }

    private Verdict judge(int epoch, int sequence, int count) {
        return table.judge(batch(epoch, sequence, count));
    }

    private void append(int epoch, int sequence, int count) {
        RecordBatch batch = batch(epoch, sequence, count);
        assertEquals(Verdict.Fresh.FRESH, table.judge(batch));
        batch.baseOffset(nextOffset);
        nextOffset = batch.nextOffset();
        table.appended(batch, 0, aborted);
    }

    private void assertRefused(Refusal reason, Verdict verdict) {
        assertEquals(reason, assertInstanceOf(Verdict.Unfit.class, verdict).reason());
    }

    private ProducerTable restored() {
        return ProducerTable.restore(table.snapshot(aborted), 0).orElseThrow().producers();
    }

    @Test
    void batches_without_a_producer_pass_and_leave_no_trace() {
        RecordBatch batch = RecordBatch.of(Batches.batch(1, "a"));
        assertEquals(Verdict.Fresh.FRESH, table.judge(batch));
        table.appended(batch, 0, aborted);
        assertEquals(0, table.size());
    }

    @Test
    void an_unknown_producer_may_begin_anywhere() {
        append(3, 500, 2);
        append(3, 502, 1);
    }

    @Test
    void the_last_five_batches_are_known_with_their_places() {
        for (int i = 0; i < 7; i++) {
            append(0, i * 2, 2);
        }
        for (int i = 2; i < 7; i++) {
            Verdict.Known known = assertInstanceOf(Verdict.Known.class, judge(0, i * 2, 2));
            assertEquals(new Verdict.Known(i * 2L, i * 2L + 1, 1), known);
        }
        assertRefused(Refusal.DUPLICATE_SEQUENCE, judge(0, 0, 2));
        assertRefused(Refusal.DUPLICATE_SEQUENCE, judge(0, 2, 2));
    }

    @Test
    void old_sequences_are_no_duplicates_unless_all_are_known_to_have_come() {
        // The producer was not known when it sent 100, so what came before may be lost.
        append(0, 100, 1);
        assertRefused(Refusal.OUT_OF_ORDER_SEQUENCE, judge(0, 90, 1));
    }

    @Test
    void a_gap_or_an_overlap_is_out_of_order() {
        append(0, 0, 3);
        assertRefused(Refusal.OUT_OF_ORDER_SEQUENCE, judge(0, 4, 1));
        assertRefused(Refusal.OUT_OF_ORDER_SEQUENCE, judge(0, 1, 2));
        assertRefused(Refusal.OUT_OF_ORDER_SEQUENCE, judge(0, 2, 3));
        assertRefused(Refusal.OUT_OF_ORDER_SEQUENCE, judge(0, 0, 4));
        assertEquals(Verdict.Fresh.FRESH, judge(0, 3, 1));
    }

    @Test
    void a_new_epoch_begins_with_zero_and_fences_the_old() {
        append(0, 0, 3);
        assertRefused(Refusal.OUT_OF_ORDER_SEQUENCE, judge(1, 3, 1));
        append(1, 0, 1);
        assertRefused(Refusal.STALE_PRODUCER_EPOCH, judge(0, 3, 1));
        assertRefused(Refusal.STALE_PRODUCER_EPOCH, judge(0, 0, 3));
        append(1, 1, 1);
    }

    @Test
    void sequences_wrap_to_zero() {
        int max = Integer.MAX_VALUE;
        append(0, max - 3, 3);
        append(0, max - 0, 1);
        append(0, 0, 2);
        assertInstanceOf(Verdict.Known.class, judge(0, max, 1));
        assertRefused(Refusal.OUT_OF_ORDER_SEQUENCE, judge(0, max - 1, 1));
        assertEquals(Verdict.Fresh.FRESH, judge(0, 2, 1));
    }

    @Test
    void one_batch_may_wrap() {
        int max = Integer.MAX_VALUE;
        append(0, max - 1, 1);
        append(0, max, 4);
        assertInstanceOf(Verdict.Known.class, judge(0, max, 4));
        assertEquals(Verdict.Fresh.FRESH, judge(0, 3, 1));
    }

    @Test
    void a_first_batch_that_failed_comes_first_when_it_is_sent_again() {
        table.awaitNext(batch(0, 0, 2), 0);
        assertRefused(Refusal.OUT_OF_ORDER_SEQUENCE, judge(0, 2, 1));
        append(0, 0, 2);
        append(0, 2, 1);
        // Later ones are held up by what is known.
        table.awaitNext(batch(0, 3, 2), 0);
        assertRefused(Refusal.OUT_OF_ORDER_SEQUENCE, judge(0, 5, 1));
    }

    @Test
    void idle_producers_are_forgotten() {
        table.appended(RecordBatch.of(Batches.produced(1, 0, 0, 1)), 1000, aborted);
        table.appended(RecordBatch.of(Batches.produced(2, 0, 0, 1)), 1500, aborted);
        table.expire(2000, 600);
        assertEquals(1, table.size());
        table.expire(2100, 600);
        assertEquals(0, table.size());
    }

    @Property(tries = 100)
    void a_snapshot_judges_alike(
            @ForAll @Size(max = 20) List<@IntRange(min = 1, max = 4) Integer> counts,
            @ForAll @IntRange(min = 0, max = 60) int sequence,
            @ForAll @IntRange(min = 1, max = 4) int count) {
        table = new ProducerTable();
        nextOffset = 0;
        int next = 0;
        for (int i = 0; i < counts.size(); i++) {
            append(i / 8, i % 8 == 0 ? 0 : next, counts.get(i));
            next = (i % 8 == 0 ? 0 : next) + counts.get(i);
        }
        int epoch = Math.max(0, (counts.size() - 1) / 8);
        Verdict before = judge(epoch, sequence, count);
        table = restored();
        assertEquals(before, judge(epoch, sequence, count));
        assertEquals(counts.isEmpty() ? 0 : 1, table.size());
    }

    @Test
    void a_damaged_snapshot_is_not_believed() {
        append(0, 0, 3);
        table.appended(RecordBatch.of(Batches.produced(99, 5, 17, 2)), 0, aborted);
        ByteBuffer snapshot = table.snapshot(aborted);
        for (int i = 0; i < snapshot.limit(); i++) {
            snapshot.put(i, (byte) (snapshot.get(i) ^ 0x40));
            assertTrue(ProducerTable.restore(snapshot, 0).isEmpty(), "byte " + i);
            snapshot.put(i, (byte) (snapshot.get(i) ^ 0x40));
            assertTrue(ProducerTable.restore(snapshot.slice(0, i), 0).isEmpty(), "cut at " + i);
        }
        assertTrue(ProducerTable.restore(snapshot, 0).isPresent());
    }
}
