package io.leat.broker.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/** The broker compacts the topics that ask for it, and only those. */
class CompactionTest {
    private static final int KEYS = 20;
    private static final int RECORDS = 400;
    private static final TopicPartition COMPACTED = new TopicPartition("compacted", 0);
    private static final TopicPartition PLAIN = new TopicPartition("plain", 0);

    @Test
    void compactedTopicsKeepTheLatestOfEachKeyAndOthersKeepAll() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(Map.of("log.cleaner.backoff.ms", "20"))) {
            create(broker, COMPACTED, "compact");
            create(broker, PLAIN, "delete");
            fill(broker, COMPACTED);
            fill(broker, PLAIN);
            await(() -> gauge(broker, "leat.cleaner.last.pass") > 0);

            Map<Integer, Integer> latest = new HashMap<>();
            int count = read(broker, COMPACTED, latest);
            assertEquals(latestOfAll(), latest);
            assertTrue(count < RECORDS, () -> count + " records are left");
            assertEquals(RECORDS, read(broker, PLAIN, new HashMap<>()));
            assertTrue(broker.meters().get("leat.cleaner.records.removed").counter().count() > 0);

            broker.restart();
            // When it was, is still known.
            await(() -> gauge(broker, "leat.cleaner.last.pass") > 0);
            Map<Integer, Integer> again = new HashMap<>();
            assertTrue(read(broker, COMPACTED, again) <= count);
            assertEquals(latest, again);
        }
    }

    @Test
    void aPolicyThatIsChangedHoldsFromThenOn() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(Map.of("log.cleaner.backoff.ms", "20"))) {
            create(broker, PLAIN, "delete");
            fill(broker, PLAIN);
            alter(broker, PLAIN, "cleanup.policy", "compact,delete");
            await(() -> gauge(broker, "leat.cleaner.last.pass") > 0);
            Map<Integer, Integer> latest = new HashMap<>();
            assertTrue(read(broker, PLAIN, latest) < RECORDS);
            assertEquals(latestOfAll(), latest);
        }
    }

    @Test
    void whatIsNotCompactedAnyMoreIsNotMeasured() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(Map.of("log.cleaner.backoff.ms", "20"))) {
            create(broker, COMPACTED, "compact");
            // No ratio is above it: it stays dirty.
            alter(broker, COMPACTED, "min.cleanable.dirty.ratio", "1");
            fill(broker, COMPACTED);
            await(() -> gauge(broker, "leat.cleaner.dirty.age.max") > 0);
            assertEquals(1, gauge(broker, "leat.cleaner.dirty.ratio.max"));

            alter(broker, COMPACTED, "cleanup.policy", "delete");
            assertEquals(0, gauge(broker, "leat.cleaner.dirty.age.max"));
            assertEquals(0, gauge(broker, "leat.cleaner.dirty.ratio.max"));
        }
    }

    private static void alter(
            EmbeddedBroker broker, TopicPartition partition, String key, String value)
            throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, partition.topic());
        var change = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
        try (Admin admin = broker.admin()) {
            admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
        }
    }

    private static void create(EmbeddedBroker broker, TopicPartition partition, String policy)
            throws Exception {
        Map<String, String> configs =
                Map.of("cleanup.policy", policy, "segment.bytes", Integer.toString(1 << 20));
        try (Admin admin = broker.admin()) {
            admin.createTopics(
                            List.of(new NewTopic(partition.topic(), 1, (short) 1).configs(configs)))
                    .all()
                    .get();
        }
    }

    private static void fill(EmbeddedBroker broker, TopicPartition partition) {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            for (int i = 0; i < RECORDS; i++) {
                byte[] value = new byte[8_000];
                value[0] = (byte) (i >> 8);
                value[1] = (byte) i;
                var _ =
                        producer.send(
                                new ProducerRecord<>(
                                        partition.topic(), 0, new byte[] {key(i)}, value));
            }
            producer.flush();
        }
    }

    private static byte key(int i) {
        return (byte) (i * 7 % KEYS);
    }

    private static Map<Integer, Integer> latestOfAll() {
        Map<Integer, Integer> latest = new HashMap<>();
        for (int i = 0; i < RECORDS; i++) {
            latest.put((int) key(i), i);
        }
        return latest;
    }

    private static int read(
            EmbeddedBroker broker, TopicPartition partition, Map<Integer, Integer> latest) {
        int count = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = broker.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (consumer.position(partition) < RECORDS) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    int number = (record.value()[0] & 0xff) << 8 | (record.value()[1] & 0xff);
                    assertEquals(number, record.offset());
                    latest.put((int) record.key()[0], number);
                    count++;
                }
            }
        }
        return count;
    }

    private static double gauge(EmbeddedBroker broker, String name) {
        return broker.meters().get(name).gauge().value();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it takes too long");
            LockSupport.parkNanos(5_000_000);
        }
    }
}
