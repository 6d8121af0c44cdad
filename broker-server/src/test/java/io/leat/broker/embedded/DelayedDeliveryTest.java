package io.leat.broker.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Delayed delivery, through Apache Kafka's own clients. */
class DelayedDeliveryTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(Map.of());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void inDueOrderAndNotBefore(String codec) throws Exception {
        TopicPartition partition = topic("order-" + codec, Map.of());
        long now;
        try (var producer =
                broker.producer(Map.of("compression.type", codec, "linger.ms", "200"))) {
            // A codec that is used first takes its time.
            var _ = producer.send(new ProducerRecord<>("warm-up", new byte[100])).get();
            now = System.currentTimeMillis();
            List<Future<RecordMetadata>> sent =
                    List.of(
                            producer.send(record(partition, "third", at(now + 3_000))),
                            producer.send(record(partition, "at once 1", Map.of())),
                            producer.send(record(partition, "second", at(now + 2_500))),
                            producer.send(
                                    record(
                                            partition,
                                            "first",
                                            at(Instant.ofEpochMilli(now + 2_000).toString()))),
                            producer.send(record(partition, "at once 2", at(now - 5_000))),
                            producer.send(
                                    record(partition, "fourth", Map.of("leat-delay", "PT4S"))));
            producer.flush();
            // A delayed record has an offset all the same: of the place where it was accepted.
            for (int i = 0; i < sent.size(); i++) {
                assertEquals(i, sent.get(i).get().offset());
            }
        }
        List<Seen> seen = read(partition, 6);
        assertEquals(
                List.of("at once 1", "at once 2", "first", "second", "third", "fourth"),
                values(seen));
        assertTrue(seen.get(2).millis() >= now + 2_000, "too early");
        assertTrue(seen.get(3).millis() >= now + 2_500, "too early");
        assertTrue(seen.get(4).millis() >= now + 3_000, "too early");
        assertTrue(seen.get(5).millis() >= now + 4_000, "too early");
        // Retention counts from when it was due, not from when it was sent.
        assertEquals(now + 2_000, seen.get(2).record().timestamp());
        assertTrue(seen.get(1).record().timestamp() >= now);
        assertTrue(seen.get(5).record().headers().lastHeader("leat-delay") != null, "headers");
        assertEquals("key", new String(seen.get(5).record().key(), StandardCharsets.UTF_8));
    }

    @Test
    void aRestartKeepsThem() throws Exception {
        try (EmbeddedBroker own = EmbeddedBroker.start(Map.of())) {
            TopicPartition partition = topic(own, "restart", Map.of());
            long due = System.currentTimeMillis() + 2_000;
            try (var producer = own.producer(Map.of())) {
                for (int i = 0; i < 100; i++) {
                    var _ = producer.send(record(partition, "later " + i, at(due + i)));
                }
                var _ = producer.send(record(partition, "now", Map.of())).get();
            }
            own.restart();
            List<Seen> seen = read(own, partition, 101);
            assertEquals("now", seen.getFirst().value());
            for (int i = 0; i < 100; i++) {
                assertEquals("later " + i, seen.get(i + 1).value());
                assertTrue(seen.get(i + 1).millis() >= due + i, "too early");
            }
            own.restart();
            assertEquals(101, read(own, partition, 101).size());
        }
    }

    @Test
    void whatMakesNoSenseIsRefusedRecordByRecord() throws Exception {
        TopicPartition partition =
                topic("refused", Map.of("leat.delayed.delivery.horizon.ms", "10000"));
        try (var producer = broker.producer(Map.of())) {
            assertRefused(
                    InvalidRecordException.class,
                    "leat-delay is 'soon'",
                    producer.send(record(partition, "x", Map.of("leat-delay", "soon"))));
            assertRefused(
                    InvalidRecordException.class,
                    "leat.delayed.delivery.horizon.ms is 10000",
                    producer.send(record(partition, "x", Map.of("leat-delay", "10001"))));
            var _ = producer.send(record(partition, "good", Map.of())).get();
        }
        assertEquals(List.of("good"), values(read(partition, 1)));
    }

    @Test
    void noMoreThanConfigured() throws Exception {
        TopicPartition partition =
                topic("number", Map.of("leat.delayed.delivery.pending.max", "3"));
        try (var producer = broker.producer(Map.of())) {
            for (int i = 0; i < 3; i++) {
                var _ = producer.send(record(partition, "x", Map.of("leat-delay", "60000"))).get();
            }
            assertRefused(
                    PolicyViolationException.class,
                    "leat.delayed.delivery.pending.max is 3",
                    producer.send(record(partition, "x", Map.of("leat-delay", "60000"))));
            var _ = producer.send(record(partition, "at once", Map.of())).get();
        }
        assertEquals(List.of("at once"), values(read(partition, 1)));
        assertEquals(
                3,
                broker.meters()
                        .get("leat.delayed.records.pending")
                        .tag("topic", "number")
                        .gauge()
                        .value());
    }

    @Test
    void aRecordCancelsOthers() throws Exception {
        TopicPartition partition = topic("cancel", Map.of());
        long due = System.currentTimeMillis() + 1_500;
        try (var producer = broker.producer(Map.of())) {
            var _ = producer.send(record(partition, "cancelled", at(due)));
            var _ =
                    producer.send(
                            record(
                                    partition,
                                    "stays",
                                    Map.of("leat-deliver-at", "" + due, "leat-delay-key", "mine")));
            var _ =
                    producer.send(
                            record(
                                    partition,
                                    "cancelled too",
                                    Map.of(
                                            "leat-deliver-at",
                                            "" + due,
                                            "leat-delay-key",
                                            "yours")));
            var _ = producer.send(record(partition, "", Map.of("leat-delay-cancel", "")));
            var _ = producer.send(record(partition, "", Map.of("leat-delay-cancel", "yours")));
            // Behind the cancellation: a new one.
            var _ = producer.send(record(partition, "anew", at(due + 1))).get();
        }
        assertEquals(List.of("stays", "anew"), values(read(partition, 2)));
    }

    @Test
    void withinATransaction() throws Exception {
        TopicPartition partition = topic("transaction", Map.of());
        long due = System.currentTimeMillis() + 300;
        try (var producer = broker.producer(Map.of("transactional.id", "delays"))) {
            producer.initTransactions();
            producer.beginTransaction();
            var _ = producer.send(record(partition, "dropped", at(due)));
            var _ = producer.send(record(partition, "dropped at once", Map.of()));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            var _ = producer.send(record(partition, "kept", at(due)));
            producer.flush();
            Thread.sleep(Math.max(0, due + 500 - System.currentTimeMillis()));
            assertEquals(List.of(), values(readAll(partition)));
            var _ = producer.send(record(partition, "kept at once", Map.of()));
            producer.commitTransaction();
        }
        assertEquals(Set.of("kept at once", "kept"), Set.copyOf(values(read(partition, 2))));
    }

    @Test
    void aDeletedTopicTakesThemWithIt() throws Exception {
        TopicPartition partition = topic("deleted", Map.of());
        try (var producer = broker.producer(Map.of());
                Admin admin = broker.admin()) {
            var _ = producer.send(record(partition, "x", Map.of("leat-delay", "1000"))).get();
            admin.deleteTopics(List.of("deleted")).all().get();
            topic("deleted", Map.of());
            var _ = producer.send(record(partition, "y", Map.of("leat-delay", "1500"))).get();
        }
        assertEquals(List.of("y"), values(read(partition, 1)));
    }

    @Test
    void withoutTheFlagHeadersMeanNothing() throws Exception {
        TopicPartition partition = topic("plain", Map.of("leat.delayed.delivery", "false"));
        try (var producer = broker.producer(Map.of())) {
            var _ = producer.send(record(partition, "x", Map.of("leat-delay", "nonsense"))).get();
        }
        assertEquals(List.of("x"), values(read(partition, 1)));
    }

    private static <T extends Throwable> void assertRefused(
            Class<T> type, String message, Future<RecordMetadata> sent) {
        Throwable cause = assertThrows(ExecutionException.class, sent::get).getCause();
        assertInstanceOf(type, cause);
        assertTrue(cause.getMessage().contains(message), cause.getMessage());
    }

    private record Seen(ConsumerRecord<byte[], byte[]> record, long millis) {
        String value() {
            return new String(record.value(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> values(List<Seen> seen) {
        return seen.stream().map(Seen::value).toList();
    }

    private static List<Seen> read(TopicPartition partition, int count) {
        return read(broker, partition, count);
    }

    /** Reads from the start until there are so many, and then what comes at once. */
    private static List<Seen> read(EmbeddedBroker from, TopicPartition partition, int count) {
        List<Seen> seen = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(from, partition)) {
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (seen.size() < count && System.nanoTime() < deadline) {
                poll(consumer, seen);
            }
            poll(consumer, seen);
        }
        return seen;
    }

    private static List<Seen> readAll(TopicPartition partition) {
        List<Seen> seen = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(broker, partition)) {
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                poll(consumer, seen);
            }
        }
        return seen;
    }

    private static void poll(KafkaConsumer<byte[], byte[]> consumer, List<Seen> seen) {
        consumer.poll(Duration.ofMillis(50))
                .forEach(record -> seen.add(new Seen(record, System.currentTimeMillis())));
    }

    private static KafkaConsumer<byte[], byte[]> consumer(
            EmbeddedBroker from, TopicPartition partition) {
        KafkaConsumer<byte[], byte[]> consumer =
                from.consumer(Map.of("isolation.level", "read_committed"));
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        return consumer;
    }

    private static Map<String, String> at(long millis) {
        return at(Long.toString(millis));
    }

    private static Map<String, String> at(String time) {
        return Map.of("leat-deliver-at", time);
    }

    private static ProducerRecord<byte[], byte[]> record(
            TopicPartition to, String value, Map<String, String> headers) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        to.topic(),
                        to.partition(),
                        "key".getBytes(StandardCharsets.UTF_8),
                        value.getBytes(StandardCharsets.UTF_8));
        headers.forEach(
                (name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    private static TopicPartition topic(String name, Map<String, String> configs) throws Exception {
        return topic(broker, name, configs);
    }

    private static TopicPartition topic(EmbeddedBroker on, String name, Map<String, String> configs)
            throws Exception {
        Map<String, String> all = new HashMap<>(Map.of("leat.delayed.delivery", "true"));
        all.putAll(configs);
        try (Admin admin = on.admin()) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1).configs(all))).all().get();
        }
        return new TopicPartition(name, 0);
    }
}
