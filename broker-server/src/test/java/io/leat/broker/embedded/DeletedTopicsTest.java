package io.leat.broker.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Deleted topics stay deleted, whoever still asks for them. */
class DeletedTopicsTest {
    private static final Map<String, String> SHORT =
            Map.of(
                    "max.block.ms",
                    "1500",
                    "delivery.timeout.ms",
                    "2000",
                    "request.timeout.ms",
                    "1000",
                    "linger.ms",
                    "0");

    @Test
    void askingBringsNoDeletedTopicBackAndMakesNewOnes() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(Map.of());
                Admin admin = broker.admin()) {
            try (KafkaProducer<byte[], byte[]> producer = broker.producer(SHORT);
                    KafkaConsumer<byte[], byte[]> consumer =
                            broker.consumer(
                                    Map.of("group.id", "stale", "metadata.max.age.ms", "100"))) {
                var _ = producer.send(new ProducerRecord<>("first", new byte[1])).get();
                consumer.subscribe(List.of("first"));
                var _ = consumer.poll(Duration.ofMillis(500));
                admin.deleteTopics(Set.of("first")).all().get();
                for (int i = 0; i < 5; i++) {
                    var _ = consumer.poll(Duration.ofMillis(150));
                }
                assertFalse(topics(admin).contains("first"), "a consumer that goes on asking");
                try (KafkaProducer<byte[], byte[]> late = broker.producer(SHORT)) {
                    assertThrows(
                            Exception.class,
                            () -> late.send(new ProducerRecord<>("first", new byte[1])).get());
                }
                assertFalse(topics(admin).contains("first"), "a producer that begins to ask");
                var _ = producer.send(new ProducerRecord<>("second", new byte[1])).get();
                assertTrue(topics(admin).contains("second"), "what nobody deleted is made");
            }
            broker.restart();
            try (Admin after = broker.admin();
                    KafkaProducer<byte[], byte[]> producer = broker.producer(SHORT)) {
                assertThrows(
                        Exception.class,
                        () -> producer.send(new ProducerRecord<>("first", new byte[1])).get());
                assertFalse(topics(after).contains("first"), "not after a restart either");
                after.createTopics(List.of(new NewTopic("first", 1, (short) 1))).all().get();
                var _ = producer.send(new ProducerRecord<>("first", new byte[1])).get();
                assertTrue(topics(after).contains("first"), "made on purpose");
            }
        }
    }

    /** A producer that knows the old topic's id writes nothing into the new one of its name. */
    @Test
    void aStaleProducerNoticesThatTheTopicIsAnother() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(Map.of());
                Admin admin = broker.admin();
                KafkaProducer<byte[], byte[]> stale =
                        broker.producer(
                                Map.of(
                                        "metadata.max.age.ms",
                                        "600000",
                                        "retries",
                                        "0",
                                        "enable.idempotence",
                                        "false"))) {
            admin.createTopics(List.of(new NewTopic("reborn", 1, (short) 1))).all().get();
            Uuid first = id(admin);
            var _ = stale.send(new ProducerRecord<>("reborn", new byte[1])).get();
            admin.deleteTopics(Set.of("reborn")).all().get();
            admin.createTopics(List.of(new NewTopic("reborn", 1, (short) 1))).all().get();
            assertNotEquals(first, id(admin));
            assertThrows(
                    Exception.class,
                    () -> stale.send(new ProducerRecord<>("reborn", new byte[1])).get());
            assertEquals(
                    0,
                    admin.listOffsets(Map.of(new TopicPartition("reborn", 0), OffsetSpec.latest()))
                            .all()
                            .get()
                            .get(new TopicPartition("reborn", 0))
                            .offset());
        }
    }

    private static Uuid id(Admin admin) throws Exception {
        return admin.describeTopics(List.of("reborn"))
                .allTopicNames()
                .get()
                .get("reborn")
                .topicId();
    }

    private static Set<String> topics(Admin admin) throws Exception {
        return admin.listTopics().names().get();
    }
}
