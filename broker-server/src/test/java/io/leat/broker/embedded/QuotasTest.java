package io.leat.broker.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.network.RawClient;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.MetadataRequest;
import io.leat.wire.message.MetadataRequest.MetadataRequestTopic;
import io.leat.wire.message.MetadataResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Quotas and limits of connections, as Apache Kafka's own clients see them. */
class QuotasTest {
    private static final int RECORD_BYTES = 10_000;

    private static EmbeddedBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() throws Exception {
        // Two windows: what a quota allows at once is a second's worth.
        broker =
                EmbeddedBroker.start(
                        Map.of("quota.window.num", "2", "controller.quota.window.num", "2"));
        admin = broker.admin();
        admin.createTopics(List.of(new NewTopic("quotas", 1, (short) 1))).all().get();
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @AfterEach
    void removeQuotas() throws Exception {
        for (var entry :
                admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get().entrySet()) {
            for (String key : entry.getValue().keySet()) {
                set(entry.getKey(), key, null);
            }
        }
    }

    @Test
    void producersAreThrottledAndLoseNothing() throws Exception {
        set(clientId("heavy"), "producer_byte_rate", 50_000.0);
        try (KafkaProducer<byte[], byte[]> heavy = producer("heavy");
                KafkaProducer<byte[], byte[]> light = producer("light")) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                sent.add(heavy.send(new ProducerRecord<>("quotas", new byte[RECORD_BYTES])));
                var _ = light.send(new ProducerRecord<>("quotas", new byte[10])).get();
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
            assertTrue(metric(heavy.metrics(), "produce-throttle-time-max") > 0);
            assertEquals(0, metric(light.metrics(), "produce-throttle-time-max"));
        }
    }

    @Test
    void producersThatWaitForNoAnswerAreThrottledToo() throws Exception {
        set(clientId("careless"), "producer_byte_rate", 50_000.0);
        try (KafkaProducer<byte[], byte[]> careless =
                broker.producer(
                        Map.of(
                                "client.id",
                                "careless",
                                "acks",
                                "0",
                                "enable.idempotence",
                                "false",
                                "batch.size",
                                "1",
                                "buffer.memory",
                                "100000"))) {
            long began = System.nanoTime();
            for (int i = 0; i < 15; i++) {
                var _ = careless.send(new ProducerRecord<>("quotas", new byte[RECORD_BYTES])).get();
            }
            careless.flush();
            // The sockets' buffers take some; the broker must not have read on, but it may not
            // drop.
            assertTrue(System.nanoTime() - began < Duration.ofMinutes(1).toNanos());
        }
    }

    @Test
    void consumersAreThrottledAndReadEverything() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer("filler")) {
            for (int i = 0; i < 20; i++) {
                var _ = producer.send(new ProducerRecord<>("quotas", new byte[RECORD_BYTES])).get();
            }
        }
        set(clientId("reader"), "consumer_byte_rate", 60_000.0);
        try (KafkaConsumer<byte[], byte[]> consumer =
                broker.consumer(Map.of("client.id", "reader", "fetch.max.wait.ms", "50"))) {
            TopicPartition partition = new TopicPartition("quotas", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                var _ = consumer.poll(Duration.ofSeconds(1));
            }
            assertTrue(metric(consumer.metrics(), "fetch-throttle-time-max") > 0);
        }
    }

    @Test
    void membersOfShareGroupsAreThrottledAndTakeEverything() throws Exception {
        admin.createTopics(List.of(new NewTopic("queue", 1, (short) 1))).all().get();
        try (KafkaProducer<byte[], byte[]> producer = producer("filler")) {
            for (int i = 0; i < 20; i++) {
                var _ = producer.send(new ProducerRecord<>("queue", new byte[RECORD_BYTES])).get();
            }
        }
        alter(
                admin,
                new ConfigResource(ConfigResource.Type.GROUP, "takers"),
                new ConfigEntry("share.auto.offset.reset", "earliest"));
        set(clientId("taker"), "consumer_byte_rate", 60_000.0);
        try (KafkaShareConsumer<byte[], byte[]> consumer =
                new KafkaShareConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                broker.bootstrap(),
                                "group.id",
                                "takers",
                                "client.id",
                                "taker"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("queue"));
            int taken = 0;
            while (taken < 20) {
                taken += consumer.poll(Duration.ofSeconds(1)).count();
            }
            assertTrue(metric(consumer.metrics(), "fetch-throttle-time-max") > 0);
        }
    }

    @Test
    void timeOfThreadsIsAQuota() throws Exception {
        set(clientId("busy"), "request_percentage", 0.001);
        try (KafkaProducer<byte[], byte[]> busy = producer("busy")) {
            for (int i = 0; i < 5; i++) {
                var _ = busy.send(new ProducerRecord<>("quotas", new byte[10])).get();
            }
            assertTrue(metric(busy.metrics(), "produce-throttle-time-max") > 0);
        }
    }

    @Test
    void creatingTooManyPartitionsIsRefused() throws Exception {
        set(
                new ClientQuotaEntity(new HashMap<>(Map.of("user", "ANONYMOUS"))),
                "controller_mutation_rate",
                1.0);
        CreateTopicsOptions once = new CreateTopicsOptions().retryOnQuotaViolation(false);
        admin.createTopics(List.of(new NewTopic("many", 10, (short) 1)), once).all().get();
        // A client that was answered so waits by itself; another of the same user is refused.
        ExecutionException refused;
        try (Admin other = broker.admin()) {
            refused =
                    assertThrows(
                            ExecutionException.class,
                            () ->
                                    other.createTopics(
                                                    List.of(new NewTopic("more", 1, (short) 1)),
                                                    once)
                                            .all()
                                            .get());
        }
        var quota = assertInstanceOf(ThrottlingQuotaExceededException.class, refused.getCause());
        assertTrue(quota.throttleTimeMs() > 0);
        removeQuotas();
        admin.createTopics(List.of(new NewTopic("more", 1, (short) 1)), once).all().get();
    }

    @Test
    void whatIsRefusedAnywayCostsNoQuota() throws Exception {
        set(clientId("careful"), "controller_mutation_rate", 1.0);
        CreateTopicsOptions once = new CreateTopicsOptions().retryOnQuotaViolation(false);
        try (Admin own =
                Admin.create(
                        Map.of("bootstrap.servers", broker.bootstrap(), "client.id", "careful"))) {
            ExecutionException refused =
                    assertThrows(
                            ExecutionException.class,
                            () ->
                                    own.createTopics(
                                                    List.of(
                                                            new NewTopic(
                                                                    "huge", 1_000_000, (short) 1)),
                                                    once)
                                            .all()
                                            .get());
            assertInstanceOf(InvalidPartitionsException.class, refused.getCause());
            own.createTopics(List.of(new NewTopic("after-huge", 1, (short) 1)), once).all().get();
        }
    }

    @Test
    void topicsThatAreMadeSinceSomebodyAsksCostQuotaToo() throws Exception {
        set(clientId("raw"), "controller_mutation_rate", 1.0);
        List<MetadataRequestTopic> asked =
                IntStream.range(0, 100)
                        .mapToObj(i -> new MetadataRequestTopic(TopicIds.NONE, "asked-" + i))
                        .toList();
        try (RawClient client = new RawClient(broker.broker().address())) {
            List<ErrorCode> answers =
                    client
                            .call(
                                    ApiKey.METADATA,
                                    12,
                                    MetadataRequest.class,
                                    MetadataResponse.class,
                                    new MetadataRequest(asked, true, false, false))
                            .topics()
                            .stream()
                            .map(topic -> ErrorCode.of(topic.errorCode()))
                            .toList();
            assertEquals(ErrorCode.NONE, answers.getFirst());
            assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, answers.getLast());
        }
        assertFalse(admin.listTopics().names().get().contains("asked-99"));
    }

    @Test
    void quotasOutliveARestart() throws Exception {
        try (EmbeddedBroker own = EmbeddedBroker.start(Map.of())) {
            try (Admin before = own.admin()) {
                before.alterClientQuotas(
                                List.of(
                                        new ClientQuotaAlteration(
                                                clientId("kept"),
                                                List.of(
                                                        new ClientQuotaAlteration.Op(
                                                                "producer_byte_rate", 7.0)))))
                        .all()
                        .get();
            }
            own.restart();
            try (Admin after = own.admin()) {
                assertEquals(
                        Map.of(clientId("kept"), Map.of("producer_byte_rate", 7.0)),
                        after.describeClientQuotas(ClientQuotaFilter.all()).entities().get());
            }
        }
    }

    @Test
    void oneAddressHasSoManyConnectionsAndTheLimitIsLive() throws Exception {
        try (EmbeddedBroker own = EmbeddedBroker.start(Map.of("max.connections.per.ip", "6"));
                Admin other = own.admin()) {
            other.listTopics().names().get();
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < 12; i++) {
                    sockets.add(connect(own));
                }
                assertTrue(sockets.stream().anyMatch(QuotasTest::closedByPeer));
                alter(other, own, "max.connections.per.ip", "100");
                Socket more = connect(own);
                sockets.add(more);
                more.setSoTimeout(300);
                assertThrows(IOException.class, () -> more.getInputStream().read(), "left open");
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void connectionsThatComeTooFastWait() throws Exception {
        try (EmbeddedBroker own =
                EmbeddedBroker.start(Map.of("max.connection.creation.rate", "5"))) {
            long began = System.nanoTime();
            for (int i = 0; i < 12; i++) {
                try (Admin one = own.admin()) {
                    one.describeCluster().clusterId().get();
                }
            }
            // 5 at once, then 5 a second, and each admin connects at least once.
            assertTrue(System.nanoTime() - began > Duration.ofSeconds(1).toNanos());
        }
    }

    private static void alter(Admin admin, ConfigResource resource, ConfigEntry entry)
            throws Exception {
        admin.incrementalAlterConfigs(
                        Map.of(
                                resource,
                                List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    private static void alter(Admin admin, EmbeddedBroker own, String key, String value)
            throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, "0");
        alter(admin, resource, new ConfigEntry(key, value));
        assertEquals(
                value,
                admin.describeConfigs(List.of(resource))
                        .all()
                        .get()
                        .get(resource)
                        .get(key)
                        .value());
        assertTrue(own.broker().ready());
    }

    private static Socket connect(EmbeddedBroker to) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), to.broker().address().getPort());
    }

    private static boolean closedByPeer(Socket socket) {
        try {
            socket.setSoTimeout(500);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(String clientId) {
        return broker.producer(Map.of("client.id", clientId, "batch.size", "1"));
    }

    private static ClientQuotaEntity clientId(String name) {
        return new ClientQuotaEntity(new HashMap<>(Map.of("client-id", name)));
    }

    private static void set(ClientQuotaEntity entity, String key, Double value) throws Exception {
        admin.alterClientQuotas(
                        List.of(
                                new ClientQuotaAlteration(
                                        entity, List.of(new ClientQuotaAlteration.Op(key, value)))))
                .all()
                .get();
    }

    private static double metric(Map<MetricName, ? extends Metric> metrics, String name) {
        return metrics.values().stream()
                .filter(metric -> metric.metricName().name().equals(name))
                .mapToDouble(metric -> (double) metric.metricValue())
                .max()
                .orElseThrow();
    }
}
