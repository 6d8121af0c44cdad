package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.wire.ErrorCode;
import io.leat.wire.record.Compression;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What {@link Producer} promises, of whatever broker; what it wrote is read by Apache Kafka's own
 * consumer.
 */
public abstract class ProducerContract extends BrokerContract {
    private static final int RECORDS = 5_000;

    @ParameterizedTest
    @EnumSource(Compression.class)
    void writesWhatKafkaClientsReadInEveryCodec(Compression compression) throws Exception {
        String topic = newTopic(1);
        ProducerOptions options =
                ProducerOptions.builder(bootstrap())
                        .compression(compression)
                        .linger(Duration.ofMillis(5))
                        .build();
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        try (Producer<String, String> producer =
                Producer.connect(options, Serializer.utf8(), Serializer.utf8())) {
            for (int i = 0; i < RECORDS; i++) {
                ProducerRecord<String, String> record =
                        ProducerRecord.of(
                                topic,
                                i % 7 == 0 ? null : "key " + i,
                                i % 11 == 0 ? null : "value " + i);
                sent.add(
                        producer.send(
                                record.withTimestampMillis(1_000 + i)
                                        .withHeader("n", bytes("" + i))));
            }
        }
        List<org.apache.kafka.clients.consumer.ConsumerRecord<byte[], byte[]>> read =
                readAll(topic, RECORDS);
        for (int i = 0; i < RECORDS; i++) {
            org.apache.kafka.clients.consumer.ConsumerRecord<byte[], byte[]> record = read.get(i);
            assertEquals(i, record.offset());
            assertEquals(i, sent.get(i).get(0, TimeUnit.SECONDS).offset());
            assertEquals(1_000 + i, record.timestamp());
            assertText(i % 7 == 0 ? null : "key " + i, record.key());
            assertText(i % 11 == 0 ? null : "value " + i, record.value());
            assertText("" + i, record.headers().lastHeader("n").value());
        }
    }

    @Test
    void putsKeysWhereKafkaClientsPutThem() {
        String topic = newTopic(7);
        try (Producer<byte[], byte[]> producer = Producer.connect(bootstrap())) {
            for (int i = 0; i < 100; i++) {
                byte[] key = bytes("key " + i);
                int expected =
                        org.apache.kafka.clients.producer.internals.BuiltInPartitioner
                                .partitionForKey(key, 7);
                assertEquals(expected, producer.send(topic, key, null).join().partition());
            }
        }
    }

    @Test
    void sharesOutRecordsWithoutKeys() {
        String topic = newTopic(3);
        Map<Integer, Integer> counts = new HashMap<>();
        ProducerOptions options = ProducerOptions.builder(bootstrap()).batchBytes(1024).build();
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        try (Producer<byte[], byte[]> producer = Producer.connect(options)) {
            for (int i = 0; i < 1_000; i++) {
                sent.add(producer.send(topic, new byte[100]));
            }
        }
        sent.forEach(future -> counts.merge(future.join().partition(), 1, Integer::sum));
        assertEquals(3, counts.size(), counts.toString());
        assertTrue(counts.values().stream().allMatch(count -> count > 100), counts.toString());
    }

    @ParameterizedTest
    @EnumSource(Acks.class)
    void deliversWithEveryKindOfAcks(Acks acks) {
        String topic = newTopic(1);
        ProducerOptions options =
                ProducerOptions.builder(bootstrap())
                        .acks(acks)
                        .idempotent(acks == Acks.ALL)
                        .build();
        try (Producer<byte[], byte[]> producer = Producer.connect(options)) {
            RecordMetadata sent = producer.send(topic, bytes("one")).join();
            assertEquals(acks == Acks.NONE ? -1 : 0, sent.offset());
        }
        assertText("one", readAll(topic, 1).get(0).value());
    }

    @Test
    void flushWaitsForAllThatLingers() {
        String topic = newTopic(2);
        ProducerOptions options =
                ProducerOptions.builder(bootstrap()).linger(Duration.ofMinutes(1)).build();
        try (Producer<byte[], byte[]> producer = Producer.connect(options)) {
            CompletableFuture<RecordMetadata> first =
                    producer.send(topic, bytes("k"), bytes("one"));
            CompletableFuture<RecordMetadata> second =
                    producer.send(topic, bytes("l"), bytes("two"));
            producer.flush();
            assertTrue(first.isDone() && second.isDone());
        }
    }

    @Test
    void sendsWhatLingersWhenItsTimeHasCome() throws Exception {
        String topic = newTopic(1);
        ProducerOptions options =
                ProducerOptions.builder(bootstrap()).linger(Duration.ofMillis(50)).build();
        try (Producer<byte[], byte[]> producer = Producer.connect(options)) {
            assertEquals(0, producer.send(topic, bytes("one")).get(30, TimeUnit.SECONDS).offset());
        }
    }

    @Test
    void writesRecordsLargerThanABatch() {
        String topic = newTopic(1);
        ProducerOptions options = ProducerOptions.builder(bootstrap()).batchBytes(100).build();
        try (Producer<byte[], byte[]> producer = Producer.connect(options)) {
            producer.send(topic, new byte[500_000]).join();
        }
        assertEquals(500_000, readAll(topic, 1).get(0).value().length);
    }

    @Test
    void saysThatATopicIsNotThere() {
        String topic = uniqueName("nowhere");
        ProducerOptions options =
                ProducerOptions.builder(bootstrap()).maxBlock(Duration.ofMillis(500)).build();
        try (Producer<byte[], byte[]> producer = Producer.connect(options)) {
            ClientTimeoutException failure =
                    assertThrows(
                            ClientTimeoutException.class,
                            () -> producer.send(topic, bytes("lost")));
            assertTrue(failure.getMessage().contains(topic), failure.getMessage());
            assertTrue(
                    failure.getMessage().contains("UNKNOWN_TOPIC_OR_PARTITION"),
                    failure.getMessage());
        }
    }

    @Test
    void refusesRecordsThatNoRequestCanCarry() {
        String topic = newTopic(1);
        ProducerOptions options =
                ProducerOptions.builder(bootstrap()).batchBytes(1000).requestBytesMax(2000).build();
        try (Producer<byte[], byte[]> producer = Producer.connect(options)) {
            IllegalArgumentException failure =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> producer.send(topic, new byte[2000]));
            assertTrue(failure.getMessage().contains("requestBytesMax"), failure.getMessage());
        }
    }

    @Test
    void failsOnlyWhatTheBrokerRefusesAndGoesOn() {
        String topic = uniqueName("topic");
        try (Admin admin = Admin.connect(bootstrap())) {
            admin.createTopic(NewTopic.of(topic, 1).withConfig("max.message.bytes", "1000"));
        }
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        try (Producer<byte[], byte[]> producer =
                Producer.connect(ProducerOptions.builder(bootstrap()).batchBytes(500).build())) {
            for (int i = 0; i < 50; i++) {
                sent.add(producer.send(topic, new byte[i % 10 == 5 ? 2_000 : 300]));
            }
        }
        long offset = 0;
        for (int i = 0; i < 50; i++) {
            if (i % 10 == 5) {
                CompletableFuture<RecordMetadata> refused = sent.get(i);
                ExecutionException failure = assertThrows(ExecutionException.class, refused::get);
                LeatClientException cause =
                        assertInstanceOf(LeatClientException.class, failure.getCause());
                assertEquals(ErrorCode.MESSAGE_TOO_LARGE, cause.errorCode());
            } else {
                assertEquals(offset++, sent.get(i).join().offset());
            }
        }
        assertEquals(45, readAll(topic, 45).size());
    }

    @Test
    void usesTheBrokersTimeWhereTheTopicSaysSo() {
        String topic = uniqueName("topic");
        try (Admin admin = Admin.connect(bootstrap())) {
            admin.createTopic(
                    NewTopic.of(topic, 1).withConfig("message.timestamp.type", "LogAppendTime"));
        }
        long before = System.currentTimeMillis();
        try (Producer<byte[], byte[]> producer = Producer.connect(bootstrap())) {
            ProducerRecord<byte[], byte[]> record = ProducerRecord.of(topic, bytes("one"));
            RecordMetadata sent = producer.send(record.withTimestampMillis(1)).join();
            assertTrue(sent.timestampMillis() >= before, sent.toString());
        }
    }

    /**
     * What is not due when the sender looks must not be taken for due, and not sent, afterwards.
     */
    @Test
    void sendsWhatBecomesDueWhileItLooks() {
        String topic = newTopic(1);
        ProducerOptions options =
                ProducerOptions.builder(bootstrap()).linger(Duration.ofMillis(50)).build();
        // Between two looks at the clock, more time passes than a batch may linger.
        AtomicLong looks = new AtomicLong();
        LongSupplier clock =
                () -> System.nanoTime() - (looks.getAndIncrement() % 2 == 0 ? 60_000_000 : 0);
        try (Producer<byte[], byte[]> producer =
                new BatchingProducer<>(
                        Cluster.connect("leat-producer", options.connection(), true),
                        options,
                        Serializer.bytes(),
                        Serializer.bytes(),
                        clock)) {
            for (int i = 0; i < 20; i++) {
                RecordMetadata sent =
                        producer.send(topic, bytes("late")).orTimeout(20, TimeUnit.SECONDS).join();
                assertEquals(i, sent.offset());
            }
        }
    }

    @Test
    void takesNoMoreOnceClosed() {
        Producer<byte[], byte[]> producer = Producer.connect(bootstrap());
        producer.close();
        producer.close();
        assertThrows(IllegalStateException.class, () -> producer.send("anything", bytes("late")));
    }

    /** Reads partition 0 from its start until it has so many records. */
    private List<org.apache.kafka.clients.consumer.ConsumerRecord<byte[], byte[]>> readAll(
            String topic, int count) {
        List<org.apache.kafka.clients.consumer.ConsumerRecord<byte[], byte[]>> read =
                new ArrayList<>();
        Map<String, Object> config =
                Map.of("bootstrap.servers", bootstrap(), "auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            org.apache.kafka.common.TopicPartition partition =
                    new org.apache.kafka.common.TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            Deadline deadline = Deadline.after(PATIENCE);
            while (read.size() < count && !deadline.isOver()) {
                consumer.poll(Duration.ofMillis(200)).forEach(read::add);
            }
            assertEquals(count, consumer.endOffsets(List.of(partition)).get(partition));
        }
        assertEquals(count, read.size());
        return read;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static void assertText(String expected, byte[] actual) {
        if (expected == null) {
            assertNull(actual);
        } else {
            assertNotNull(actual);
            assertArrayEquals(bytes(expected), actual);
        }
    }
}
