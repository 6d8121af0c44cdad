package io.leat.broker.api.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.partition.Partition;
import io.leat.storage.api.ActiveProducer;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.Durability;
import io.leat.storage.api.Isolation;
import io.leat.storage.api.LogBounds;
import io.leat.storage.api.LogConfig;
import io.leat.storage.api.LogDetails;
import io.leat.storage.api.LogId;
import io.leat.storage.api.LogListener;
import io.leat.storage.api.LogSlice;
import io.leat.storage.api.LogStore;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.ReadOutcome;
import io.leat.storage.api.SealedSegments;
import io.leat.storage.api.TimedOffset;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a fetch waits, what wakes it, and that it keeps no lease meanwhile. */
class PendingFetchTest {
    private static final int RECORD_BYTES = batch(0).remaining();
    private static final int LONG = 20_000;

    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger leases = new AtomicInteger();
    private final List<FakeLog> logs = new ArrayList<>();
    private final List<PendingFetch.Source> sources = new ArrayList<>();

    @AfterEach
    void stop() {
        loop.shutdownNow();
        for (PendingFetch.Source source : sources) {
            source.partition().ifPresent(partition -> assertEquals(0, partition.waiters().size()));
        }
        assertEquals(0, leases.get());
    }

    @Test
    void whatIsThereIsAnsweredAtOnce() throws Exception {
        partition(0).grow(3);
        assertEquals(3 * RECORD_BYTES, bytes(fetch(1, 1000, LONG)));
    }

    @Test
    void aFetchWithoutTimeIsAnsweredAtOnce() throws Exception {
        partition(0);
        assertEquals(0, bytes(fetch(1, 1000, 0)));
    }

    @Test
    void aFetchThatWaitsIsWokenByAnyOfItsPartitions() throws Exception {
        partition(0);
        FakeLog second = partition(0);
        CompletableFuture<List<FetchResult>> waiting = fetch(1, 1000, LONG);
        settle();
        assertFalse(waiting.isDone());
        second.grow(2);
        assertEquals(2 * RECORD_BYTES, bytes(waiting));
    }

    @Test
    void aFetchWaitsUntilThereIsEnoughAndHoldsNothing() throws Exception {
        FakeLog log = partition(0);
        log.grow(1);
        CompletableFuture<List<FetchResult>> waiting = fetch(3 * RECORD_BYTES + 5, 1000, LONG);
        for (int count = 0; count < 2; count++) {
            settle();
            assertFalse(waiting.isDone());
            assertEquals(0, leases.get());
            log.grow(1);
        }
        log.grow(1);
        assertEquals(4 * RECORD_BYTES, bytes(waiting));
    }

    @Test
    void theEndOfASegmentIsEnoughWhereMoreFollows() throws Exception {
        FakeLog log = partition(0);
        log.segmentEnd = 2;
        log.grow(2);
        CompletableFuture<List<FetchResult>> waiting = fetch(1000, 1000, LONG);
        settle();
        assertFalse(waiting.isDone());
        log.grow(1);
        assertEquals(2 * RECORD_BYTES, bytes(waiting));
    }

    @Test
    void aFullPartitionIsEnoughWhereItHasMore() throws Exception {
        partition(0).grow(1000 / RECORD_BYTES + 1);
        assertEquals(1000 / RECORD_BYTES * RECORD_BYTES, bytes(fetch(5000, 5000, LONG)));
    }

    @Test
    void noMoreIsWaitedForThanIsGiven() throws Exception {
        partition(0).grow(1);
        partition(0).grow(1);
        int both = 2 * RECORD_BYTES;
        assertEquals(both, bytes(fetch(5000, both, LONG)));
    }

    @Test
    void timeEndsTheWaiting() throws Exception {
        partition(0).grow(1);
        assertEquals(RECORD_BYTES, bytes(fetch(1000, 1000, 50)));
    }

    @Test
    void whoeverHasNoTimeLeftIsAnsweredWithWhatThereIs() throws Exception {
        partition(0).grow(1);
        PendingFetch fetch =
                new PendingFetch(
                        sources,
                        new PendingFetch.Limits(1000, 1000, LONG, Isolation.READ_UNCOMMITTED),
                        loop);
        CompletableFuture<List<FetchResult>> waiting = start(fetch);
        settle();
        assertFalse(waiting.isDone());
        fetch.hurry();
        assertEquals(RECORD_BYTES, bytes(waiting));
    }

    @Test
    void aRecordThatComesBetweenTheReadAndTheWaitingIsNotMissed() throws Exception {
        FakeLog log = partition(0);
        log.growAfterNextBounds = true;
        assertEquals(RECORD_BYTES, bytes(fetch(1, 1000, LONG)));
    }

    @Test
    void slowReadsAreWaitedFor() throws Exception {
        FakeLog slow = partition(0);
        slow.delayed = new CompletableFuture<>();
        slow.grow(1);
        partition(0).grow(1);
        CompletableFuture<List<FetchResult>> waiting = fetch(1, 1000, LONG);
        settle();
        assertFalse(waiting.isDone());
        assertTrue(slow.delayed.complete(null));
        assertEquals(2 * RECORD_BYTES, bytes(waiting));
    }

    @Test
    void theBytesOfAllPartitionsTogetherAreBounded() throws Exception {
        for (int count = 0; count < 4; count++) {
            partition(0).grow(2);
        }
        assertEquals(3 * RECORD_BYTES, bytes(fetch(1, 3 * RECORD_BYTES + 5, LONG)));
    }

    @Test
    void oneBatchIsAlwaysGiven() throws Exception {
        partition(0).grow(1);
        partition(0).grow(1);
        assertEquals(RECORD_BYTES, bytes(fetch(1, 1, LONG)));
    }

    @Test
    void anErrorIsAnsweredAtOnce() throws Exception {
        partition(5);
        partition(0);
        List<FetchResult> results = fetch(1, 1000, LONG).get(10, TimeUnit.SECONDS);
        assertEquals(ErrorCode.OFFSET_OUT_OF_RANGE, results.getFirst().error());
        assertEquals(ErrorCode.NONE, results.getLast().error());
    }

    @Test
    void aClosedLogEndsTheWaiting() throws Exception {
        FakeLog log = partition(0);
        CompletableFuture<List<FetchResult>> waiting = fetch(1, 1000, LONG);
        settle();
        log.closed = true;
        log.grow(1);
        assertEquals(
                ErrorCode.NOT_LEADER_OR_FOLLOWER,
                waiting.get(10, TimeUnit.SECONDS).getFirst().error());
    }

    // ---- fetches and logs

    private FakeLog partition(long offset) {
        LogId id = new LogId("t", UUID.randomUUID(), logs.size());
        FakeLog log = new FakeLog(id);
        logs.add(log);
        sources.add(
                new PendingFetch.Source(
                        new FetchTarget(
                                new FetchTarget.Key("t", TopicIds.NONE, id.partition()),
                                offset,
                                1000,
                                -1),
                        Optional.of(Partition.open(log, id, LogConfig.DEFAULT)),
                        ErrorCode.NONE));
        return log;
    }

    private CompletableFuture<List<FetchResult>> fetch(int min, int max, int wait) {
        return start(
                new PendingFetch(
                        sources,
                        new PendingFetch.Limits(min, max, wait, Isolation.READ_UNCOMMITTED),
                        loop));
    }

    private CompletableFuture<List<FetchResult>> start(PendingFetch fetch) {
        CompletableFuture<List<FetchResult>> answer = new CompletableFuture<>();
        loop.execute(() -> {
            var _ = fetch.start().thenAccept(answer::complete);
        });
        return answer;
    }

    /** Lets the loop do what it has to do. */
    private void settle() throws Exception {
        for (int count = 0; count < 5; count++) {
            assertEquals("", loop.submit(() -> "").get());
        }
    }

    private static int bytes(CompletableFuture<List<FetchResult>> answer) throws Exception {
        List<FetchResult> results = answer.get(10, TimeUnit.SECONDS);
        int bytes = results.stream().mapToInt(FetchResult::sizeBytes).sum();
        results.forEach(FetchResult::discard);
        return bytes;
    }

    private static ByteBuffer batch(long offset) {
        RecordBatchBuilder builder = RecordBatchBuilder.growable(128).baseOffset(offset);
        builder.append(1, null, new byte[8]);
        return builder.build();
    }

    /** A store of one log whose records each have a batch of their own. */
    private final class FakeLog implements LogStore, PartitionLog {
        private final LogId id;
        private LogListener listener = LogListener.NONE;
        private final AtomicLong end = new AtomicLong();
        private volatile boolean closed;
        private volatile boolean growAfterNextBounds;
        private volatile long segmentEnd = Long.MAX_VALUE;
        private CompletableFuture<Void> delayed = CompletableFuture.completedFuture(null);

        private FakeLog(LogId id) {
            this.id = id;
        }

        void grow(int records) {
            end.addAndGet(records);
            listener.moved(id, bounds());
        }

        @Override
        public SealedSegments sealed() {
            throw new UnsupportedOperationException();
        }

        @Override
        public PartitionLog open(LogId opened, LogConfig config, LogListener to) {
            listener = to;
            return this;
        }

        @Override
        public LogId id() {
            return id;
        }

        @Override
        public LogBounds bounds() {
            LogBounds bounds = new LogBounds(0, end.get(), end.get());
            if (growAfterNextBounds) {
                growAfterNextBounds = false;
                grow(1);
            }
            return bounds;
        }

        @Override
        public CompletableFuture<ReadOutcome> read(
                long offset, int maxBytes, boolean atLeastOneBatch, Isolation isolation) {
            return delayed.thenApply(done -> {
                if (closed) {
                    return new ReadOutcome.Closed();
                }
                LogBounds bounds = bounds();
                if (offset > bounds.durableEnd()) {
                    return new ReadOutcome.OutOfRange(bounds);
                }
                int room = Math.max(maxBytes / RECORD_BYTES, atLeastOneBatch ? 1 : 0);
                long behind = Math.min(bounds.durableEnd(), segmentEnd);
                int count = (int) Math.min(behind - offset, room);
                ByteBuffer batches = ByteBuffer.allocate(count * RECORD_BYTES);
                for (int i = 0; i < count; i++) {
                    batches.put(batch(offset + i));
                }
                return new ReadOutcome.Data(new Slice(batches.flip()), bounds);
            });
        }

        @Override
        public CompletableFuture<AppendOutcome> append(ByteBuffer batch, Durability durability) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Optional<TimedOffset>> offsetForTime(long timestampMillis) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Optional<TimedOffset>> maxTimestamp() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<LogBounds> trim(long logStart) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<List<ActiveProducer>> producers() {
            throw new UnsupportedOperationException();
        }

        @Override
        public LogDetails details() {
            return new LogDetails(0, 0, 0);
        }

        @Override
        public void reconfigure(LogConfig config) {}

        @Override
        public void delete(LogId deleted) {}

        @Override
        public Set<UUID> topics() {
            return Set.of();
        }

        @Override
        public void close() {}
    }

    private final class Slice implements LogSlice {
        private final ByteBuffer bytes;

        private Slice(ByteBuffer bytes) {
            this.bytes = bytes;
            leases.incrementAndGet();
        }

        @Override
        public int sizeBytes() {
            return bytes.remaining();
        }

        @Override
        public ByteBuffer bytes() {
            return bytes.duplicate();
        }

        @Override
        public Optional<FileRange> fileRange() {
            return Optional.empty();
        }

        @Override
        public void close() {
            leases.decrementAndGet();
        }
    }
}
