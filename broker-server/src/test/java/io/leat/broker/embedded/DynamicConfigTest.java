package io.leat.broker.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

/** Configuration of the broker that is changed while it runs. */
class DynamicConfigTest {
    private static final ConfigResource BROKER =
            new ConfigResource(ConfigResource.Type.BROKER, "0");
    private static final ConfigResource ALL = new ConfigResource(ConfigResource.Type.BROKER, "");
    private static final ConfigResource TOPIC =
            new ConfigResource(ConfigResource.Type.TOPIC, "topic");

    @Test
    void defaultsOfTopicsAreLiveAndLasting() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(Map.of("message.max.bytes", "5000"))) {
            try (Admin admin = broker.admin();
                    KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
                admin.createTopics(List.of(new NewTopic("topic", 1, (short) 1))).all().get();
                var _ = producer.send(new ProducerRecord<>("topic", new byte[3000])).get();
                set(admin, ALL, Optional.of("1000"));
                tooLarge(producer);
                assertEquals(
                        ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG, seen(admin, TOPIC).source());
                set(admin, BROKER, Optional.of("2000"));
                tooLarge(producer);
                ConfigEntry at = entry(admin, BROKER, "message.max.bytes");
                assertEquals("2000", at.value());
                assertFalse(at.isReadOnly());
                assertEquals(
                        List.of(
                                "2000 DYNAMIC_BROKER_CONFIG",
                                "1000 DYNAMIC_DEFAULT_BROKER_CONFIG",
                                "5000 STATIC_BROKER_CONFIG",
                                "1048588 DEFAULT_CONFIG"),
                        at.synonyms().stream().map(s -> s.value() + " " + s.source()).toList());
            }
            broker.restart();
            try (Admin admin = broker.admin();
                    KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
                tooLarge(producer);
                set(admin, BROKER, Optional.empty());
                tooLarge(producer);
                set(admin, ALL, Optional.empty());
                var _ = producer.send(new ProducerRecord<>("topic", new byte[3000])).get();
                assertEquals(ConfigSource.STATIC_BROKER_CONFIG, seen(admin, TOPIC).source());
            }
        }
    }

    @Test
    void whatIsReadAtStartIsRefused() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(Map.of());
                Admin admin = broker.admin()) {
            for (String key : List.of("num.partitions", "log.dir", "log.retention.hours")) {
                assertTrue(entry(admin, BROKER, key).isReadOnly(), key);
                ExecutionException refused =
                        assertThrows(
                                ExecutionException.class,
                                () -> alter(admin, BROKER, key, Optional.of("3")));
                assertInstanceOf(InvalidRequestException.class, refused.getCause());
                assertTrue(refused.getMessage().contains("restart"), refused::getMessage);
            }
        }
    }

    private static void tooLarge(KafkaProducer<byte[], byte[]> producer) {
        ExecutionException refused =
                assertThrows(
                        ExecutionException.class,
                        () -> producer.send(new ProducerRecord<>("topic", new byte[3000])).get());
        assertInstanceOf(RecordTooLargeException.class, refused.getCause());
    }

    private static ConfigEntry seen(Admin admin, ConfigResource resource) throws Exception {
        return entry(admin, resource, "max.message.bytes");
    }

    private static ConfigEntry entry(Admin admin, ConfigResource resource, String key)
            throws Exception {
        return admin.describeConfigs(
                        List.of(resource), new DescribeConfigsOptions().includeSynonyms(true))
                .all()
                .get()
                .get(resource)
                .get(key);
    }

    private static void set(Admin admin, ConfigResource resource, Optional<String> value)
            throws Exception {
        alter(admin, resource, "message.max.bytes", value);
    }

    private static void alter(
            Admin admin, ConfigResource resource, String key, Optional<String> value)
            throws Exception {
        admin.incrementalAlterConfigs(
                        Map.of(
                                resource,
                                List.of(
                                        new AlterConfigOp(
                                                new ConfigEntry(key, value.orElse(null)),
                                                value.isPresent()
                                                        ? AlterConfigOp.OpType.SET
                                                        : AlterConfigOp.OpType.DELETE))))
                .all()
                .get();
    }
}
