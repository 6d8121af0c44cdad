package io.leat.broker.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Records go when their topic does not keep them any longer, and only then. */
class RetentionTest {
    private static final long LONG_AGO = 1_000_000;

    @Test
    void whatIsTooOldGoesAndTheLogStartStays() throws Exception {
        try (EmbeddedBroker broker =
                EmbeddedBroker.start(Map.of("log.retention.check.interval.ms", "20"))) {
            TopicPartition old = new TopicPartition("old", 0);
            TopicPartition kept = new TopicPartition("kept", 0);
            TopicPartition compacted = new TopicPartition("compacted", 0);
            try (Admin admin = broker.admin()) {
                admin.createTopics(
                                List.of(
                                        topic("old", Map.of("retention.ms", "3600000")),
                                        topic("kept", Map.of("retention.ms", "-1")),
                                        topic(
                                                "compacted",
                                                Map.of(
                                                        "retention.ms",
                                                        "3600000",
                                                        "cleanup.policy",
                                                        "compact"))))
                        .all()
                        .get();
                try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
                    for (TopicPartition partition : List.of(kept, compacted, old)) {
                        for (int i = 0; i < 3; i++) {
                            producer.send(record(partition)).get();
                        }
                    }
                }
                awaitTrue("the old records go", () -> earliest(admin, old) == 3);
                assertEquals(0, earliest(admin, kept));
                assertEquals(0, earliest(admin, compacted));
            }
            // The log start moves first, and is counted then.
            awaitTrue(
                    "three offsets are counted",
                    () -> broker.meters().get("leat.retention.offsets").counter().count() == 3);
            broker.restart();
            try (Admin admin = broker.admin()) {
                assertEquals(3, earliest(admin, old));
                assertEquals(0, earliest(admin, kept));
            }
        }
    }

    private static void awaitTrue(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < deadline, "not in time: " + what);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static NewTopic topic(String name, Map<String, String> configs) {
        return new NewTopic(name, 1, (short) 1).configs(configs);
    }

    private static ProducerRecord<byte[], byte[]> record(TopicPartition partition) {
        return new ProducerRecord<>(partition.topic(), 0, LONG_AGO, new byte[] {1}, new byte[] {2});
    }

    private static long earliest(Admin admin, TopicPartition partition) throws Exception {
        return admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                .partitionResult(partition)
                .get()
                .offset();
    }
}
