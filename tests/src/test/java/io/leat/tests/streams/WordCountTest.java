package io.leat.tests.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.JavaCommand;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kafka Streams counts words in two processes, which are killed in turns, as the broker is: the
 * counts are exact, restored from the changelog by a process that starts with an empty directory,
 * and the repartition topic is emptied of what was read.
 */
@Timeout(600)
class WordCountTest {
    private static final int PARTITIONS = 3;
    private static final int LINES = 3_000;
    private static final long SEED = Long.getLong("leat.tests.seed", System.nanoTime());
    private static final List<String> WORDS =
            List.of("event", "stream", "table", "log", "offset", "key", "value", "time");
    private static final String LINES_TOPIC = "lines";
    private static final String COUNTS_TOPIC = "counts";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** Members that were killed are soon missed, whatever their protocol. */
    private static final Map<String, String> HASTY =
            Map.of(
                    "group.min.session.timeout.ms", "1000",
                    "group.streams.min.session.timeout.ms", "1000",
                    "group.streams.session.timeout.ms", "3000",
                    "group.streams.min.heartbeat.interval.ms", "100",
                    "group.streams.heartbeat.interval.ms", "1000");

    private final Random random = new Random(SEED);

    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    void theCountsAreExact(String protocol) throws Exception {
        Path folder = Folders.createTemporary("streams-");
        try (TestBroker broker = TestBrokers.start(HASTY);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(LINES_TOPIC, PARTITIONS, (short) 1),
                                    new NewTopic(COUNTS_TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
            ChildProcess first = counter(broker, folder.resolve("a"), protocol);
            ChildProcess second = counter(broker, folder.resolve("b"), protocol);
            try {
                Map<String, Long> expected = new TreeMap<>();
                send(broker, expected, 0);
                awaitAnyCount(broker, first);
                broker.kill();
                broker.start();
                send(broker, expected, 1);
                first.kill();
                send(broker, expected, 2);
                second.kill();
                // Nothing but the changelog to begin with.
                first = counter(broker, folder.resolve("c"), protocol);
                awaitCounts(broker, expected, first);
                checkChangelog(broker, expected);
                awaitPurged(admin);
            } finally {
                first.close();
                second.close();
            }
        } finally {
            Folders.delete(folder);
        }
    }

    private static ChildProcess counter(TestBroker broker, Path state, String protocol) {
        return ChildProcess.start(
                "word-count",
                Folders.target(),
                JavaCommand.of(
                        JavaCommand.testClassPath(),
                        WordCountProgram.class,
                        List.of(
                                broker.bootstrap(),
                                state.toString(),
                                protocol,
                                LINES_TOPIC,
                                COUNTS_TOPIC)));
    }

    private void send(TestBroker broker, Map<String, Long> expected, int part) {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrap()),
                        new StringSerializer(),
                        new StringSerializer())) {
            for (int line = 0; line < LINES; line++) {
                List<String> words =
                        IntStream.range(0, 1 + random.nextInt(5))
                                .mapToObj(i -> WORDS.get(random.nextInt(WORDS.size())))
                                .toList();
                words.forEach(word -> expected.merge(word, 1L, Long::sum));
                var _ =
                        producer.send(
                                new ProducerRecord<>(
                                        LINES_TOPIC, part + "-" + line, String.join(" ", words)));
                if (line % 100 == 0) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                }
            }
        }
    }

    private static void awaitAnyCount(TestBroker broker, ChildProcess counter) {
        Map<String, Long> counts = new TreeMap<>();
        try (KafkaConsumer<String, Long> consumer = consumer(broker)) {
            assign(consumer, COUNTS_TOPIC);
            Await.until(
                    () -> "a count from " + counter.describe(),
                    LIMIT,
                    () -> {
                        readInto(consumer, counts);
                        return !counts.isEmpty();
                    });
        }
    }

    /** The last count of each word, and none on the way that is lower than one before. */
    private static void awaitCounts(
            TestBroker broker, Map<String, Long> expected, ChildProcess counter) {
        Map<String, Long> counts = new TreeMap<>();
        try (KafkaConsumer<String, Long> consumer = consumer(broker)) {
            assign(consumer, COUNTS_TOPIC);
            Await.until(
                    () ->
                            "counted %s, expected %s, seed %d%n%s"
                                    .formatted(counts, expected, SEED, counter.describe()),
                    LIMIT,
                    () -> {
                        readInto(consumer, counts);
                        return counts.equals(expected);
                    });
        }
    }

    private static void readInto(KafkaConsumer<String, Long> consumer, Map<String, Long> counts) {
        for (ConsumerRecord<String, Long> record : consumer.poll(Duration.ofMillis(200))) {
            Long before = counts.put(record.key(), record.value());
            assertTrue(
                    before == null || before < record.value(),
                    () -> record + " after " + before + ", seed " + SEED);
        }
    }

    private static void checkChangelog(TestBroker broker, Map<String, Long> expected) {
        String changelog = WordCountProgram.APPLICATION + "-counts-changelog";
        Map<String, Long> stored = new TreeMap<>();
        try (KafkaConsumer<String, Long> consumer = consumer(broker)) {
            assign(consumer, changelog);
            Set<TopicPartition> partitions = consumer.assignment();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Await.until(
                    "the end of the changelog",
                    LIMIT,
                    () -> {
                        for (ConsumerRecord<String, Long> record :
                                consumer.poll(Duration.ofMillis(200))) {
                            stored.put(record.key(), record.value());
                        }
                        return partitions.stream()
                                .allMatch(p -> consumer.position(p) >= ends.get(p));
                    });
        }
        assertEquals(expected, stored);
    }

    /** Streams removes what it has read of its own topics with DeleteRecords. */
    private static void awaitPurged(Admin admin) {
        Await.until(
                "records of the repartition topic are removed",
                LIMIT,
                () -> {
                    try {
                        return purged(admin);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
    }

    private static boolean purged(Admin admin) throws Exception {
        String topic =
                admin.listTopics().names().get().stream()
                        .filter(name -> name.endsWith("-repartition"))
                        .findFirst()
                        .orElseThrow();
        Map<TopicPartition, OffsetSpec> asked =
                IntStream.range(0, PARTITIONS)
                        .mapToObj(p -> new TopicPartition(topic, p))
                        .collect(Collectors.toMap(p -> p, p -> OffsetSpec.earliest()));
        return admin.listOffsets(asked).all().get().values().stream()
                .anyMatch(earliest -> earliest.offset() > 0);
    }

    private static void assign(KafkaConsumer<String, Long> consumer, String topic) {
        List<TopicPartition> partitions =
                IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(topic, p)).toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    private static KafkaConsumer<String, Long> consumer(TestBroker broker) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", broker.bootstrap());
        config.put("isolation.level", "read_committed");
        return new KafkaConsumer<>(config, new StringDeserializer(), new LongDeserializer());
    }
}
