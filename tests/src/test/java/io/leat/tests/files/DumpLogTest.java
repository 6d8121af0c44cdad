package io.leat.tests.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.DumpTool;
import io.leat.tests.harness.Flights;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Apache Kafka's own dump tool reads our segments and indexes: every batch valid, every record
 * there, every index entry pointing at what it says, while the broker runs and after it stopped.
 */
class DumpLogTest {
    private static final Pattern COUNT = Pattern.compile("^baseOffset: .* count: (\\d+) ");

    private static TestBroker broker;

    @BeforeAll
    static void start() {
        broker = TestBrokers.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void dumpToolReadsSegmentsAndIndexes(String codec) throws Exception {
        String topic = "dump-" + codec;
        produceFlights(topic, codec);
        List<String> complaints = checkFiles(topic, codec.equals("none") ? 2 : 1);
        // Of the segment that grows: room made ready, and to the tool a batch that is not all
        // there.
        String growing =
                segmentFiles(topic).stream()
                        .map(Path::getFileName)
                        .map(Path::toString)
                        .filter(f -> f.endsWith(".log"))
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
        assertTrue(
                complaints.isEmpty()
                        || (complaints.size() == 1
                                && complaints
                                        .getFirst()
                                        .matches(
                                                "Found \\d+ invalid bytes at the end of "
                                                        + growing)),
                complaints::toString);
        broker.stop();
        assertEquals(List.of(), checkFiles(topic, codec.equals("none") ? 2 : 1));
        broker.start();
    }

    /** Answers with what the tool complains of. */
    private static List<String> checkFiles(String topic, int segmentsMin) {
        List<Path> files = segmentFiles(topic);
        long segments = files.stream().filter(f -> f.toString().endsWith(".log")).count();
        assertTrue(segments >= segmentsMin, () -> "segments: " + files);
        assertEquals(3 * segments, files.size(), () -> "each with both indexes: " + files);
        List<String> dump = DumpTool.dumpRecords(files);
        List<String> batches = dump.stream().filter(l -> l.startsWith("baseOffset: ")).toList();
        assertEquals(Flights.COUNT, batches.stream().mapToInt(DumpLogTest::recordCount).sum());
        for (String batch : batches) {
            assertTrue(batch.contains(" isvalid: true"), batch);
        }
        long records = dump.stream().filter(l -> l.startsWith("| offset: ")).count();
        assertEquals(Flights.COUNT, records);
        // Compressed flights are too few bytes for an entry in the offset index.
        boolean indexed = segmentsMin > 1;
        assertTrue(
                !indexed
                        || dump.stream()
                                .anyMatch(l -> l.matches("offset: \\d+ position: [1-9]\\d*")));
        assertTrue(dump.stream().anyMatch(l -> l.matches("timestamp: [1-9]\\d* offset: \\d+")));
        return DumpTool.complaints(dump);
    }

    private static int recordCount(String batch) {
        Matcher matcher = COUNT.matcher(batch);
        assertTrue(matcher.find(), batch);
        return Integer.parseInt(matcher.group(1));
    }

    private static List<Path> segmentFiles(String topic) {
        return DumpTool.segmentFiles(broker.logDirectory()).stream()
                .filter(file -> file.toString().contains(topic))
                .toList();
    }

    private static void produceFlights(String topic, String codec) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            var newTopic =
                    new NewTopic(topic, 1, (short) 1).configs(Map.of("segment.bytes", "1048576"));
            admin.createTopics(Set.of(newTopic)).all().get();
        }
        Map<String, Object> config =
                Map.of("bootstrap.servers", broker.bootstrap(), "compression.type", codec);
        try (var producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (Flights.Flight flight : Flights.all()) {
                var record = new ProducerRecord<>(topic, flight.origin(), flight.line());
                record.headers().add("codec", codec.getBytes(StandardCharsets.US_ASCII));
                var _ = producer.send(record);
            }
        }
    }
}
