package io.leat.tests.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.client.Compaction;
import io.leat.client.Consumer;
import io.leat.client.ConsumerOptions;
import io.leat.client.IsolationLevel;
import io.leat.tests.harness.Await;
import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.DumpTool;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.Launcher;
import io.leat.tests.harness.LeatBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compaction by a running broker; {@code -Dleat.tests.compaction.kills=200} kills more often. */
class CompactionTest {
    private static final int KILLS = Integer.getInteger("leat.tests.compaction.kills", 4);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String TOPIC = "state";
    private static final Map<String, String> CONFIG =
            Map.of(
                    "cleanup.policy", "compact",
                    "segment.bytes", "1048576",
                    "min.cleanable.dirty.ratio", "0.1",
                    "delete.retention.ms", "86400000");

    private LeatBroker broker;

    @BeforeEach
    void start() {
        // Slow enough for a kill to hit a pass.
        broker =
                new LeatBroker(
                        Map.of(
                                "log.cleaner.backoff.ms", "20",
                                "log.cleaner.io.max.bytes.per.second", "20000000"));
        broker.start();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private void createTopic(Map<String, String> config) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(Set.of(new NewTopic(TOPIC, 1, (short) 1).configs(config)))
                    .all()
                    .get();
        }
    }

    private Compaction compaction() {
        try (var admin = io.leat.client.Admin.connect(broker.bootstrap())) {
            return admin.describeCompaction(TOPIC).getFirst();
        }
    }

    private void awaitClean() {
        Await.until(() -> "a clean log: " + compaction(), LIMIT, () -> isClean(compaction()));
    }

    private static boolean isClean(Compaction now) {
        return now.lastPass().isPresent() && now.dirtyRatio() <= 0.1 && !now.running();
    }

    /** Waits for a pass; false where it was over before it was seen. */
    private boolean awaitPass() {
        AtomicBoolean running = new AtomicBoolean();
        Await.until(
                () -> "a pass: " + compaction(),
                LIMIT,
                () -> {
                    Compaction now = compaction();
                    running.set(now.running());
                    return now.running() || isClean(now);
                });
        return running.get();
    }

    @Test
    void allClientsReadTheLatestOfEachKey() throws Exception {
        createTopic(CONFIG);
        LatestValues values = new LatestValues(broker.bootstrap(), TOPIC, 1);
        for (String codec : List.of("none", "lz4", "zstd", "snappy", "gzip")) {
            values.write(2_000, codec);
        }
        values.writeTransactions(10, 300);
        values.write(1_500, "none");
        awaitClean();

        LatestValues.Read read = values.read("read_committed", 0, LIMIT);
        assertEquals(values.expected(), read.values());
        assertTrue(
                read.records() < values.written() / 3,
                () -> read.records() + " of " + values.written());
        // From the middle of a hole the next record is read.
        LatestValues.Read later = values.read("read_committed", 37, LIMIT);
        assertEquals(values.expected(), later.values());
        assertEquals(values.expected(), readByOwnClient());
        broker.stop();
        assertEquals(List.of(), complaints());
    }

    private Map<String, String> readByOwnClient() {
        Map<String, String> values = new TreeMap<>();
        var partition = new io.leat.client.TopicPartition(TOPIC, 0);
        long end;
        try (var admin = io.leat.client.Admin.connect(broker.bootstrap())) {
            end =
                    admin.listOffsets(Map.of(partition, io.leat.client.OffsetSpec.LATEST))
                            .get(partition)
                            .offset();
        }
        try (Consumer<byte[], byte[]> consumer =
                Consumer.connect(
                        ConsumerOptions.builder(broker.bootstrap())
                                .isolation(IsolationLevel.READ_COMMITTED)
                                .build())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Await.until(
                    "the end of the topic",
                    LIMIT,
                    () -> {
                        for (var record : consumer.poll(Duration.ofMillis(50))) {
                            byte[] value = record.value();
                            LatestValues.put(values, text(record.key()), text(value));
                        }
                        return consumer.position(partition) >= end;
                    });
        }
        return values;
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /** Where records were removed, offsets have gaps, which the tool remarks upon. */
    private List<String> complaints() {
        List<Path> files =
                DumpTool.segmentFiles(broker.logDirectory()).stream()
                        .filter(file -> file.toString().contains(TOPIC + "."))
                        .toList();
        assertTrue(files.size() >= 3, files::toString);
        return DumpTool.complaints(DumpTool.dumpRecords(files)).stream()
                .filter(line -> !line.contains(" is followed by "))
                .toList();
    }

    @Test
    void killsInTheMiddleOfPassesChangeNothing() throws Exception {
        createTopic(CONFIG);
        LatestValues values = new LatestValues(broker.bootstrap(), TOPIC, 2);
        values.write(3_000, "none");
        int hits = 0;
        for (int i = 0; i < KILLS; i++) {
            values.write(1_500 + ThreadLocalRandom.current().nextInt(500), "none");
            values.writeTransactions(2, 20);
            hits += awaitPass() ? 1 : 0;
            broker.kill();
            broker.start();
            assertEquals(values.expected(), values.read("read_committed", 0, LIMIT).values());
        }
        values.write(2_000, "none");
        awaitClean();
        LatestValues.Read read = values.read("read_committed", 0, LIMIT);
        assertEquals(values.expected(), read.values());
        assertTrue(read.records() < values.written() / 2);
        broker.stop();
        assertEquals(List.of(), complaints());
        System.out.printf(
                "kill -9 %d times under compaction, %d of them in a pass: %d records written, %d"
                        + " left, none lost%n",
                KILLS, hits, values.written(), read.records());
    }

    @Test
    void recordsWithoutAKeyAreRefused() throws Exception {
        createTopic(CONFIG);
        try (var producer =
                new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", broker.bootstrap()),
                        new StringSerializer(),
                        new StringSerializer())) {
            var refused =
                    assertThrows(
                            ExecutionException.class,
                            () -> producer.send(new ProducerRecord<>(TOPIC, null, "v")).get());
            assertInstanceOf(InvalidRecordException.class, refused.getCause());
            assertEquals(0, producer.send(new ProducerRecord<>(TOPIC, "k", "v")).get().offset());
        }
    }

    @Test
    void compactedTopicsCanBeTrimmedToo() throws Exception {
        // Of topics that only compact, records are not deleted: Kafka's rule, too.
        Map<String, String> config = new HashMap<>(CONFIG);
        config.put("cleanup.policy", "compact,delete");
        createTopic(config);
        LatestValues values = new LatestValues(broker.bootstrap(), TOPIC, 3);
        values.write(4_000, "none");
        awaitClean();
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(3_900))).all().get();
        }
        values.write(3_000, "none");
        awaitClean();
        int before = values.read("read_uncommitted", 3_900, LIMIT).records();
        broker.kill();
        broker.start();
        assertEquals(before, values.read("read_uncommitted", 3_900, LIMIT).records());
    }

    @Test
    void theCommandLineMakesAndDescribesThem() throws Exception {
        assertTrue(
                leat(
                                "topics",
                                "create",
                                TOPIC,
                                "--config",
                                "cleanup.policy=compact",
                                "-c",
                                "segment.bytes=1048576",
                                "-c",
                                "min.cleanable.dirty.ratio=0.1")
                        .toString()
                        .contains("Created"));
        LatestValues values = new LatestValues(broker.bootstrap(), TOPIC, 4);
        values.write(4_000, "none");
        awaitClean();
        String shown = leat("topics", "describe", TOPIC).toString();
        assertTrue(shown.contains("Compaction"), shown);
        assertTrue(shown.contains("idle"), shown);
    }

    private List<String> leat(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Launcher.path().toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--bootstrap", broker.bootstrap()));
        try (ChildProcess process = ChildProcess.start("leat-topics", Folders.target(), command)) {
            process.awaitExit(LIMIT);
            return process.lines();
        }
    }
}
