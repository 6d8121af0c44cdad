package io.leat.broker.delay;

import static io.leat.broker.coordinator.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.leat.broker.api.Delays.Landed;
import io.leat.broker.api.Delays.Landing;
import io.leat.broker.api.ProducerIds;
import io.leat.broker.api.TopicMeters;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.broker.coordinator.Time;
import io.leat.broker.partition.Partition;
import io.leat.broker.topic.Topic;
import io.leat.broker.topic.TopicCatalog;
import io.leat.storage.api.AppendOutcome;
import io.leat.storage.api.Durability;
import io.leat.storage.api.StorageObserver;
import io.leat.storage.local.FileDisk;
import io.leat.storage.local.LocalLogStore;
import io.leat.storage.local.LocalStoreSettings;
import io.leat.wire.message.ProduceResponse.PartitionProduceResponse;
import io.leat.wire.record.RecordBatch;
import io.leat.wire.record.RecordBatchBuilder;
import io.leat.wire.record.RecordHeader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch that is sent again, since nobody knew what had become of it. */
class RetryTest {
    private static final long NOW = 1_700_000_000_000L;

    @TempDir private Path folder;

    private final AtomicLong nowMillis = new AtomicLong(NOW);
    private final Time time =
            new Time() {
                @Override
                public long wallMillis() {
                    return nowMillis.get();
                }

                @Override
                public long monotonicNanos() {
                    return System.nanoTime();
                }
            };
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private LocalLogStore logs;
    private DelayedDelivery delays;
    private Topic topic;
    private Partition partition;

    @BeforeEach
    void open() {
        logs =
                new LocalLogStore(
                        folder,
                        LocalStoreSettings.defaults(),
                        StorageObserver.NONE,
                        new FileDisk());
        TopicCatalog topics =
                new TopicCatalog(BrokerConfig.of(Map.of()), new MemoryStateStore(), logs);
        topics.open();
        topic = topics.create("later", 1, Map.of("leat.delayed.delivery", "true"));
        partition = topic.partitions().getFirst();
        delays =
                new DelayedDelivery(
                        MemoryStateStore::new,
                        topics,
                        new ProducerIds(new MemoryStateStore(), Runnable::run),
                        TopicMeters.NONE,
                        time,
                        meters);
        delays.open(false);
    }

    @AfterEach
    void close() {
        delays.close();
        logs.close();
    }

    private static RecordBatch batch(long dueMillis) {
        RecordBatchBuilder batch = RecordBatchBuilder.growable(256).producer(4_711, (short) 0, 0);
        batch.append(
                NOW,
                null,
                ByteBuffer.wrap(new byte[] {1}),
                List.of(RecordHeader.of("leat-deliver-at", Long.toString(dueMillis))));
        return RecordBatch.of(batch.build());
    }

    private CompletableFuture<Landed> append(ByteBuffer batch, boolean forced) {
        return partition
                .log()
                .append(batch, Durability.FORCED)
                .thenApply(outcome -> {
                    var appended = assertInstanceOf(AppendOutcome.Appended.class, outcome);
                    return new Landed(
                            PartitionProduceResponse.appended(0, appended.baseOffset(), -1, 0),
                            true);
                });
    }

    @Test
    void aRecordThatIsDueByNowIsDeliveredOnce() {
        Landing lost =
                (batch, forced) -> CompletableFuture.failedFuture(new IllegalStateException());
        CompletableFuture<PartitionProduceResponse> first =
                delays.pass(topic, partition, batch(NOW + 500), lost);
        assertThrows(CompletionException.class, first::join);

        nowMillis.addAndGet(1_000);
        assertEquals(
                0,
                delays.pass(topic, partition, batch(NOW + 500), this::append).join().errorCode());
        await(
                "all is known",
                () -> meters.get("leat.delayed.records.pending").gauge().value() == 0);
        assertEquals(1, partition.log().bounds().durableEnd());
    }
}
