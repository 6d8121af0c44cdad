package io.leat.broker.share;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.coordinator.CoordinatorLoop;
import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.broker.coordinator.Time;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.MemoryLogStore;
import io.leat.broker.topic.TopicCatalog;
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
import io.leat.wire.record.RecordBatchBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How share fetches wait that want more than there is. */
class PendingShareFetchTest {
    private static final int LONG = 20_000;
    private static final SharePartitionId ID = ShareFixture.ID;
    private static final ShareSettings SETTINGS = ShareFixture.settings(false);

    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final CoordinatorLoop coordinators =
            new CoordinatorLoop(new MemoryStateStore(), Time.SYSTEM, Long.MAX_VALUE);
    private final ShareGroups groups =
            new ShareGroups(
                    coordinators,
                    new TopicCatalog(
                            BrokerConfig.defaults(), new MemoryStateStore(), new MemoryLogStore()),
                    groupId -> SETTINGS,
                    10,
                    (id, state) -> {},
                    Time.SYSTEM,
                    new SimpleMeterRegistry());
    private final AtomicInteger leases = new AtomicInteger();
    private final FakeLog log = new FakeLog();
    private final Partition partition = Partition.open(log, log.id(), LogConfig.DEFAULT);

    @BeforeEach
    void start() throws Exception {
        coordinators.start();
        open();
    }

    private void open() throws Exception {
        assertEquals(
                ErrorCode.NONE,
                groups.open(ID, partition, SETTINGS)
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS));
    }

    @AfterEach
    void stop() {
        loop.shutdownNow();
        coordinators.close();
        assertEquals(0, partition.waiters().size());
        assertEquals(0, leases.get());
    }

    @Test
    void membersThatWaitForMoreLeaveEachOtherAlone() throws Exception {
        log.grow(1);
        CompletableFuture<List<FetchPart>> a = fetch("a", 1_000, 500);
        CompletableFuture<List<FetchPart>> b = fetch("b", 1_000, 500);
        assertEquals(1, taken(a) + taken(b));
        int reads = log.reads.get();
        assertTrue(reads <= 4, () -> "reads " + reads);
    }

    @Test
    void whoFoundTooLittleReadsAgainWhenThereIsMore() throws Exception {
        log.grow(1);
        CompletableFuture<List<FetchPart>> waiting = fetch("a", 150, LONG);
        settle();
        assertFalse(waiting.isDone());
        assertEquals(0, leases.get());
        assertEquals(1, log.reads.get());
        log.grow(1);
        assertEquals(2, taken(waiting));
    }

    /** A member that waited while its topic was deleted. */
    @Test
    void nothingIsRememberedOfATopicThatIsGone() throws Exception {
        SharePartitionId gone = new SharePartitionId(ID.groupId(), new UUID(4, 7), 0);
        FetchPart part = fetch(gone, "a", 1, LONG).get(10, TimeUnit.SECONDS).getFirst();
        assertEquals(ErrorCode.UNKNOWN_TOPIC_ID, part.error());
        // What comes later is decided later.
        open();
        assertEquals(Optional.empty(), groups.find(gone));
    }

    // ---- fetches and logs

    private CompletableFuture<List<FetchPart>> fetch(String member, int minBytes, int waitMillis) {
        return fetch(ID, member, minBytes, waitMillis);
    }

    private CompletableFuture<List<FetchPart>> fetch(
            SharePartitionId id, String member, int minBytes, int waitMillis) {
        FetchPart part =
                new FetchPart(id, Optional.of(partition), groups.lane(id), List.of(), false);
        PendingShareFetch fetch =
                new PendingShareFetch(
                        groups,
                        new ShareSession.Key(ID.groupId(), member),
                        SETTINGS,
                        List.of(part),
                        new PendingShareFetch.Limits(minBytes, 1 << 20, waitMillis, 100, true),
                        loop);
        CompletableFuture<List<FetchPart>> answer = new CompletableFuture<>();
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

    /** How many records were taken. */
    private static long taken(CompletableFuture<List<FetchPart>> answer) throws Exception {
        List<FetchPart> parts = answer.get(10, TimeUnit.SECONDS);
        parts.forEach(part -> part.lease().ifPresent(LogSlice::close));
        return parts.stream()
                .flatMap(part -> part.deliveries().stream())
                .mapToLong(delivery -> delivery.last() - delivery.first() + 1)
                .sum();
    }

    /** A store of one log whose batches have a record each, and about a hundred bytes. */
    private final class FakeLog implements LogStore, PartitionLog {
        private final AtomicLong end = new AtomicLong();
        private final AtomicInteger reads = new AtomicInteger();
        private LogListener listener = LogListener.NONE;

        void grow(int records) {
            end.addAndGet(records);
            listener.moved(id(), bounds());
        }

        @Override
        public PartitionLog open(LogId opened, LogConfig config, LogListener to) {
            listener = to;
            return this;
        }

        @Override
        public LogId id() {
            return new LogId("t", ID.topicId(), ID.partition());
        }

        @Override
        public LogBounds bounds() {
            return new LogBounds(0, end.get(), end.get());
        }

        @Override
        public CompletableFuture<ReadOutcome> read(
                long offset, int maxBytes, boolean atLeastOneBatch, Isolation isolation) {
            reads.incrementAndGet();
            return CompletableFuture.completedFuture(
                    new ReadOutcome.Data(new Slice(batchesFrom(offset)), bounds()));
        }

        private ByteBuffer batchesFrom(long from) {
            ByteBuffer bytes = ByteBuffer.allocate(1_000);
            for (long offset = from; offset < end.get(); offset++) {
                RecordBatchBuilder batch = RecordBatchBuilder.growable(200).baseOffset(offset);
                batch.append(1, null, new byte[30]);
                bytes.put(batch.build());
            }
            return bytes.flip();
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
        public SealedSegments sealed() {
            throw new UnsupportedOperationException();
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
