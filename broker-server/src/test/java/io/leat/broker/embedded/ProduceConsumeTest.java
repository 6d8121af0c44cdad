package io.leat.broker.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Apache Kafka's own client produces and consumes. */
class ProduceConsumeTest {
    private static final int RECORDS = 2_000;

    private static EmbeddedBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(Map.of());
        admin = broker.admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void recordsComeBackByteForByte(String codec) throws Exception {
        String topic = "codec-" + codec;
        admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1))).all().get();
        try (KafkaProducer<byte[], byte[]> producer =
                broker.producer(Map.of("compression.type", codec, "linger.ms", "5"))) {
            for (int number = 0; number < RECORDS; number++) {
                var _ = producer.send(record(topic, number));
            }
        }
        List<ConsumerRecord<byte[], byte[]>> read = readAll(topic, 3, RECORDS, Map.of());
        read.sort((a, b) -> Long.compare(a.timestamp(), b.timestamp()));
        for (int number = 0; number < RECORDS; number++) {
            ProducerRecord<byte[], byte[]> sent = record(topic, number);
            ConsumerRecord<byte[], byte[]> got = read.get(number);
            assertArrayEquals(sent.key(), got.key());
            assertArrayEquals(sent.value(), got.value());
            assertEquals(sent.timestamp(), got.timestamp());
            assertEquals(sent.headers(), got.headers());
        }
    }

    @Test
    void aFetchWaitsForTheRecordAndWakes() throws Exception {
        admin.createTopics(List.of(new NewTopic("waiting", 1, (short) 1))).all().get();
        TopicPartition partition = new TopicPartition("waiting", 0);
        KafkaConsumer<byte[], byte[]> consumer =
                broker.consumer(Map.of("fetch.max.wait.ms", "20000"));
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            assertEquals(0, consumer.poll(Duration.ofMillis(200)).count());
            producer.send(new ProducerRecord<>("waiting", new byte[] {1})).get();
            long begin = System.nanoTime();
            int count = 0;
            while (count == 0) {
                count = consumer.poll(Duration.ofSeconds(10)).count();
            }
            assertEquals(1, count);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            assertEquals(0, millis / 5_000, "woken by the record, not by the time-out");
        } finally {
            // Its last request stands behind a fetch that waits: do not wait with it.
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int number) {
        byte[] key =
                number % 7 == 0 ? null : ("key-" + number % 100).getBytes(StandardCharsets.UTF_8);
        byte[] value =
                number % 11 == 0
                        ? null
                        : ("value-" + number + "-" + "x".repeat(number % 300))
                                .getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, null, 1_700_000_000_000L + number, key, value);
        if (number % 3 == 0) {
            record.headers().add(new RecordHeader("number", new byte[] {(byte) number}));
            record.headers().add(new RecordHeader("empty", null));
        }
        return record;
    }

    private static List<ConsumerRecord<byte[], byte[]>> readAll(
            String topic, int partitions, int expected, Map<String, String> config) {
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = broker.consumer(config)) {
            List<TopicPartition> all = new ArrayList<>();
            for (int number = 0; number < partitions; number++) {
                all.add(new TopicPartition(topic, number));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (read.size() < expected && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(500)).forEach(read::add);
            }
        }
        assertEquals(expected, read.size());
        return read;
    }
}
