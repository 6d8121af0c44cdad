package io.leat.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.wire.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Consumer} promises of partitions that are assigned by hand, of whatever broker. */
public abstract class ConsumerContract extends BrokerContract {
    private static final int RECORDS = 5_000;

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void readsWhatKafkaClientsWriteInEveryCodec(String codec) {
        String topic = newTopic(1);
        Map<String, Object> config =
                Map.of("bootstrap.servers", bootstrap(), "compression.type", codec, "linger.ms", 5);
        List<Future<?>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                String key = i % 7 == 0 ? null : "key " + i;
                String value = i % 11 == 0 ? null : "value " + i;
                org.apache.kafka.clients.producer.ProducerRecord<String, String> record =
                        new org.apache.kafka.clients.producer.ProducerRecord<>(
                                topic, 0, 1_000L + i, key, value);
                record.headers().add("n", bytes("" + i)).add("null", null);
                sent.add(producer.send(record));
            }
        }
        assertTrue(sent.stream().allMatch(Future::isDone));
        try (Consumer<String, String> consumer = text(ConsumerOptions.of(bootstrap()))) {
            List<ConsumerRecord<String, String>> read = readFromStart(consumer, topic, RECORDS);
            for (int i = 0; i < RECORDS; i++) {
                ConsumerRecord<String, String> record = read.get(i);
                assertEquals(i, record.offset());
                assertEquals(1_000 + i, record.timestampMillis());
                assertEquals(i % 7 == 0 ? null : "key " + i, record.key());
                assertEquals(i % 11 == 0 ? null : "value " + i, record.value());
                assertEquals("n", record.headers().get(0).key());
                assertEquals(
                        "" + i,
                        StandardCharsets.UTF_8.decode(record.headers().get(0).value()).toString());
                assertNull(record.headers().get(1).value());
            }
        }
    }

    @Test
    void readsLongsIntegersAndBytes() {
        String topic = newTopic(1);
        ProducerOptions options = ProducerOptions.of(bootstrap());
        try (Producer<Long, Integer> producer =
                Producer.connect(options, Serializer.int64(), Serializer.int32())) {
            producer.send(topic, Long.MIN_VALUE, Integer.MAX_VALUE).join();
        }
        ConsumerOptions reading = ConsumerOptions.of(bootstrap());
        try (Consumer<Long, Integer> consumer =
                Consumer.connect(reading, Deserializer.int64(), Deserializer.int32())) {
            ConsumerRecord<Long, Integer> record = readFromStart(consumer, topic, 1).get(0);
            assertEquals(Long.MIN_VALUE, record.key());
            assertEquals(Integer.MAX_VALUE, record.value());
        }
    }

    @Test
    void goesWhereItIsSentTo() {
        String topic = fill(newTopic(1), 100);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Consumer<String, String> consumer = text(ConsumerOptions.of(bootstrap()))) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 42);
            assertEquals(42, consumer.position(partition));
            assertEquals(42, pollSome(consumer).get(0).offset());
            consumer.seekToBeginning(List.of(partition));
            assertEquals(0, consumer.position(partition));
            assertEquals(0, pollSome(consumer).get(0).offset());
            consumer.seekToEnd(List.of(partition));
            assertEquals(100, consumer.position(partition));
            fill(topic, 1);
            assertEquals(100, pollSome(consumer).get(0).offset());
            assertEquals(101, consumer.position(partition));
        }
    }

    @Test
    void returnsNoMoreThanWasAskedForAndLeavesNothingOut() {
        String topic = fill(newTopic(2), 1_000);
        ConsumerOptions options =
                ConsumerOptions.builder(bootstrap())
                        .pollRecordsMax(7)
                        .offsetReset(OffsetReset.EARLIEST)
                        .build();
        try (Consumer<String, String> consumer = text(options)) {
            consumer.assign(consumer.partitions(topic));
            long[] next = new long[2];
            int read = 0;
            Deadline deadline = Deadline.after(PATIENCE);
            while (read < 1_000 && !deadline.isOver()) {
                List<ConsumerRecord<String, String>> records = consumer.poll(Duration.ofSeconds(1));
                assertTrue(records.size() <= 7);
                for (ConsumerRecord<String, String> record : records) {
                    assertEquals(next[record.partition()]++, record.offset());
                    read++;
                }
            }
            assertEquals(1_000, read);
        }
    }

    @Test
    void readsMoreThanItMayBuffer() {
        String topic = newTopic(3);
        try (Producer<byte[], byte[]> producer = Producer.connect(bootstrap())) {
            sendAll(
                    producer,
                    IntStream.range(0, 300)
                            .mapToObj(i ->
                                    ProducerRecord.<byte[], byte[]>of(topic, new byte[10_000])
                                            .withPartition(i % 3)));
        }
        ConsumerOptions options =
                ConsumerOptions.builder(bootstrap())
                        .prefetchBytes(100_000)
                        .partitionBytesMax(20_000)
                        .offsetReset(OffsetReset.EARLIEST)
                        .build();
        try (Consumer<byte[], byte[]> consumer = Consumer.connect(options)) {
            consumer.assign(consumer.partitions(topic));
            assertEquals(300, read(consumer, 300).size());
        }
    }

    @Test
    void leavesPausedPartitionsAlone() {
        String topic = fill(newTopic(2), 200);
        TopicPartition first = new TopicPartition(topic, 0);
        TopicPartition second = new TopicPartition(topic, 1);
        ConsumerOptions options =
                ConsumerOptions.builder(bootstrap())
                        .pollRecordsMax(10)
                        .offsetReset(OffsetReset.EARLIEST)
                        .build();
        try (Consumer<String, String> consumer = text(options)) {
            consumer.assign(List.of(first, second));
            consumer.pause(List.of(first));
            assertEquals(Set.of(first), consumer.paused());
            long expected = consumer.endOffsets(List.of(second)).get(second);
            read(consumer, (int) expected).forEach(record -> assertEquals(1, record.partition()));
            assertEquals(List.of(), consumer.poll(Duration.ofMillis(200)));
            consumer.pause(List.of(second));
            consumer.resume(List.of(first));
            long rest = 200 - expected;
            read(consumer, (int) rest).forEach(record -> assertEquals(0, record.partition()));
        }
    }

    @Test
    void startsWhereTheOptionsSay() {
        String topic = fill(newTopic(1), 10);
        TopicPartition partition = new TopicPartition(topic, 0);
        assertEquals(0, startOf(partition, OffsetReset.EARLIEST));
        assertEquals(10, startOf(partition, OffsetReset.LATEST));
        assertEquals(0, startOf(partition, OffsetReset.byDuration(Duration.ofHours(1))));
        assertEquals(10, startOf(partition, OffsetReset.byDuration(Duration.ZERO)));
    }

    private long startOf(TopicPartition partition, OffsetReset reset) {
        try (Consumer<String, String> consumer =
                text(ConsumerOptions.builder(bootstrap()).offsetReset(reset).build())) {
            consumer.assign(List.of(partition));
            return consumer.position(partition);
        }
    }

    @Test
    void failsWithoutAPositionIfItMayNotChooseOne() {
        TopicPartition partition = new TopicPartition(fill(newTopic(1), 10), 0);
        ConsumerOptions options =
                ConsumerOptions.builder(bootstrap()).offsetReset(OffsetReset.NONE).build();
        try (Consumer<String, String> consumer = text(options)) {
            consumer.assign(List.of(partition));
            assertOutOfRange(
                    partition, assertThrows(BrokerException.class, () -> consumer.poll(PATIENCE)));
            consumer.seek(partition, 3);
            assertEquals(3, pollSome(consumer).get(0).offset());
            consumer.seek(partition, 99);
            assertOutOfRange(
                    partition, assertThrows(BrokerException.class, () -> consumer.poll(PATIENCE)));
        }
    }

    private static void assertOutOfRange(TopicPartition partition, BrokerException failure) {
        assertEquals(ErrorCode.OFFSET_OUT_OF_RANGE, failure.errorCode());
        assertTrue(failure.getMessage().contains(partition.topic()), failure.getMessage());
    }

    @Test
    void comesBackFromOffsetsThatAreGone() {
        TopicPartition partition = new TopicPartition(fill(newTopic(1), 10), 0);
        try (Admin admin = Admin.connect(bootstrap())) {
            admin.deleteRecords(Map.of(partition, 5L));
        }
        ConsumerOptions options =
                ConsumerOptions.builder(bootstrap()).offsetReset(OffsetReset.EARLIEST).build();
        try (Consumer<String, String> consumer = text(options)) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 2);
            assertEquals(5, pollSome(consumer).get(0).offset());
        }
    }

    @Test
    void findsOffsetsByPlaceAndTime() {
        String topic = newTopic(1);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Producer<byte[], byte[]> producer = Producer.connect(bootstrap())) {
            sendAll(
                    producer,
                    IntStream.range(0, 10)
                            .mapToObj(i ->
                                    ProducerRecord.<byte[], byte[]>of(topic, new byte[1])
                                            .withTimestampMillis(1_000 + i)));
        }
        try (Consumer<String, String> consumer = text(ConsumerOptions.of(bootstrap()))) {
            assertEquals(List.of(partition), consumer.partitions(topic));
            assertEquals(Map.of(partition, 0L), consumer.beginningOffsets(List.of(partition)));
            assertEquals(Map.of(partition, 10L), consumer.endOffsets(List.of(partition)));
            assertEquals(
                    Map.of(partition, new OffsetAndTimestamp(5, 1_005)),
                    consumer.offsetsForTimes(Map.of(partition, 1_005L)));
            assertEquals(Map.of(), consumer.offsetsForTimes(Map.of(partition, 2_000L)));
        }
    }

    @Test
    void goesOnBehindWhatItsGroupCommitted() {
        TopicPartition partition = new TopicPartition(fill(newTopic(1), 10), 0);
        ConsumerOptions options =
                ConsumerOptions.builder(bootstrap())
                        .groupId(uniqueName("group"))
                        .pollRecordsMax(4)
                        .offsetReset(OffsetReset.EARLIEST)
                        .noAutoCommit()
                        .build();
        try (Consumer<String, String> consumer = text(options)) {
            assertEquals(Map.of(), consumer.committed(List.of(partition)));
            consumer.assign(List.of(partition));
            pollSome(consumer);
            consumer.commit();
            assertEquals(
                    Map.of(partition, OffsetAndMetadata.of(4)),
                    consumer.committed(List.of(partition)));
        }
        try (Consumer<String, String> consumer = text(options)) {
            consumer.assign(List.of(partition));
            assertEquals(4, pollSome(consumer).get(0).offset());
            consumer.commit(Map.of(partition, new OffsetAndMetadata(7, "seven")));
            assertEquals(
                    Map.of(partition, new OffsetAndMetadata(7, "seven")),
                    consumer.committed(List.of(partition)));
        }
    }

    @Test
    void cannotCommitWithoutAGroup() {
        try (Consumer<String, String> consumer = text(ConsumerOptions.of(bootstrap()))) {
            IllegalStateException failure =
                    assertThrows(IllegalStateException.class, consumer::commit);
            assertTrue(failure.getMessage().contains("groupId"), failure.getMessage());
        }
    }

    @Test
    void wakesUpFromAnotherThread() throws Exception {
        String topic = newTopic(1);
        try (Consumer<String, String> consumer = text(ConsumerOptions.of(bootstrap()))) {
            consumer.assign(consumer.partitions(topic));
            consumer.wakeup();
            assertEquals(List.of(), consumer.poll(Duration.ofHours(1)));

            CountDownLatch polling = new CountDownLatch(1);
            CompletableFuture<List<ConsumerRecord<String, String>>> polled =
                    CompletableFuture.supplyAsync(() -> {
                        polling.countDown();
                        return consumer.poll(Duration.ofHours(1));
                    });
            polling.await();
            consumer.wakeup();
            assertEquals(List.of(), polled.get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void namesTheRecordThatCannotBeReadAndGoesOnBehindIt() {
        String topic = newTopic(1);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Producer<byte[], byte[]> producer = Producer.connect(bootstrap())) {
            sendAll(
                    producer,
                    Stream.of(8, 8, 3, 8).map(size -> ProducerRecord.of(topic, new byte[size])));
        }
        ConsumerOptions options =
                ConsumerOptions.builder(bootstrap()).offsetReset(OffsetReset.EARLIEST).build();
        try (Consumer<Long, Long> consumer =
                Consumer.connect(options, Deserializer.int64(), Deserializer.int64())) {
            consumer.assign(List.of(partition));
            assertEquals(2, read(consumer, 2).size());
            for (int again = 0; again < 2; again++) {
                RecordDeserializationException failure =
                        assertThrows(
                                RecordDeserializationException.class,
                                () -> consumer.poll(PATIENCE));
                assertEquals(partition, failure.partition());
                assertEquals(2, failure.offset());
                assertEquals(2, consumer.position(partition));
            }
            consumer.seek(partition, 3);
            assertEquals(3, pollSome(consumer).get(0).offset());
        }
    }

    @Test
    void isForOneThreadAtATime() throws Exception {
        String topic = newTopic(1);
        Consumer<String, String> consumer = text(ConsumerOptions.of(bootstrap()));
        consumer.assign(consumer.partitions(topic));
        consumer.poll(Duration.ZERO);
        CompletableFuture<List<ConsumerRecord<String, String>>> polled =
                CompletableFuture.supplyAsync(() -> pollWhenFree(consumer));
        Deadline deadline = Deadline.after(PATIENCE);
        boolean refused = false;
        while (!refused && !deadline.isOver()) {
            try {
                consumer.assignment();
            } catch (IllegalStateException e) {
                refused = true;
            }
        }
        assertTrue(refused);
        consumer.wakeup();
        polled.get(30, TimeUnit.SECONDS);
        consumer.close();
        consumer.close();
        assertThrows(IllegalStateException.class, () -> consumer.poll(Duration.ZERO));
    }

    private static List<ConsumerRecord<String, String>> pollWhenFree(
            Consumer<String, String> consumer) {
        while (true) {
            try {
                return consumer.poll(Duration.ofHours(1));
            } catch (IllegalStateException e) {
                Thread.onSpinWait(); // the other thread was in it
            }
        }
    }

    // ----

    private static Consumer<String, String> text(ConsumerOptions options) {
        return Consumer.connect(options, Deserializer.utf8(), Deserializer.utf8());
    }

    private String fill(String topic, int count) {
        ProducerOptions options = ProducerOptions.of(bootstrap());
        try (Producer<String, String> producer =
                Producer.connect(options, Serializer.utf8(), Serializer.utf8())) {
            sendAll(
                    producer,
                    IntStream.range(0, count)
                            .mapToObj(i -> ProducerRecord.of(topic, "key " + i, "value " + i)));
        }
        return topic;
    }

    private static <K, V> List<ConsumerRecord<K, V>> readFromStart(
            Consumer<K, V> consumer, String topic, int count) {
        consumer.assign(consumer.partitions(topic));
        consumer.seekToBeginning(consumer.assignment());
        return read(consumer, count);
    }

    private static <K, V> List<ConsumerRecord<K, V>> pollSome(Consumer<K, V> consumer) {
        List<ConsumerRecord<K, V>> records = consumer.poll(PATIENCE);
        assertTrue(!records.isEmpty(), "no record came");
        return records;
    }

    private static <K, V> List<ConsumerRecord<K, V>> read(Consumer<K, V> consumer, int count) {
        List<ConsumerRecord<K, V>> read = new ArrayList<>();
        Deadline deadline = Deadline.after(PATIENCE);
        while (read.size() < count && !deadline.isOver()) {
            read.addAll(consumer.poll(Duration.ofSeconds(1)));
        }
        assertEquals(count, read.size());
        return read;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
