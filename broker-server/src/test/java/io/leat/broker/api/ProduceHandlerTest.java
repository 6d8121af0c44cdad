package io.leat.broker.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.broker.topic.MemoryLogStore;
import io.leat.broker.topic.TopicCatalog;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.ProduceRequest;
import io.leat.wire.message.ProduceRequest.PartitionProduceData;
import io.leat.wire.message.ProduceRequest.TopicProduceData;
import io.leat.wire.message.ProduceResponse;
import io.leat.wire.record.RecordBatchBuilder;
import io.leat.wire.schema.Payload;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ProduceHandlerTest {
    private static final String TOPIC = "t";

    private final TopicCatalog topics =
            new TopicCatalog(BrokerConfig.defaults(), new MemoryStateStore(), new MemoryLogStore());
    private final HeldGate gate = new HeldGate();

    /** Lets nobody in before the test has it refuse. */
    private static final class HeldGate implements TransactionGate {
        private final CompletableFuture<ErrorCode> refusal = new CompletableFuture<>();

        @Override
        public <R> CompletableFuture<R> pass(
                Entrant entrant,
                Supplier<CompletableFuture<R>> append,
                Function<ErrorCode, R> refuse) {
            return refusal.thenApply(refuse);
        }
    }

    /**
     * A batch that waits for its append is a slice of the network's frame, whose memory is used
     * again once the request has ended.
     */
    @Test
    void whatFailsForOnePartitionWaitsForTheOthers() {
        topics.open();
        topics.create(TOPIC, 2, Map.of());
        AtomicInteger looks = new AtomicInteger();
        InstantSource clock =
                () -> {
                    if (looks.getAndIncrement() == 1) {
                        throw new NoClassDefFoundError("a codec");
                    }
                    return Instant.EPOCH;
                };
        CompletableFuture<ProduceResponse> answer =
                handler(clock).handle(Contexts.of(12), request()).toCompletableFuture();
        assertFalse(answer.isDone(), "the first partition's batch still waits");

        gate.refusal.complete(ErrorCode.INVALID_TXN_STATE);

        Throwable cause = assertThrows(CompletionException.class, answer::join).getCause();
        assertTrue(cause instanceof NoClassDefFoundError, cause::toString);
    }

    /** Its hand-over would be refused when it is due, and long after its producer was answered. */
    @Test
    void whatTheLogWouldRefuseIsNotTakenToBeDeliveredLater() {
        topics.open();
        topics.create(
                TOPIC,
                1,
                Map.of(
                        "leat.delayed.delivery",
                        "true",
                        "segment.bytes",
                        "1048576",
                        "max.message.bytes",
                        "5000000"));
        RecordBatchBuilder large = RecordBatchBuilder.growable(1 << 21);
        large.append(1, null, new byte[1 << 20]);
        ProduceRequest request =
                new ProduceRequest(
                        null,
                        (short) -1,
                        1000,
                        List.of(
                                new TopicProduceData(
                                        TOPIC,
                                        TopicIds.NONE,
                                        List.of(
                                                new PartitionProduceData(
                                                        0, new Payload.OfBuffer(large.build()))))));
        ProduceResponse answer =
                handler(InstantSource.system())
                        .handle(Contexts.of(12), request)
                        .toCompletableFuture()
                        .join();
        assertEquals(
                ErrorCode.RECORD_LIST_TOO_LARGE.code(),
                answer.responses().getFirst().partitionResponses().getFirst().errorCode());
    }

    private ProduceHandler handler(InstantSource clock) {
        return new ProduceHandler(
                topics,
                gate,
                (topic, partition, batch, landing) -> {
                    throw new AssertionError("nothing is delayed");
                },
                TopicMeters.NONE,
                Throttle.NONE,
                clock);
    }

    private static ProduceRequest request() {
        List<PartitionProduceData> partitions =
                List.of(
                        new PartitionProduceData(0, new Payload.OfBuffer(batch())),
                        new PartitionProduceData(1, new Payload.OfBuffer(batch())));
        return new ProduceRequest(
                "tx",
                (short) -1,
                1000,
                List.of(new TopicProduceData(TOPIC, TopicIds.NONE, partitions)));
    }

    private static ByteBuffer batch() {
        RecordBatchBuilder builder =
                RecordBatchBuilder.growable(200).producer(1, (short) 0, 0).transactional();
        builder.append(1, null, new byte[10]);
        return builder.build();
    }
}
