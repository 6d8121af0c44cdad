package io.leat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.client.Producer;
import io.leat.client.ProducerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code leat log} on the data of a broker that has stopped, sound and damaged. */
class LogCommandTest {
    @TempDir private static Path folder;

    private static Path data = Path.of("");

    @BeforeAll
    static void makeData() {
        data = folder.resolve("data");
        try (RunningServer server = new RunningServer(data)) {
            CommandRun.of("topics", "create", "orders", "--bootstrap", server.bootstrap());
            String records = "alice:book\nbob:pen\nalice:cup\n";
            CommandRun sent =
                    CommandRun.withInput(
                            records,
                            "produce",
                            "orders",
                            "--key-separator",
                            ":",
                            "--bootstrap",
                            server.bootstrap());
            assertEquals(0, sent.code(), sent::err);
            CommandRun taken = CommandRun.of("log", "verify", data.toString());
            assertEquals(1, taken.code());
            assertTrue(taken.err().contains("in use by process"), taken.err());
        }
    }

    private static Path file(String ending) throws IOException {
        return file(data, ending);
    }

    private static Path file(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("logs"))) {
            return files.filter(file -> file.toString().endsWith(ending)).findFirst().orElseThrow();
        }
    }

    private static List<String> kinds() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("logs"))) {
            return files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
        }
    }

    @Test
    void soundDataIsSound() throws IOException {
        List<String> before = kinds();
        CommandRun run = CommandRun.of("log", "verify", data.toString(), "--all");
        assertEquals(0, run.code(), run::out);
        assertTrue(run.out().contains("offsets 0 to 2"), run::out);
        assertTrue(run.out().contains("coordinators' state"), run::out);
        assertEquals(before, kinds(), "nothing is made or removed");
        CommandRun json = CommandRun.of("log", "verify", data.toString(), "--output", "json");
        assertTrue(json.out().contains("\"damages\":0"), json::out);
    }

    @Test
    void damageIsNamedWithFileAndPosition() throws IOException {
        Path segment = file(".log");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length - 2] ^= 1;
        Files.write(segment, bytes);
        try {
            CommandRun run = CommandRun.of("log", "verify", data.toString());
            assertEquals(1, run.code(), run::out);
            assertTrue(run.out().contains("damage\tsegment\tlogs/orders."), run::out);
            assertTrue(run.out().contains("the CRC does not fit the bytes"), run::out);
            assertEquals(1, CommandRun.of("log", "dump", segment.toString()).code());
        } finally {
            bytes[bytes.length - 2] ^= 1;
            Files.write(segment, bytes);
        }
    }

    @Test
    void dumpsSegmentsWithTheirRecords() throws IOException {
        CommandRun run = CommandRun.of("log", "dump", file(".log").toString(), "--records");
        assertEquals(0, run.code(), run::err);
        assertTrue(run.out().contains("batch  position: 0  baseOffset: 0"), run::out);
        assertTrue(run.out().contains("key: alice  value: cup"), run::out);
        CommandRun json = CommandRun.of("log", "dump", file(".log").toString(), "-r", "-o", "json");
        assertTrue(
                json.out()
                        .lines()
                        .anyMatch(line ->
                                line.startsWith("{\"kind\":\"record\"")
                                        && line.contains("\"value\":\"pen\"")),
                json::out);
    }

    @Test
    void whatIsNotThereDiffersFromTheTextNull() throws IOException {
        Path other = folder.resolve("nulls");
        try (RunningServer server = new RunningServer(other);
                Producer<byte[], byte[]> producer =
                        Producer.connect(ProducerOptions.of(server.bootstrap()))) {
            CommandRun.of("topics", "create", "nulls", "-p", "1", "-b", server.bootstrap()).lines();
            var _ = producer.send("nulls", "gone".getBytes(UTF_8), null).join();
            var _ = producer.send("nulls", null, "null".getBytes(UTF_8)).join();
        }
        String segment = file(other, ".log").toString();
        List<String> json = CommandRun.of("log", "dump", segment, "-r", "-o", "json").lines();
        for (String record :
                List.of("\"key\":\"gone\",\"value\":null,", "\"key\":null,\"value\":\"null\",")) {
            assertTrue(json.stream().anyMatch(line -> line.contains(record)), json::toString);
        }
        CommandRun table = CommandRun.of("log", "dump", segment, "-r");
        assertTrue(table.out().contains("key: gone  value: null"), table::out);
    }

    @Test
    void dumpsIndexesAndCheckpoints() throws IOException {
        CommandRun times = CommandRun.of("log", "dump", file(".timeindex").toString());
        assertEquals(0, times.code(), times::err);
        CommandRun checkpoints =
                CommandRun.of("log", "dump", data.resolve("checkpoints").toString());
        assertTrue(checkpoints.out().contains("durableEnd: 3"), checkpoints::out);
    }

    @Test
    void whatIsNotThereOrNotLeatsIsSaidInOneLine() throws IOException {
        assertTrue(
                CommandRun.of("log", "verify", folder.resolve("no").toString())
                        .failure()
                        .contains("does not exist"));
        Path other = Files.createDirectories(folder.resolve("other"));
        assertTrue(
                CommandRun.of("log", "verify", other.toString())
                        .failure()
                        .contains("not a data directory of Leat"));
        Path text = Files.writeString(folder.resolve("notes.txt"), "hello");
        assertTrue(
                CommandRun.of("log", "dump", text.toString())
                        .failure()
                        .contains("none of a log's files"));
    }
}
