package io.leat.broker.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/** Metrics that Apache Kafka's own clients push (KIP-714). */
class TelemetryTest {
    private static final ConfigResource SUBSCRIPTION =
            new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "producers");

    @Test
    void whatIsSubscribedStandsInTheBrokersMetrics() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(Map.of());
                Admin admin = broker.admin()) {
            set(admin, "metrics", "org.apache.kafka.producer.");
            set(admin, "interval.ms", "200");
            set(admin, "match", "client_id=app-.*");
            try (KafkaProducer<byte[], byte[]> app =
                            broker.producer(
                                    Map.of("client.id", "app-1", "enable.metrics.push", "true"));
                    KafkaProducer<byte[], byte[]> other =
                            broker.producer(
                                    Map.of("client.id", "other", "enable.metrics.push", "true"))) {
                var _ = other.send(new ProducerRecord<>("telemetry", new byte[10])).get();
                long limit = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                while (!pushed(broker, "app-1") && System.nanoTime() < limit) {
                    var _ = app.send(new ProducerRecord<>("telemetry", new byte[10])).get();
                    LockSupport.parkNanos(20_000_000);
                }
                assertTrue(pushed(broker, "app-1"), () -> broker.meters().getMetersAsString());
                assertFalse(pushed(broker, "other"));
            }
            // Nobody pushes any more: what is left goes when the meters are read.
            long limit = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (pushed(broker, "app-1") && System.nanoTime() < limit) {
                LockSupport.parkNanos(20_000_000);
                broker.broker().refreshMeters();
            }
            assertFalse(pushed(broker, "app-1"));
            assertEquals(List.of("producers"), subscriptions(admin));
            for (String key : List.of("metrics", "interval.ms", "match")) {
                alter(admin, key, null, AlterConfigOp.OpType.DELETE);
            }
            assertEquals(List.of(), subscriptions(admin));
        }
    }

    private static List<String> subscriptions(Admin admin) throws Exception {
        return admin
                .listConfigResources(
                        Set.of(ConfigResource.Type.CLIENT_METRICS),
                        new ListConfigResourcesOptions())
                .all()
                .get()
                .stream()
                .map(ConfigResource::name)
                .toList();
    }

    private static boolean pushed(EmbeddedBroker broker, String clientId) {
        return broker.meters().getMeters().stream()
                .anyMatch(meter ->
                        meter.getId().getName().startsWith("leat.client.producer.")
                                && clientId.equals(meter.getId().getTag("client_id")));
    }

    private static void set(Admin admin, String key, String value) throws Exception {
        alter(admin, key, value, AlterConfigOp.OpType.SET);
    }

    private static void alter(Admin admin, String key, String value, AlterConfigOp.OpType type)
            throws Exception {
        admin.incrementalAlterConfigs(
                        Map.of(
                                SUBSCRIPTION,
                                List.of(new AlterConfigOp(new ConfigEntry(key, value), type))))
                .all()
                .get();
    }
}
