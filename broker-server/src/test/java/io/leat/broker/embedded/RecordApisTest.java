package io.leat.broker.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be asked of records, and what is refused, through Apache Kafka's own client. */
class RecordApisTest {
    private static final long DAY_2023 = 1_700_000_000_000L;

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

    @Test
    void offsetsAreFoundByPlaceAndByTime() throws Exception {
        TopicPartition partition = topic("offsets", Map.of());
        produce(partition, DAY_2023, DAY_2023 + 50, DAY_2023 + 20);
        assertEquals(0, offset(partition, OffsetSpec.earliest()).offset());
        assertEquals(3, offset(partition, OffsetSpec.latest()).offset());
        ListOffsetsResultInfo max = offset(partition, OffsetSpec.maxTimestamp());
        assertEquals(1, max.offset());
        assertEquals(DAY_2023 + 50, max.timestamp());
        ListOffsetsResultInfo later = offset(partition, OffsetSpec.forTimestamp(DAY_2023 + 1));
        assertEquals(1, later.offset());
        assertEquals(DAY_2023 + 50, later.timestamp());
        assertEquals(-1, offset(partition, OffsetSpec.forTimestamp(DAY_2023 + 51)).offset());
        assertEquals(0, offset(partition, OffsetSpec.earliestLocal()).offset());
        assertEquals(-1, offset(partition, OffsetSpec.latestTiered()).offset());
        assertEquals(-1, offset(partition, OffsetSpec.earliestPendingUpload()).offset());
    }

    @Test
    void deletedRecordsAreOutOfRange() throws Exception {
        TopicPartition partition = topic("trimmed", Map.of());
        produce(partition, DAY_2023, DAY_2023, DAY_2023);
        assertEquals(
                2,
                admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2)))
                        .lowWatermarks()
                        .get(partition)
                        .get()
                        .lowWatermark());
        assertEquals(2, offset(partition, OffsetSpec.earliest()).offset());
        try (KafkaConsumer<byte[], byte[]> consumer =
                broker.consumer(Map.of("auto.offset.reset", "none"))) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 1);
            assertThrows(
                    org.apache.kafka.clients.consumer.OffsetOutOfRangeException.class,
                    () -> pollUntilFailure(consumer));
        }
        failed(
                OffsetOutOfRangeException.class,
                () ->
                        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(9)))
                                .all()
                                .get());
        TopicPartition compacted = topic("trim-compacted", Map.of("cleanup.policy", "compact"));
        failed(
                PolicyViolationException.class,
                () ->
                        admin.deleteRecords(Map.of(compacted, RecordsToDelete.beforeOffset(0)))
                                .all()
                                .get());
    }

    @Test
    void aTooLargeBatchIsRefused() throws Exception {
        TopicPartition partition = topic("small", Map.of("max.message.bytes", "1000"));
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            failed(
                    RecordTooLargeException.class,
                    () -> send(producer, partition, null, new byte[2000]));
            send(producer, partition, null, new byte[500]);
        }
        assertEquals(1, offset(partition, OffsetSpec.latest()).offset());
    }

    @Test
    void compactedTopicsNeedKeys() throws Exception {
        TopicPartition partition = topic("compacted", Map.of("cleanup.policy", "compact"));
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            failed(KafkaException.class, () -> send(producer, partition, null, new byte[1]));
            producer.send(
                            new ProducerRecord<>(
                                    partition.topic(), 0, new byte[] {1}, new byte[] {1}))
                    .get();
        }
        assertEquals(1, offset(partition, OffsetSpec.latest()).offset());
    }

    @Test
    void timestampsOutsideTheBoundsAreRefused() throws Exception {
        TopicPartition partition =
                topic(
                        "times",
                        Map.of(
                                "message.timestamp.before.max.ms",
                                "60000",
                                "message.timestamp.after.max.ms",
                                "60000"));
        long now = System.currentTimeMillis();
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            failed(
                    InvalidTimestampException.class,
                    () -> send(producer, partition, now - 120_000, new byte[1]));
            failed(
                    InvalidTimestampException.class,
                    () -> send(producer, partition, now + 120_000, new byte[1]));
            send(producer, partition, now, new byte[1]);
        }
    }

    @Test
    void logAppendTimeReplacesTheProducersTime() throws Exception {
        TopicPartition partition =
                topic("append-time", Map.of("message.timestamp.type", "LogAppendTime"));
        long before = System.currentTimeMillis();
        produce(partition, 5L);
        ConsumerRecord<byte[], byte[]> record = read(partition, 1).getFirst();
        assertEquals(TimestampType.LOG_APPEND_TIME, record.timestampType());
        assertTrue(record.timestamp() >= before, "time " + record.timestamp());
    }

    @Test
    void aConfigTakesEffectWithTheNextBatch() throws Exception {
        TopicPartition partition = topic("retuned", Map.of());
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            send(producer, partition, null, new byte[2000]);
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, "retuned"),
                                    List.of(
                                            new AlterConfigOp(
                                                    new ConfigEntry("max.message.bytes", "1000"),
                                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            failed(
                    RecordTooLargeException.class,
                    () -> send(producer, partition, null, new byte[2000]));
        }
    }

    @Test
    void allAcknowledgementsWork() throws Exception {
        TopicPartition partition = topic("acks", Map.of());
        for (String acks : List.of("0", "1", "all")) {
            try (KafkaProducer<byte[], byte[]> producer =
                    broker.producer(Map.of("acks", acks, "enable.idempotence", "false"))) {
                send(producer, partition, null, acks.getBytes(StandardCharsets.US_ASCII));
            }
        }
        assertEquals(
                List.of("0", "1", "all"),
                read(partition, 3).stream()
                        .map(record -> new String(record.value(), StandardCharsets.US_ASCII))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void whatNobodyWaitsForIsForcedAndReadToo(String acks) throws Exception {
        TopicPartition partition = topic("lazy-" + acks, Map.of());
        try (KafkaProducer<byte[], byte[]> producer =
                broker.producer(Map.of("acks", acks, "enable.idempotence", "false"))) {
            send(producer, partition, null, new byte[1]);
        }
        assertEquals(1, read(partition, 1).size());
    }

    @Test
    void recordsSurviveARestart() throws Exception {
        try (EmbeddedBroker own = EmbeddedBroker.start(Map.of())) {
            try (KafkaProducer<byte[], byte[]> producer = own.producer(Map.of())) {
                producer.send(new ProducerRecord<>("auto", new byte[] {1})).get();
            }
            own.restart();
            try (KafkaProducer<byte[], byte[]> producer = own.producer(Map.of())) {
                assertEquals(
                        1,
                        producer.send(new ProducerRecord<>("auto", new byte[] {2})).get().offset());
            }
        }
    }

    @Test
    void withoutAutoCreationAnUnknownTopicStaysUnknown() throws Exception {
        try (EmbeddedBroker own =
                        EmbeddedBroker.start(Map.of("auto.create.topics.enable", "false"));
                KafkaProducer<byte[], byte[]> producer =
                        own.producer(Map.of("max.block.ms", "500"));
                Admin ownAdmin = own.admin()) {
            ExecutionException failure =
                    assertThrows(
                            ExecutionException.class,
                            () -> producer.send(new ProducerRecord<>("none", new byte[1])).get());
            assertInstanceOf(KafkaException.class, failure.getCause());
            assertTrue(ownAdmin.listTopics().names().get().isEmpty());
            failed(
                    UnknownTopicOrPartitionException.class,
                    () -> ownAdmin.describeTopics(List.of("none")).allTopicNames().get());
        }
    }

    @Test
    void aSmallFetchStillGetsOneWholeBatch() throws Exception {
        TopicPartition partition = topic("big", Map.of());
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            send(producer, partition, null, new byte[500_000]);
            send(producer, partition, null, new byte[500_000]);
        }
        assertEquals(
                2,
                read(
                                partition,
                                2,
                                Map.of(
                                        "fetch.max.bytes",
                                        "1000",
                                        "max.partition.fetch.bytes",
                                        "1000"))
                        .size());
    }

    @Test
    void manyPartitionsAreReadInASession() throws Exception {
        admin.createTopics(List.of(new NewTopic("session", 20, (short) 1))).all().get();
        List<TopicPartition> partitions =
                IntStream.range(0, 20)
                        .mapToObj(number -> new TopicPartition("session", number))
                        .toList();
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of());
                KafkaConsumer<byte[], byte[]> consumer =
                        broker.consumer(Map.of("isolation.level", "read_committed"))) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            for (int round = 0; round < 10; round++) {
                for (TopicPartition partition : partitions.subList(round, round + 10)) {
                    send(producer, partition, null, new byte[] {(byte) round});
                }
                int count = 0;
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                while (count < 10) {
                    assertTrue(System.nanoTime() < deadline, "read " + count);
                    count += consumer.poll(Duration.ofMillis(200)).count();
                }
                assertEquals(10, count);
                assertTrue(
                        broker.meters().get("leat.fetch.sessions").gauge().value() >= 1,
                        "no session");
                if (round == 5) {
                    consumer.assign(partitions.subList(1, 20)); // the session forgets one
                }
            }
        }
    }

    private static TopicPartition topic(String name, Map<String, String> configs) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, 1, (short) 1).configs(configs))).all().get();
        return new TopicPartition(name, 0);
    }

    private static ListOffsetsResultInfo offset(TopicPartition partition, OffsetSpec spec)
            throws Exception {
        return admin.listOffsets(Map.of(partition, spec)).partitionResult(partition).get();
    }

    private static void produce(TopicPartition partition, long... timestamps) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            for (long timestamp : timestamps) {
                send(producer, partition, timestamp, new byte[] {1});
            }
        }
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer,
            TopicPartition partition,
            Long timestamp,
            byte[] value)
            throws Exception {
        producer.send(
                        new ProducerRecord<>(
                                partition.topic(), partition.partition(), timestamp, null, value))
                .get();
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(TopicPartition partition, int count) {
        return read(partition, count, Map.of());
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(
            TopicPartition partition, int count, Map<String, String> config) {
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = broker.consumer(config)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (read.size() < count) {
                assertTrue(System.nanoTime() < deadline, "read " + read.size());
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(Duration.ofMillis(200));
                polled.forEach(read::add);
            }
        }
        return read;
    }

    private static void pollUntilFailure(KafkaConsumer<byte[], byte[]> consumer) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < deadline) {
            assertTrue(consumer.poll(Duration.ofMillis(100)).isEmpty());
        }
    }

    /** Something that a client does and that fails. */
    private interface Attempt {
        void run() throws Exception;
    }

    private static void failed(Class<? extends Exception> expected, Attempt attempt) {
        ExecutionException failure = assertThrows(ExecutionException.class, attempt::run);
        assertInstanceOf(expected, failure.getCause());
    }
}
