package io.leat.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.local.FileTree;
import io.leat.tests.harness.Await;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.Health;
import io.leat.tests.harness.LeatBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/**
 * A bit flips in a closed segment while the broker is down: the scrubber finds it, health and
 * metrics name the file and the position, consumers get what stands before and behind and never
 * what is damaged, and producers go on.
 */
class DamagedSegmentTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final TopicPartition PARTITION = new TopicPartition("rotten", 0);
    private static final int RECORDS = 300;
    private static final int DAMAGED_AT = 500_000;

    @Test
    void isFoundNamedAndFencedOff() throws Exception {
        Path data = Folders.createTemporary("damaged-");
        Map<String, String> settings =
                Map.of(
                        "leat.scrub.interval.ms", "100",
                        "leat.scrub.bytes.per.second", "1000000000");
        try (LeatBroker broker = new LeatBroker(data, settings)) {
            broker.start();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                NewTopic topic =
                        new NewTopic(PARTITION.topic(), 1, (short) 1)
                                .configs(Map.of("segment.bytes", Integer.toString(1 << 20)));
                admin.createTopics(Set.of(topic)).all().get();
            }
            produce(broker);
            broker.stop();
            flipBit(firstSegment(data));
            broker.start();
            try (Health health = new Health(broker)) {
                Await.until(
                        () -> "a warning: " + health.answer(),
                        LIMIT,
                        () -> health.answer().contains("warnings"));
                String answer = health.answer();
                assertTrue(answer.startsWith("200 "), answer);
                assertTrue(answer.contains("partition rotten-0: offsets "), answer);
                assertTrue(answer.contains("00000000000000000000.log at position "), answer);
            }
            Await.until("metrics", LIMIT, () -> metrics(broker).contains("leat_log_damaged{"));
            String metrics = metrics(broker);
            assertTrue(metrics.contains("leat_log_damages 1.0"), metrics);
            assertTrue(
                    metrics.lines()
                            .anyMatch(line ->
                                    line.startsWith("leat_log_damaged{")
                                            && line.contains(" at position ")));
            consumeAround(broker);
            produce(broker);
        } finally {
            Folders.delete(data);
        }
    }

    private static void produce(LeatBroker broker) throws Exception {
        Map<String, Object> config =
                Map.of(
                        "bootstrap.servers", broker.bootstrap(),
                        "batch.size", "0",
                        "acks", "all");
        try (var producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                byte[] value = new byte[10_000];
                value[0] = (byte) i;
                var _ =
                        producer.send(
                                        new ProducerRecord<>(
                                                PARTITION.topic(),
                                                PARTITION.partition(),
                                                null,
                                                value))
                                .get();
            }
        }
    }

    private static Path firstSegment(Path data) {
        return FileTree.files(data.resolve("logs")).stream()
                .filter(file -> file.toString().endsWith("00000000000000000000.log"))
                .findFirst()
                .orElseThrow();
    }

    private static void flipBit(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[DAMAGED_AT] ^= 4;
        Files.write(file, bytes);
    }

    private static String metrics(LeatBroker broker) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://" + broker.http() + "/metrics");
            return http.send(
                            HttpRequest.newBuilder(uri).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void consumeAround(LeatBroker broker) {
        Map<String, Object> config =
                Map.of(
                        "bootstrap.servers", broker.bootstrap(),
                        "max.partition.fetch.bytes", "100000",
                        "auto.offset.reset", "none");
        try (var consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(PARTITION));
            // One batch holds one record, of 10,000 bytes and something.
            int damaged = DAMAGED_AT / 10_100;
            consumer.seek(PARTITION, 0);
            readUpTo(consumer, damaged - 1);
            consumer.seek(PARTITION, damaged + 2);
            readUpTo(consumer, RECORDS - 1);
        }
    }

    private static void readUpTo(KafkaConsumer<byte[], byte[]> consumer, long last) {
        long[] next = {consumer.position(PARTITION)};
        Await.until(
                () -> "read up to " + last + ", is at " + next[0],
                LIMIT,
                () -> {
                    for (ConsumerRecord<byte[], byte[]> record :
                            consumer.poll(Duration.ofMillis(100))) {
                        assertEquals(next[0], record.offset());
                        assertEquals((byte) record.offset(), record.value()[0]);
                        next[0] = record.offset() + 1;
                    }
                    return next[0] > last;
                });
    }
}
