package io.leat.tests.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.LeatBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SIGTERM in the middle of the work: what the broker has written it has also answered, so that
 * clients know of exactly the records that are there. On the native transport, and on plain NIO,
 * which serves where there is no native one.
 */
@Timeout(300)
class StopTest {
    private static final String TOPIC = "stopped";
    private static final short VERSION = 9;
    private static final int CLIENTS = 3;
    private static final int ROUNDS = 5;
    private static final int ANSWERS_BEFORE = 500;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersWhatIsInFlight(boolean noNative) {
        Map<String, String> environment =
                Map.of("LEAT_JAVA_OPTS", "-Dio.netty.transport.noNative=" + noNative);
        try (var broker = new LeatBroker(Map.of("num.partitions", "" + CLIENTS), environment)) {
            broker.start();
            createTopic(broker.bootstrap());
            long acknowledged = 0;
            for (int round = 0; round < ROUNDS; round++) {
                acknowledged += produceUntilStopped(broker);
                broker.start();
                assertEquals(acknowledged, records(broker.bootstrap()), "round " + round);
            }
        }
    }

    private static long produceUntilStopped(LeatBroker broker) {
        var acknowledged = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        List<RawConnection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                RawConnection connection = new RawConnection(broker.bootstrap());
                connections.add(connection);
                byte[] request = request(i);
                threads.add(Thread.ofVirtual().start(() -> sendAll(connection, request)));
                threads.add(Thread.ofVirtual().start(() -> readAll(connection, acknowledged)));
            }
            Await.until("answers", LIMIT, () -> acknowledged.get() > ANSWERS_BEFORE);
            long began = System.nanoTime();
            broker.process().terminate();
            assertEquals(0, broker.process().awaitExit(LIMIT));
            long millis = (System.nanoTime() - began) / 1_000_000;
            for (Thread thread : threads) {
                assertTrue(thread.join(LIMIT), "a client still waits");
            }
            System.out.printf("SIGTERM to end: %d ms, %s answers%n", millis, acknowledged);
            return acknowledged.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            connections.forEach(RawConnection::close);
        }
    }

    private static void sendAll(RawConnection connection, byte[] request) {
        while (connection.trySend(request)) {
            // Never waits for answers: there are always requests under way.
        }
    }

    /** Reads until the broker says that nothing more comes, and then closes, as clients do. */
    private static void readAll(RawConnection connection, AtomicLong acknowledged) {
        try (connection) {
            for (var answer = connection.nextAnswer(LIMIT);
                    answer.isPresent();
                    answer = connection.nextAnswer(LIMIT)) {
                var response = new ProduceResponseData();
                OfficialMessages.read(answer.get(), ApiKeys.PRODUCE, VERSION, response);
                var partition =
                        response.responses().iterator().next().partitionResponses().getFirst();
                assertEquals(0, partition.errorCode(), partition::toString);
                acknowledged.incrementAndGet();
            }
        }
    }

    private static byte[] request(int partition) {
        var records =
                MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[1_000]));
        var data = new TopicProduceData().setName(TOPIC);
        data.partitionData()
                .add(new PartitionProduceData().setIndex(partition).setRecords(records));
        var request = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(10_000);
        request.topicData().add(data);
        return OfficialMessages.frame(ApiKeys.PRODUCE, request, VERSION);
    }

    private static void createTopic(String bootstrap) {
        assertEquals(0, records(bootstrap));
    }

    private static long records(String bootstrap) {
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrap),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> all =
                    consumer.partitionsFor(TOPIC).stream()
                            .map(each -> new TopicPartition(TOPIC, each.partition()))
                            .toList();
            assertEquals(CLIENTS, all.size());
            return consumer.endOffsets(all).values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
