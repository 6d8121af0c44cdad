package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the client promises while connections break and brokers restart, of whatever broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FaultContract extends BrokerContract {
    /** A broker of the test's own. */
    public interface Broker extends AutoCloseable {
        /** The port that it listens on. */
        int port();

        /** Stops it in an orderly way. */
        void stop();

        /** Ends it at once. */
        void kill();

        /** Starts it again on its data and its port, and waits until it serves. */
        void restart();

        @Override
        void close();
    }

    private static final int PARTITIONS = 3;

    private final FlakyProxy proxy = new FlakyProxy();
    private Broker broker;

    /** Starts a broker that tells clients to come to this port of the loopback address. */
    protected abstract Broker startBroker(int advertisedPort);

    @BeforeAll
    void startBroker() {
        broker = startBroker(proxy.port());
        proxy.forwardTo(broker.port());
    }

    @BeforeEach
    void resume() {
        proxy.resume();
        proxy.cutOften(0, 1);
    }

    @AfterAll
    void stopBroker() {
        proxy.close();
        broker.close();
    }

    @Override
    protected String bootstrap() {
        return proxy.bootstrap();
    }

    @Test
    void writesOnceAndInOrderWhileConnectionsBreak() {
        String topic = newTopic(PARTITIONS);
        int count = 20_000;
        proxy.cutOften(40, 60_000);
        List<RecordMetadata> sent;
        try (Producer<String, String> producer = producer(options().batchBytes(2_000).build())) {
            sent = sendAll(producer, numbered(topic, 0, count));
        }
        assertTrue(proxy.cuts() >= 10, "cut only " + proxy.cuts() + " times");
        proxy.cutOften(0, 1);
        assertOnceInOrder(topic, count);
        assertOffsetsTellTheTruth(topic, sent);
    }

    @Test
    void writesOnceAndInOrderWhileTheBrokerRestarts() {
        String topic = newTopic(PARTITIONS);
        int count = 6_000;
        try (Producer<String, String> producer = producer(options().batchBytes(2_000).build())) {
            List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
            numbered(topic, 0, 2_000).forEach(record -> sent.add(producer.send(record)));
            broker.stop();
            numbered(topic, 2_000, 2_000).forEach(record -> sent.add(producer.send(record)));
            broker.restart();
            eventually(
                    "what was sent meanwhile arrives",
                    () -> sent.stream().allMatch(CompletableFuture::isDone));
            broker.kill();
            numbered(topic, 4_000, 2_000).forEach(record -> sent.add(producer.send(record)));
            broker.restart();
            sent.forEach(CompletableFuture::join);
        }
        assertOnceInOrder(topic, count);
    }

    @Test
    void readsAllInOrderWhileConnectionsBreak() {
        String topic = newTopic(PARTITIONS);
        int count = 20_000;
        try (Producer<String, String> producer = producer(options().build())) {
            assertEquals(count, sendAll(producer, numbered(topic, 0, count)).size());
        }
        proxy.cutOften(20, 500);
        assertOnceInOrder(topic, count);
        assertTrue(proxy.cuts() >= 10, "cut only " + proxy.cuts() + " times");
    }

    @Test
    void membersGoOnAfterTheBrokerRestarted() {
        String topic = newTopic(PARTITIONS);
        ConsumerOptions options =
                ConsumerOptions.builder(connection())
                        .groupId(uniqueName("group"))
                        .offsetReset(OffsetReset.EARLIEST)
                        .heartbeatInterval(Duration.ofMillis(100))
                        .build();
        try (Producer<String, String> producer = producer(options().build());
                PollingMember first = new PollingMember(options, topic);
                PollingMember second = new PollingMember(options, topic)) {
            eventually(
                    "both have some", () -> !first.owned().isEmpty() && !second.owned().isEmpty());
            assertEquals(300, sendAll(producer, numbered(topic, 0, 300)).size());
            eventually(
                    "all is read", () -> first.records().size() + second.records().size() == 300);
            broker.stop();
            broker.restart();
            assertEquals(300, sendAll(producer, numbered(topic, 300, 300)).size());
            eventually(
                    "the rest is read",
                    () -> first.records().size() + second.records().size() >= 600);
            assertTrue(first.failure().isEmpty() && second.failure().isEmpty());
        }
    }

    @Test
    void holdsSendersUpWhileMemoryIsShort() {
        String topic = newTopic(1);
        ProducerOptions options =
                options()
                        .batchBytes(10_000)
                        .requestBytesMax(10_000)
                        .bufferBytes(50_000)
                        .maxBlock(Duration.ofMillis(300))
                        .build();
        try (Producer<String, String> producer = producer(options)) {
            List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
            sent.add(producer.send(topic, "x".repeat(5_000)));
            sent.get(0).join();
            proxy.hold();
            ClientTimeoutException refused =
                    assertThrows(
                            ClientTimeoutException.class,
                            () -> {
                                for (int i = 0; i < 100; i++) {
                                    sent.add(producer.send(topic, "x".repeat(5_000)));
                                }
                            });
            assertTrue(refused.getMessage().contains("bufferBytes"), refused.getMessage());
            assertTrue(sent.size() >= 8 && sent.size() <= 11, "sent " + sent.size());
            proxy.resume();
            for (int i = 0; i < 100; i++) {
                sent.add(producer.send(topic, "x".repeat(5_000)));
            }
            sent.forEach(CompletableFuture::join);
        }
    }

    @Test
    void givesUpInTimeAndGoesOnWithoutGapsOrRepeats() {
        String topic = newTopic(1);
        ConnectionOptions connection =
                ConnectionOptions.builder(proxy.bootstrap())
                        .requestTimeout(Duration.ofMillis(300))
                        .connectTimeout(Duration.ofMillis(300))
                        .build();
        ProducerOptions options =
                ProducerOptions.builder(connection)
                        .batchBytes(1_000)
                        .deliveryTimeout(Duration.ofSeconds(1))
                        .build();
        List<CompletableFuture<RecordMetadata>> given = new ArrayList<>();
        List<String> delivered = new ArrayList<>();
        try (Producer<String, String> producer = producer(options)) {
            for (int round = 0; round < 3; round++) {
                int start = round * 100;
                IntStream.range(start, start + 50).forEach(i -> delivered.add("value " + i));
                numbered(topic, start, 50).forEach(record -> given.add(producer.send(record)));
                producer.flush();
                given.forEach(CompletableFuture::join);
                proxy.hold();
                List<CompletableFuture<RecordMetadata>> held = new ArrayList<>();
                numbered(topic, start + 50, 50).forEach(record -> held.add(producer.send(record)));
                for (CompletableFuture<RecordMetadata> future : held) {
                    ExecutionException failure =
                            assertThrows(ExecutionException.class, future::get);
                    assertInstanceOf(ClientTimeoutException.class, failure.getCause());
                }
                proxy.resume();
                proxy.cutAll();
            }
        }
        // What was given up may have arrived all the same, but once, in order, and never twice.
        List<String> read = readAll(topic, given.size()).get(0);
        assertEquals(read.size(), read.stream().distinct().count(), "something was written twice");
        List<String> certain = new ArrayList<>(read);
        certain.retainAll(delivered);
        assertEquals(delivered, certain);
    }

    @Test
    void closesInTimeThoughNothingArrives() {
        String topic = newTopic(1);
        Producer<String, String> producer = producer(options().build());
        producer.send(topic, "first").join();
        proxy.hold();
        CompletableFuture<RecordMetadata> stuck = producer.send(topic, "stuck");
        Deadline deadline = Deadline.after(Duration.ofSeconds(5));
        producer.close(Duration.ofMillis(100));
        assertTrue(!deadline.isOver(), "close took too long");
        ExecutionException failure = assertThrows(ExecutionException.class, stuck::get);
        assertInstanceOf(ClientTimeoutException.class, failure.getCause());
    }

    @Test
    void saysWhatToCheckWhenNobodyListens() {
        broker.stop();
        try {
            int port = broker.port();
            ConnectionException failure =
                    assertThrows(
                            ConnectionException.class, () -> Admin.connect("127.0.0.1:" + port));
            assertTrue(failure.getMessage().contains("127.0.0.1:" + port), failure.getMessage());
            assertTrue(failure.getMessage().contains("refused"), failure.getMessage());
            assertTrue(failure.isRetriable());
        } finally {
            broker.restart();
        }
    }

    // ----

    private ConnectionOptions connection() {
        return ConnectionOptions.builder(proxy.bootstrap())
                .bootstrapTimeout(PATIENCE)
                .retryBackoffMax(Duration.ofMillis(200))
                .build();
    }

    private ProducerOptions.Builder options() {
        return ProducerOptions.builder(connection());
    }

    private static Producer<String, String> producer(ProducerOptions options) {
        return Producer.connect(options, Serializer.utf8(), Serializer.utf8());
    }

    private static java.util.stream.Stream<ProducerRecord<String, String>> numbered(
            String topic, int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> ProducerRecord.of(topic, "key " + i % 97, "value " + i));
    }

    private void assertOnceInOrder(String topic, int count) {
        Map<Integer, List<String>> read = readAll(topic, count);
        assertEquals(count, read.values().stream().mapToInt(List::size).sum());
        read.forEach((partition, values) -> {
            for (int i = 1; i < values.size(); i++) {
                int before = number(values.get(i - 1));
                int after = number(values.get(i));
                assertTrue(
                        before < after,
                        "partition " + partition + " has " + after + " behind " + before);
            }
        });
    }

    private static int number(String value) {
        return Integer.parseInt(value.substring("value ".length()));
    }

    private void assertOffsetsTellTheTruth(String topic, List<RecordMetadata> sent) {
        Map<Integer, List<String>> read = readAll(topic, sent.size());
        for (int i = 0; i < sent.size(); i++) {
            RecordMetadata where = sent.get(i);
            // A repeat whose first attempt the broker knows only as a duplicate has no offset to
            // tell.
            if (where.offset() >= 0) {
                assertEquals("value " + i, read.get(where.partition()).get((int) where.offset()));
            }
        }
    }

    /** All values by partition, once the partitions hold no more. */
    private Map<Integer, List<String>> readAll(String topic, int expected) {
        Map<Integer, List<String>> values = new HashMap<>();
        ConsumerOptions options =
                ConsumerOptions.builder(connection()).offsetReset(OffsetReset.EARLIEST).build();
        try (Consumer<String, String> consumer =
                Consumer.connect(options, Deserializer.utf8(), Deserializer.utf8())) {
            List<TopicPartition> partitions = consumer.partitions(topic);
            consumer.assign(partitions);
            eventually(
                    "all " + expected + " is read",
                    () -> {
                        consumer.poll(Duration.ofMillis(100))
                                .forEach(record ->
                                        values.computeIfAbsent(
                                                        record.partition(), p -> new ArrayList<>())
                                                .add(record.value()));
                        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                        return partitions.stream()
                                .allMatch(p -> consumer.position(p) == ends.get(p));
                    });
        }
        return values;
    }
}
