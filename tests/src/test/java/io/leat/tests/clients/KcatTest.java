package io.leat.tests.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Flights;
import io.leat.tests.harness.Flights.Flight;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.NeedsProgram;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kcat, and with it librdkafka, on which the clients of most other languages stand. */
@NeedsProgram("kcat")
class KcatTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Path directory;
    private static Path flights;
    private static TestBroker broker;

    @BeforeAll
    static void start() {
        directory = Folders.createTemporary("kcat-");
        flights = Flights.writeTo(directory.resolve("flights"));
        broker = TestBrokers.start(Map.of("num.partitions", "6"));
    }

    @AfterAll
    static void stop() {
        broker.close();
        Folders.delete(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void readsBackInAGroupWhatItProduced(String codec) {
        String topic = "kcat-" + codec;
        kcat("-P", "-t", topic, "-z", codec, "-K", "\t", "-l", flights.toString());
        List<String> lines =
                kcat(
                        "-G",
                        topic + "-readers",
                        "-X",
                        "auto.offset.reset=earliest",
                        "-e",
                        "-q",
                        "-f",
                        "%p %o %k\t%s\n",
                        topic);
        assertEquals(expected(lines), byPartition(lines));
    }

    private static List<String> kcat(String... arguments) {
        List<String> command =
                java.util.stream.Stream.concat(
                                java.util.stream.Stream.of("kcat", "-b", broker.bootstrap()),
                                List.of(arguments).stream())
                        .toList();
        try (var kcat = ChildProcess.start("kcat", directory, command)) {
            kcat.awaitSuccess(LIMIT);
            return kcat.lines();
        }
    }

    /** What was read: the records of each partition, in the order in which they came. */
    private static Map<String, List<String>> byPartition(List<String> lines) {
        Map<String, List<String>> read = new TreeMap<>();
        for (String line : lines) {
            String[] parts = line.split(" ", 3);
            List<String> records = read.computeIfAbsent(parts[0], p -> new java.util.ArrayList<>());
            assertEquals(Long.toString(records.size()), parts[1], "offset in " + line);
            records.add(parts[2]);
        }
        return read;
    }

    /** What was sent, laid out by the partition in which each key was found. */
    private static Map<String, List<String>> expected(List<String> lines) {
        Map<String, String> partitionOf = new HashMap<>();
        for (String line : lines) {
            String[] parts = line.split(" ", 3);
            partitionOf.put(parts[2].substring(0, 3), parts[0]);
        }
        return Flights.all().stream()
                .collect(
                        Collectors.groupingBy(
                                flight -> partitionOf.getOrDefault(flight.origin(), "missing"),
                                TreeMap::new,
                                Collectors.mapping(KcatTest::line, Collectors.toList())));
    }

    private static String line(Flight flight) {
        return flight.origin() + "\t" + flight.line();
    }
}
