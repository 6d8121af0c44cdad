package io.leat.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.AppendOutcome.Appended;
import io.leat.storage.api.AppendOutcome.Duplicate;
import io.leat.storage.api.AppendOutcome.Refusal;
import io.leat.storage.api.AppendOutcome.Refused;
import io.leat.storage.api.Batches;
import io.leat.storage.api.Durability;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogConfig.TimestampType;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.StorageObserver;
import io.leat.storage.local.ProducerTable.Verdict;
import io.leat.wire.record.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches of one producer that wait to be written. */
class StagedProducersTest {
    private static final long P = 7;
    private static final LogConfig CONFIG =
            new LogConfig(100_000, Long.MAX_VALUE, 300, 1 << 16, TimestampType.CREATE_TIME);

    private final StagedProducers staged = new StagedProducers();

    private static RecordBatch produced(long id, int epoch, int sequence, int count) {
        return RecordBatch.of(Batches.produced(id, epoch, sequence, count));
    }

    @Test
    void only_what_goes_on_where_the_last_one_ends_is_next() {
        assertFalse(staged.knows(produced(P, 0, 0, 2)));
        staged.add(produced(P, 0, 0, 2));
        staged.add(produced(P + 1, 3, 50, 1));
        assertTrue(staged.knows(produced(P, 0, 0, 2)));
        assertTrue(staged.isNext(produced(P, 0, 2, 5)));
        assertTrue(staged.isNext(produced(P + 1, 3, 51, 1)));
        assertFalse(staged.isNext(produced(P, 0, 0, 2)), "sent again");
        assertFalse(staged.isNext(produced(P, 0, 1, 1)), "a part of it");
        assertFalse(staged.isNext(produced(P, 0, 3, 1)), "a gap");
        assertFalse(staged.isNext(produced(P, 1, 2, 1)), "another epoch");
        assertFalse(staged.isNext(produced(P + 1, 0, 51, 1)), "an older epoch");
        assertFalse(staged.isNext(RecordBatch.of(Batches.marker(P, 0, true))), "a marker");
        staged.clear();
        assertFalse(staged.knows(produced(P, 0, 2, 5)));
    }

    @Test
    void sequences_wrap_to_zero() {
        staged.add(produced(P, 0, Integer.MAX_VALUE - 1, 2));
        assertTrue(staged.isNext(produced(P, 0, 0, 1)));
        staged.add(produced(P, 0, Integer.MAX_VALUE - 1, 4));
        assertTrue(staged.isNext(produced(P, 0, 2, 1)));
    }

    @Test
    void nothing_is_next_behind_a_marker_or_a_batch_without_a_producer() {
        staged.add(RecordBatch.of(Batches.marker(P, 0, true)));
        RecordBatch first = produced(P, 0, 0, 1);
        assertTrue(staged.knows(first));
        assertFalse(staged.isNext(first));
        RecordBatch plain = RecordBatch.of(Batches.batch(1, "a"));
        staged.add(plain);
        assertFalse(staged.knows(plain));
    }

    /** The table is the truth: what is next here it would take too, if it knew what is staged. */
    @Property(tries = 300)
    void what_is_next_would_be_judged_fresh(@ForAll long seed) {
        Random random = new Random(seed);
        ProducerTable table = new ProducerTable();
        AbortedIndex aborted = new AbortedIndex();
        StagedProducers waiting = new StagedProducers();
        long offset = 0;
        int next = 0;
        for (int i = 0; i < 60; i++) {
            long id = P + random.nextInt(2);
            int epoch = random.nextInt(10) / 9;
            int sequence = random.nextInt(4) == 0 ? random.nextInt(8) : next;
            int count = 1 + random.nextInt(3);
            RecordBatch batch =
                    random.nextInt(8) == 0
                            ? RecordBatch.of(Batches.marker(id, epoch, random.nextBoolean()))
                            : random.nextBoolean()
                                    ? produced(id, epoch, sequence, count)
                                    : RecordBatch.of(
                                            Batches.transactional(id, epoch, sequence, count));
            if (waiting.isNext(batch)) {
                assertEquals(Verdict.Fresh.FRESH, table.judge(batch), "batch " + i);
            }
            if (table.judge(batch) instanceof Verdict.Fresh) {
                batch.baseOffset(offset);
                offset = batch.nextOffset();
                table.appended(batch, 0, aborted);
                waiting.add(batch);
                if (!batch.isControl()) {
                    next = batch.lastSequence() + 1;
                }
            }
            if (random.nextInt(10) == 0) {
                waiting.clear();
            }
        }
    }

    @Test
    void what_a_producer_sent_in_a_row_is_written_together(@TempDir Path directory) {
        List<Integer> writes = new ArrayList<>();
        StorageObserver observer =
                new StorageObserver() {
                    @Override
                    public void forced(long nanos, int appends) {}

                    @Override
                    public void written(long nanos, int bytes) {
                        writes.add(bytes);
                    }
                };
        SeededWorkers workers = new SeededWorkers(new Random(1));
        LocalStoreSettings settings = LocalStoreSettings.defaults();
        LocalLogStore store =
                new LocalLogStore(directory, settings, observer, new ForwardingDisk(), workers);
        LogId id = new LogId("t", new UUID(1, 2), 0);
        PartitionLog log = store.open(id, CONFIG, LogListener.NONE);
        workers.settle();

        List<ByteBuffer> row =
                Stream.of(0, 2, 4, 6, 8).map(s -> Batches.produced(P, 0, s, 2)).toList();
        int rowBytes = row.stream().mapToInt(ByteBuffer::remaining).sum();
        List<CompletableFuture<AppendOutcome>> answers =
                row.stream().map(batch -> log.append(batch, Durability.FORCED)).toList();
        workers.settle();
        assertEquals(List.of(rowBytes), writes);
        for (int i = 0; i < answers.size(); i++) {
            Appended appended = assertInstanceOf(Appended.class, answers.get(i).join());
            assertEquals(2L * i, appended.baseOffset());
        }

        // One that goes on, the same again, one that leaves a gap, and the next.
        answers =
                Stream.of(10, 10, 13, 12)
                        .map(s -> log.append(Batches.produced(P, 0, s, 2), Durability.FORCED))
                        .toList();
        workers.settle();
        assertEquals(10, assertInstanceOf(Appended.class, answers.get(0).join()).baseOffset());
        assertEquals(10, assertInstanceOf(Duplicate.class, answers.get(1).join()).baseOffset());
        assertEquals(
                Refusal.OUT_OF_ORDER_SEQUENCE,
                assertInstanceOf(Refused.class, answers.get(2).join()).reason());
        assertEquals(12, assertInstanceOf(Appended.class, answers.get(3).join()).baseOffset());
        assertEquals(3, writes.size());
        store.close();
    }
}
