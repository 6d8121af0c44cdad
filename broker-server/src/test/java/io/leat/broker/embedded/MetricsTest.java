package io.leat.broker.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.search.Search;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What is counted is what happened. */
class MetricsTest {
    @Test
    void trafficErrorsAndLogsAreMeasured() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(Map.of());
                Admin admin = broker.admin()) {
            admin.createTopics(List.of(new NewTopic("measured", 2, (short) 1))).all().get();
            TopicPartition partition = new TopicPartition("measured", 1);
            try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of());
                    KafkaConsumer<byte[], byte[]> consumer = broker.consumer(Map.of())) {
                for (int count = 0; count < 5; count++) {
                    producer.send(new ProducerRecord<>("measured", 1, null, new byte[100])).get();
                }
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                int read = 0;
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                while (read < 5) {
                    assertTrue(System.nanoTime() < deadline);
                    read += consumer.poll(Duration.ofMillis(200)).count();
                }
            }
            assertEquals(5, counter(broker, "leat.topic.records.in", "topic", "measured"));
            assertEquals(5, counter(broker, "leat.topic.records.out", "topic", "measured"));
            double bytes = counter(broker, "leat.topic.bytes.in", "topic", "measured");
            assertTrue(bytes > 500, "bytes " + bytes);
            assertEquals(bytes, counter(broker, "leat.topic.bytes.out", "topic", "measured"));
            broker.broker().refreshMeters();
            assertEquals(
                    bytes,
                    find(broker, "leat.log.size", "topic", "measured", "partition", "1")
                            .gauge()
                            .value());
            assertEquals(
                    5,
                    find(broker, "leat.log.end.offset", "topic", "measured", "partition", "1")
                            .gauge()
                            .value());
            assertEquals(
                    5, find(broker, "leat.request.duration", "api", "Produce").timer().count());
            assertTrue(find(broker, "leat.storage.force.duration").timer().count() >= 5);
            assertTrue(find(broker, "leat.connections").gauge().value() >= 1);
            var _ =
                    admin.describeTopics(List.of("nobody"))
                            .allTopicNames()
                            .toCompletionStage()
                            .handle((described, error) -> "")
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS);
            assertTrue(
                    counter(
                                    broker,
                                    "leat.request.errors",
                                    "api",
                                    "DescribeTopicPartitions",
                                    "error",
                                    "UNKNOWN_TOPIC_OR_PARTITION")
                            >= 1);
            admin.deleteTopics(List.of("measured")).all().get();
            Meter left =
                    broker.meters().getMeters().stream()
                            .filter(meter -> "measured".equals(meter.getId().getTag("topic")))
                            .findFirst()
                            .orElse(null);
            assertNull(left, "a deleted topic's meters go with it");
        }
    }

    private static double counter(EmbeddedBroker broker, String name, String... tags) {
        return find(broker, name, tags).counter().count();
    }

    private static Search find(EmbeddedBroker broker, String name, String... tags) {
        return broker.meters().find(name).tags(tags);
    }
}
