package io.leat.broker.erasure;

import static io.leat.broker.coordinator.Await.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.broker.coordinator.Time;
import io.leat.broker.erasure.Erasure.State;
import io.leat.broker.topic.TopicCatalog;
import io.leat.broker.topic.TopicException;
import io.leat.compaction.erasure.KeyHash;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.Durability;
import io.leat.storage.api.PartitionLog;
import io.leat.storage.api.SealedSegments.Rewrite;
import io.leat.storage.api.StorageObserver;
import io.leat.storage.local.CrashDisk;
import io.leat.storage.local.Disk;
import io.leat.storage.local.FileDisk;
import io.leat.storage.local.LocalLogStore;
import io.leat.storage.local.LocalStoreSettings;
import io.leat.wire.ErrorCode;
import io.leat.wire.record.RecordBatchBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on real logs, with a state store in memory that survives their restarts. */
class ErasuresTest {
    private static final KeyHash ANNA = hash("anna");
    private static final KeyHash BERT = hash("bert");

    @TempDir private Path folder;

    private final MemoryStateStore state = new MemoryStateStore();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong jumpMillis = new AtomicLong();
    private final Time time =
            new Time() {
                @Override
                public long wallMillis() {
                    return System.currentTimeMillis() + jumpMillis.get();
                }

                @Override
                public long monotonicNanos() {
                    return System.nanoTime() + Duration.ofMillis(jumpMillis.get()).toNanos();
                }
            };

    private final CountDownLatch forced = new CountDownLatch(1);

    private LocalLogStore logs;
    private TopicCatalog topics;
    private Erasures erasures;

    private static KeyHash hash(String key) {
        return KeyHash.of(ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)));
    }

    @BeforeEach
    void open() {
        open(folder, new FileDisk());
    }

    private void open(Path root, Disk disk) {
        logs = new LocalLogStore(root, LocalStoreSettings.defaults(), StorageObserver.NONE, disk);
        topics = new TopicCatalog(BrokerConfig.of(Map.of()), state, logs);
        erasures = new Erasures(state, topics, PendingRecords.NONE, time, meters);
        topics.listen(erasures);
        topics.open();
    }

    @AfterEach
    void close() {
        forced.countDown();
        erasures.close();
        logs.close();
    }

    private void restart() {
        close();
        meters.clear();
        open();
    }

    private void append(String topic, int partition, String key) {
        assertInstanceOf(AppendOutcome.Appended.class, begin(log(topic, partition), key).join());
    }

    private PartitionLog log(String topic, int partition) {
        return topics.known(topic).partitions().get(partition).log();
    }

    private static CompletableFuture<AppendOutcome> begin(PartitionLog log, String key) {
        RecordBatchBuilder batch = RecordBatchBuilder.growable(256);
        batch.append(1, key.getBytes(StandardCharsets.UTF_8), new byte[100]);
        return log.append(batch.build(), Durability.FORCED);
    }

    private UUID start(String topic, KeyHash... keys) {
        UUID id = UUID.randomUUID();
        erasures.start(id, topic, Set.of(keys), false, "the test");
        return id;
    }

    private Erasure find(UUID id) {
        return erasures.find(List.of(id)).getFirst().erasure();
    }

    private Erasure ended(UUID id) {
        await("erasure is over", () -> find(id).state() != State.RUNNING);
        return find(id);
    }

    @Test
    void anErasureGoesThroughAllPartitionsAndIsKept() {
        topics.create("people", 3, Map.of());
        for (int partition = 0; partition < 3; partition++) {
            append("people", partition, "anna");
            append("people", partition, "someone");
            append("people", partition, "bert");
        }
        erasures.open();

        Erasure done = ended(start("people", ANNA, BERT));

        assertEquals(State.DONE, done.state());
        assertEquals(6, done.totals().recordsRemoved());
        assertEquals(3, done.totals().recordsVerified());
        assertEquals(3, done.totals().partitionsDone());
        assertEquals("the test", done.requestedBy());
        assertEquals(1, meters.get("leat.erasures.ended").tag("outcome", "done").counter().count());
        assertEquals(6, meters.get("leat.erasures.records").counter().count());
        assertEquals(0, meters.get("leat.erasures.running").gauge().value());

        restart();
        erasures.open();
        assertEquals(done, find(done.id()));
        assertEquals(
                List.of(done.id()),
                erasures.list("people"::equals, 10).stream()
                        .map(view -> view.erasure().id())
                        .toList());
        assertEquals(List.of(), erasures.list("others"::equals, 10));
    }

    @Test
    void theSameErasureIsStartedOnce() {
        topics.create("people", 1, Map.of());
        append("people", 0, "anna");
        erasures.open();
        UUID id = start("people", ANNA);
        erasures.start(id, "people", Set.of(ANNA), false, "the test, again");
        assertEquals(1, ended(id).totals().recordsRemoved());
        erasures.start(id, "people", Set.of(ANNA), false, "the test, again");
        assertEquals(State.DONE, find(id).state());
        assertEquals(1, erasures.list(topic -> true, 10).size());

        TopicException another =
                assertThrows(
                        TopicException.class,
                        () -> erasures.start(id, "people", Set.of(BERT), false, "the test"));
        assertEquals(ErrorCode.INVALID_REQUEST, another.error());
    }

    @Test
    void whatAStopCutShortGoesOn() {
        topics.create("people", 2, Map.of());
        append("people", 0, "anna");
        append("people", 1, "anna");
        // Nobody carries it out: as if the power went right after it was accepted.
        erasures.close();
        meters.clear();
        erasures = new Erasures(state, topics, PendingRecords.NONE, time, meters);
        UUID id;
        try (Rewrite _ = blocked("people", 0);
                Rewrite _ = blocked("people", 1)) {
            id = start("people", ANNA);
            await("it waits", () -> find(id).problem().isPresent());
            erasures.close();
        }
        assertEquals(State.RUNNING, find(id).state());
        restart();
        // Written after it was accepted.
        append("people", 0, "anna");
        erasures.open();
        Erasure done = ended(id);
        assertEquals(State.DONE, done.state());
        assertEquals(2, done.totals().recordsRemoved());
    }

    private Rewrite blocked(String topic, int partition) {
        var sealed = log(topic, partition).sealed();
        sealed.seal().join();
        return sealed.rewrite(List.of(sealed.list().getFirst()));
    }

    @Test
    void theDeletionOfTheTopicEndsIt() {
        topics.create("people", 1, Map.of());
        append("people", 0, "anna");
        erasures.open();
        UUID id;
        try (Rewrite _ = blocked("people", 0)) {
            id = start("people", ANNA);
            await("it waits", () -> find(id).problem().isPresent());
            topics.delete(topics.known("people").id());
            assertEquals(State.TOPIC_DELETED, ended(id).state());
        }
    }

    @Test
    void aTopicThatWentWhileTheBrokerWasDownEndsItToo() {
        topics.create("people", 1, Map.of());
        append("people", 0, "anna");
        UUID id;
        try (Rewrite _ = blocked("people", 0)) {
            id = start("people", ANNA);
            erasures.close();
        }
        topics.delete(topics.known("people").id());
        restart();
        erasures.open();
        assertEquals(State.TOPIC_DELETED, ended(id).state());
    }

    @Test
    void whatDoesNotGetOnIsGivenUpAfterALongTime() {
        topics.create("people", 2, Map.of());
        append("people", 0, "anna");
        append("people", 1, "anna");
        erasures.open();
        try (Rewrite _ = blocked("people", 0)) {
            UUID id = start("people", ANNA);
            await("the other is done", () -> find(id).totals().partitionsDone() == 1);
            assertTrue(find(id).problem().orElse("").contains("rewrite"), find(id)::toString);
            jumpMillis.addAndGet(PartitionErasure.PATIENCE.toMillis());
            Erasure failed = ended(id);
            assertEquals(State.FAILED, failed.state());
            assertEquals(1, failed.totals().recordsRemoved());
            assertTrue(failed.problem().orElse("").contains("rewrite"), failed::toString);
        }
    }

    @Test
    void theStateStoreMayFailForAWhile() {
        topics.create("people", 1, Map.of());
        append("people", 0, "anna");
        erasures.open();
        UUID id = UUID.randomUUID();
        state.failWrites(1);
        TopicException refused =
                assertThrows(
                        TopicException.class,
                        () -> erasures.start(id, "people", Set.of(ANNA), false, "the test"));
        assertEquals(ErrorCode.KAFKA_STORAGE_ERROR, refused.error());
        assertTrue(erasures.find(List.of(id)).isEmpty());

        erasures.start(id, "people", Set.of(ANNA), false, "the test");
        state.failWrites(3);
        Erasure done = ended(id);
        assertEquals(State.DONE, done.state());
        assertEquals(1, done.totals().recordsRemoved());
    }

    @Test
    void whatCannotBeErasedIsRefused() {
        topics.create("people", 1, Map.of());
        append("people", 0, "anna");
        erasures.open();
        assertEquals(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                assertThrows(TopicException.class, () -> start("nowhere", ANNA)).error());
        try (Rewrite _ = blocked("people", 0)) {
            for (int i = 0; i < Erasures.RUNNING_MAX; i++) {
                var _ = start("people", ANNA);
            }
            TopicException tooMany =
                    assertThrows(TopicException.class, () -> start("people", ANNA));
            assertEquals(ErrorCode.THROTTLING_QUOTA_EXCEEDED, tooMany.error());
            assertEquals(Erasures.RUNNING_MAX, meters.get("leat.erasures.running").gauge().value());
        }
        await("all are over", () -> meters.get("leat.erasures.running").gauge().value() == 0);
    }

    @Test
    void noKeyIsKept() {
        topics.create("people", 1, Map.of());
        append("people", 0, "anna-4711-secret");
        erasures.open();
        Erasure done = ended(start("people", hash("anna-4711-secret")));
        assertEquals(1, done.totals().recordsRemoved());
        state.scan(
                new byte[0],
                (key, value) -> {
                    String text = new String(value, StandardCharsets.ISO_8859_1);
                    assertFalse(text.contains("anna-4711-secret"), text);
                });
    }

    /** A log whose record of a key is written, on a disk that waits before it forces that. */
    private CompletableFuture<AppendOutcome> beginForcing(CrashDisk disk) {
        topics.create("people", 1, Map.of());
        append("people", 0, "someone");
        erasures.open();
        PartitionLog log = log("people", 0);
        disk.atEachStep(step -> {
            // What comes after the write.
            if (log.bounds().writtenEnd() == 2) {
                assertDoesNotThrow(() -> forced.await());
            }
        });
        CompletableFuture<AppendOutcome> append = begin(log, "anna");
        await("it is written", () -> log.bounds().writtenEnd() == 2);
        assertEquals(1, log.bounds().durableEnd());
        return append;
    }

    private CrashDisk onCrashDisk() {
        erasures.close();
        logs.close();
        meters.clear();
        CrashDisk disk = new CrashDisk(folder.resolve("crash"));
        open(folder.resolve("crash"), disk);
        return disk;
    }

    @Test
    void whatIsNotForcedYetGoesToo() {
        CompletableFuture<AppendOutcome> append = beginForcing(onCrashDisk());
        CompletableFuture<UUID> id = CompletableFuture.supplyAsync(() -> start("people", ANNA));
        forced.countDown();
        assertEquals(1, ended(id.join()).totals().recordsRemoved());
        assertInstanceOf(AppendOutcome.Appended.class, append.join());
    }

    @Test
    void nothingGoesInThePlaceOfWhatCannotBeForced() {
        CrashDisk disk = onCrashDisk();
        CompletableFuture<AppendOutcome> append = beginForcing(disk);
        disk.failForces("the drive is gone");
        CompletableFuture<UUID> id = new CompletableFuture<>();
        Thread starting =
                Thread.ofPlatform()
                        .start(() -> id.completeAsync(() -> start("people", ANNA), Runnable::run));
        // It is under way before the log knows that it has failed.
        await("it waits", () -> id.isDone() || starting.getState() == Thread.State.WAITING);
        forced.countDown();
        assertInstanceOf(AppendOutcome.Refused.class, append.join());
        CompletionException refused = assertThrows(CompletionException.class, id::join);
        TopicException why = assertInstanceOf(TopicException.class, refused.getCause());
        assertEquals(ErrorCode.KAFKA_STORAGE_ERROR, why.error());
        assertTrue(why.getMessage().contains("the drive is gone"), why::getMessage);
        disk.failForces(null);
    }
}
