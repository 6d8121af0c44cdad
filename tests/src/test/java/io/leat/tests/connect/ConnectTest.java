package io.leat.tests.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two workers of Kafka Connect share a source and a sink, while the broker and one of them are
 * killed: what the source says is in the topic exactly once and in order, and all of it comes out
 * of the sink.
 */
@Timeout(600)
class ConnectTest {
    private static final int PARTITIONS = 3;
    private static final int EACH = 3_000;
    private static final String TOPIC = "numbers";
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Path folder = Folders.createTemporary("connect-");
    private final Path sunk = folder.resolve("sunk");
    private final List<ConnectWorker> workers = new ArrayList<>();

    @Test
    void whatASourceSaysIsThereOnceAndAllOfItComesOutOfTheSink() throws Exception {
        try (TestBroker broker =
                TestBrokers.start(Map.of("group.min.session.timeout.ms", "1000"))) {
            createTopic(broker);
            ConnectWorker first = worker(broker);
            ConnectWorker second = worker(broker);
            first.configure("source", source());
            second.configure("sink", sink());
            awaitSunk(EACH / 10, second);
            broker.kill();
            broker.start();
            awaitSunk(EACH, second);
            first.kill();
            awaitSunk(2 * EACH, second);
            worker(broker);
            awaitSunk(PARTITIONS * EACH, second);
            checkTopic(broker, second);
        } finally {
            workers.forEach(ConnectWorker::close);
            Folders.delete(folder);
        }
    }

    private static void createTopic(TestBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
        }
    }

    private ConnectWorker worker(TestBroker broker) throws IOException {
        Path home = Files.createDirectory(folder.resolve("worker-" + workers.size()));
        ConnectWorker worker = new ConnectWorker(broker.bootstrap(), home);
        workers.add(worker);
        return worker;
    }

    private static Map<String, String> source() {
        return Map.of(
                "connector.class",
                NumbersSource.class.getName(),
                "tasks.max",
                Integer.toString(PARTITIONS),
                "exactly.once.support",
                "required",
                NumbersSource.TOPIC,
                TOPIC,
                NumbersSource.COUNT,
                Integer.toString(EACH));
    }

    private Map<String, String> sink() {
        return Map.of(
                "connector.class",
                NumbersSink.class.getName(),
                "tasks.max",
                "2",
                "topics",
                TOPIC,
                "consumer.override.isolation.level",
                "read_committed",
                "consumer.override.auto.offset.reset",
                "earliest",
                NumbersSink.FILE,
                sunk.toString());
    }

    /** Waits until so many different lines came out; one may come twice. */
    private void awaitSunk(int lines, ConnectWorker witness) {
        Await.until(
                () ->
                        "%d of %d lines of the sink%n%s%n%s%n%s"
                                .formatted(
                                        lines().size(),
                                        lines,
                                        witness.status("source"),
                                        witness.status("sink"),
                                        witness.describe()),
                LIMIT,
                () -> lines().size() >= lines);
    }

    private Set<String> lines() {
        try {
            return Files.exists(sunk) ? new HashSet<>(Files.readAllLines(sunk)) : Set.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkTopic(TestBroker broker, ConnectWorker witness) {
        List<TopicPartition> partitions =
                IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(TOPIC, p)).toList();
        long[] next = new long[PARTITIONS];
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                broker.bootstrap(),
                                "isolation.level",
                                "read_committed"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Await.until(
                    () -> "the end of the topic; " + witness.describe(),
                    LIMIT,
                    () -> {
                        for (ConsumerRecord<String, String> record :
                                consumer.poll(Duration.ofMillis(100))) {
                            assertEquals(Long.toString(next[record.partition()]++), record.value());
                        }
                        return partitions.stream()
                                .allMatch(each -> consumer.position(each) >= ends.get(each));
                    });
        }
        for (long each : next) {
            assertEquals(EACH, each);
        }
    }
}
