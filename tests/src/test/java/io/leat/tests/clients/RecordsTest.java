package io.leat.tests.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of all shapes, and the ways to read them, with the official client. */
class RecordsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static TestBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = TestBrokers.start();
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void keysValuesAndHeadersMayBeNullOrEmpty() throws Exception {
        var partition = topic("shapes", Map.of("retention.ms", "-1"));
        var odd = new ProducerRecord<byte[], byte[]>("shapes", 0, 5L, null, null);
        odd.headers().add("none", null).add("empty", new byte[0]).add("none", bytes("again"));
        send(Map.of(), List.of(odd, record("shapes", "", "")));
        List<ConsumerRecord<byte[], byte[]>> read = read(partition, 2, Map.of());
        assertEquals(null, read.get(0).key());
        assertEquals(null, read.get(0).value());
        assertEquals(5, read.get(0).timestamp());
        assertEquals(TimestampType.CREATE_TIME, read.get(0).timestampType());
        var headers = read.get(0).headers().toArray();
        assertEquals(
                List.of("none", "empty", "none"),
                List.of(headers).stream().map(h -> h.key()).toList());
        assertEquals(null, headers[0].value());
        assertArrayEquals(new byte[0], headers[1].value());
        assertArrayEquals(bytes("again"), headers[2].value());
        assertArrayEquals(new byte[0], read.get(1).key());
        assertArrayEquals(new byte[0], read.get(1).value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void brokerSetsTheTimeWhereTheTopicSaysSo(String codec) throws Exception {
        String name = "append-time-" + codec;
        var partition = topic(name, Map.of("message.timestamp.type", "LogAppendTime"));
        long before = System.currentTimeMillis();
        List<RecordMetadata> sent =
                send(
                        Map.of("compression.type", codec, "linger.ms", 50),
                        List.of(record(name, "a", "1"), record(name, "b", "2")));
        List<ConsumerRecord<byte[], byte[]>> read = read(partition, 2, Map.of());
        for (int i = 0; i < 2; i++) {
            assertEquals(TimestampType.LOG_APPEND_TIME, read.get(i).timestampType());
            assertEquals(sent.get(i).timestamp(), read.get(i).timestamp());
            assertTrue(read.get(i).timestamp() >= before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "all"})
    void everyKindOfAcknowledgementWorks(String acks) throws Exception {
        var partition = topic("acks-" + acks, Map.of());
        List<ProducerRecord<byte[], byte[]>> records =
                IntStream.range(0, 100).mapToObj(i -> record("acks-" + acks, "k", "" + i)).toList();
        List<RecordMetadata> sent =
                send(Map.of("acks", acks, "enable.idempotence", false), records);
        assertEquals(acks.equals("0") ? -1 : 99, sent.getLast().offset());
        List<ConsumerRecord<byte[], byte[]>> read = read(partition, 100, Map.of());
        assertArrayEquals(bytes("99"), read.getLast().value());
    }

    @Test
    void recordsBeyondTheTopicsLimitAreRefusedAndOthersGoOn() throws Exception {
        var partition = topic("small-only", Map.of("max.message.bytes", "1000"));
        Throwable e =
                assertThrows(
                                ExecutionException.class,
                                () ->
                                        send(
                                                Map.of(),
                                                List.of(
                                                        record(
                                                                "small-only",
                                                                "k",
                                                                "x".repeat(2_000)))))
                        .getCause();
        assertInstanceOf(RecordTooLargeException.class, e);
        send(Map.of(), List.of(record("small-only", "k", "fits")));
        assertArrayEquals(bytes("fits"), read(partition, 1, Map.of()).getFirst().value());
    }

    @Test
    void largeRecordsComeWholeThoughTheyExceedWhatTheConsumerAsksFor() throws Exception {
        var partition = topic("large", Map.of("max.message.bytes", "9000000"));
        byte[] value = new byte[8_000_000];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) (i * 31);
        }
        send(
                Map.of("max.request.size", 9_000_000, "buffer.memory", 40_000_000),
                List.of(
                        new ProducerRecord<>("large", 0, bytes("k"), value),
                        record("large", "k", "after")));
        var read = read(partition, 2, Map.of("max.partition.fetch.bytes", 1_000));
        assertArrayEquals(value, read.getFirst().value());
        assertArrayEquals(bytes("after"), read.getLast().value());
    }

    @Test
    void consumersFindTheirPlaceByOffsetAndByTime() throws Exception {
        var partition = topic("places", Map.of("retention.ms", "-1"));
        List<ProducerRecord<byte[], byte[]>> records =
                IntStream.range(0, 1_000)
                        .mapToObj(i ->
                                new ProducerRecord<>(
                                        "places", 0, 10_000L + i * 10L, bytes("k"), bytes("" + i)))
                        .toList();
        send(Map.of("batch.size", 500), records);
        try (var consumer = consumer(Map.of())) {
            consumer.assign(List.of(partition));
            assertEquals(Map.of(partition, 0L), consumer.beginningOffsets(List.of(partition)));
            assertEquals(Map.of(partition, 1_000L), consumer.endOffsets(List.of(partition)));
            for (int i : new int[] {0, 1, 499, 500, 777, 999}) {
                consumer.seek(partition, i);
                assertArrayEquals(bytes("" + i), poll(consumer, 1).getFirst().value());
                OffsetAndTimestamp found =
                        consumer.offsetsForTimes(Map.of(partition, 10_000L + i * 10L - 9))
                                .get(partition);
                assertEquals(i, found.offset());
                assertEquals(10_000L + i * 10L, found.timestamp());
            }
            assertEquals(null, consumer.offsetsForTimes(Map.of(partition, 99_999L)).get(partition));
        }
    }

    @Test
    void offsetsOutOfRangeAndMissingOnesAreErrorsWhereTheConsumerWantsThem() throws Exception {
        var partition = topic("ranges", Map.of());
        send(Map.of(), List.of(record("ranges", "k", "v")));
        Map<String, Object> strict = Map.of("auto.offset.reset", "none", "group.id", "strict");
        try (var consumer = consumer(strict)) {
            consumer.assign(List.of(partition));
            assertThrows(NoOffsetForPartitionException.class, () -> consumer.poll(LIMIT));
            consumer.seek(partition, 5);
            assertThrows(OffsetOutOfRangeException.class, () -> consumer.poll(LIMIT));
            consumer.seek(partition, 1);
            assertTrue(consumer.poll(Duration.ofMillis(50)).isEmpty());
        }
    }

    @Test
    void waitingConsumerIsWokenByTheRecordAndNotByItsTimeout() throws Exception {
        var partition = topic("woken", Map.of());
        Map<String, Object> patient =
                Map.of("fetch.max.wait.ms", 20_000, "request.timeout.ms", 60_000);
        try (var consumer = consumer(patient)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            assertTrue(consumer.poll(Duration.ofMillis(500)).isEmpty()); // a fetch is waiting now
            long sent = System.nanoTime();
            send(Map.of(), List.of(record("woken", "k", "v")));
            assertEquals(1, poll(consumer, 1).size());
            Duration took = Duration.ofNanos(System.nanoTime() - sent);
            assertTrue(took.toSeconds() < 10, () -> "took " + took);
            consumer.close(CloseOptions.timeout(Duration.ZERO)); // the next fetch waits already
        }
    }

    @Test
    void fetchSessionsFollowManyPartitionsAndPauses() throws Exception {
        admin.createTopics(Set.of(new NewTopic("many", 100, (short) 1))).all().get();
        try (var consumer = consumer(Map.of())) {
            List<TopicPartition> all =
                    IntStream.range(0, 100).mapToObj(p -> new TopicPartition("many", p)).toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            for (int round = 0; round < 5; round++) {
                int number = round;
                send(
                        Map.of(),
                        IntStream.range(0, 100)
                                .mapToObj(p ->
                                        new ProducerRecord<>(
                                                "many", p, bytes("k"), bytes("" + number)))
                                .toList());
                List<TopicPartition> paused = all.subList(round * 10, round * 10 + 10);
                consumer.pause(paused);
                assertEquals(90, partitions(poll(consumer, 90)).size());
                consumer.resume(paused);
                assertEquals(Set.copyOf(paused), partitions(poll(consumer, 10)));
            }
        }
    }

    @Test
    void readCommittedReadsPlainRecordsToo() throws Exception {
        var partition = topic("committed", Map.of());
        send(Map.of(), List.of(record("committed", "k", "v")));
        assertEquals(1, read(partition, 1, Map.of("isolation.level", "read_committed")).size());
    }

    @Test
    void topicsAreCreatedOnFirstUseWhenTheirNameIsGood() throws Exception {
        send(Map.of(), List.of(new ProducerRecord<>("made-on-first-use", bytes("k"), bytes("v"))));
        assertTrue(admin.listTopics().names().get().contains("made-on-first-use"));
        ExecutionException e =
                assertThrows(
                        ExecutionException.class,
                        () ->
                                send(
                                        Map.of(),
                                        List.of(
                                                new ProducerRecord<>(
                                                        "no good", bytes("k"), bytes("v")))));
        assertInstanceOf(InvalidTopicException.class, e.getCause());
    }

    @Test
    void everythingIsThereAfterARestart() throws Exception {
        var partition = topic("kept", Map.of("retention.ms", "777777777"));
        send(Map.of("compression.type", "zstd"), List.of(record("kept", "k", "before")));
        broker.stop();
        broker.start();
        send(Map.of(), List.of(record("kept", "k", "after")));
        List<ConsumerRecord<byte[], byte[]>> read = read(partition, 2, Map.of());
        assertArrayEquals(bytes("before"), read.getFirst().value());
        assertArrayEquals(bytes("after"), read.getLast().value());
    }

    private static TopicPartition topic(String name, Map<String, String> configs) throws Exception {
        admin.createTopics(Set.of(new NewTopic(name, 1, (short) 1).configs(configs))).all().get();
        return new TopicPartition(name, 0);
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String key, String value) {
        return new ProducerRecord<>(topic, 0, bytes(key), bytes(value));
    }

    /** Sends all and waits for every answer. */
    private static List<RecordMetadata> send(
            Map<String, Object> config, List<ProducerRecord<byte[], byte[]>> records)
            throws ExecutionException, InterruptedException {
        Map<String, Object> all = new HashMap<>(config);
        all.put("bootstrap.servers", broker.bootstrap());
        all.put("max.block.ms", LIMIT.toMillis());
        try (var producer =
                new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer())) {
            var futures = records.stream().map(producer::send).toList();
            List<RecordMetadata> answers = new ArrayList<>();
            for (var future : futures) {
                answers.add(future.get());
            }
            return answers;
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> config) {
        Map<String, Object> all = new HashMap<>(config);
        all.put("bootstrap.servers", broker.bootstrap());
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(
            TopicPartition partition, int count, Map<String, Object> config) {
        try (var consumer = consumer(config)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return poll(consumer, count);
        }
    }

    /** At least this many records, in the order in which they came. */
    private static List<ConsumerRecord<byte[], byte[]>> poll(
            KafkaConsumer<byte[], byte[]> consumer, int count) {
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        Await.until(
                () -> count + " records; got " + read.size(),
                LIMIT,
                () -> {
                    consumer.poll(Duration.ofMillis(200)).forEach(read::add);
                    return read.size() >= count;
                });
        return read;
    }

    private static Set<TopicPartition> partitions(List<ConsumerRecord<byte[], byte[]>> records) {
        return Set.copyOf(
                records.stream().map(r -> new TopicPartition(r.topic(), r.partition())).toList());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
