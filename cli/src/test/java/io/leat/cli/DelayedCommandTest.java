package io.leat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.local.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code leat delayed} against a server. */
final class DelayedCommandTest {
    @TempDir private static Path folder;
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = new RunningServer(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String[] args(String... args) {
        return with(server, args);
    }

    private static CommandRun leat(String... args) {
        return CommandRun.of(args(args));
    }

    private static void topic(String name) {
        leat("topics", "create", name, "-p", "2", "--config", "leat.delayed.delivery=true").lines();
    }

    private static void produce(String topic, String lines, String header) {
        CommandRun.withInput(lines, args("produce", topic, "-k", "=", "-H", header)).lines();
    }

    @Test
    void listsAndCancels() {
        topic("reminders");
        produce("reminders", "anna=a\nbert=b\nanna=c\n", "leat-delay=PT1H");
        List<String> listed = leat("delayed", "list", "reminders").lines();
        assertTrue(listed.contains("Pending\t3"), listed::toString);
        String json =
                leat("delayed", "list", "reminders", "--key", "bert", "--output", "json").out();
        assertTrue(json.contains("\"key\":\"bert\""), json);
        assertFalse(json.contains("\"key\":\"anna\""), json);
        assertEquals(
                "Cancelled 2 records of reminders",
                leat("delayed", "cancel", "reminders", "--key", "anna").lines().getFirst());
        assertEquals(
                "Cancelled 0 records of reminders",
                leat("delayed", "cancel", "reminders", "--key", "anna").lines().getFirst());
        assertTrue(leat("delayed", "list", "reminders").lines().contains("Pending\t1"));
    }

    @Test
    void anErasureReachesThem() throws IOException {
        topic("secrets");
        produce("secrets", "customer-17=the-secret-of-17\nother=x\n", "leat-delay=PT1H");
        assertTrue(isInAnyFile("the-secret-of-17"));
        List<String> report =
                leat("topics", "erase", "secrets", "--key", "customer-17", "--yes").lines();
        assertTrue(report.contains("Records removed\t1"), report::toString);
        assertFalse(isInAnyFile("the-secret-of-17"));
        assertTrue(leat("delayed", "list", "secrets").lines().contains("Pending\t1"));
    }

    @Test
    void verificationReadsThem(@TempDir Path data) throws IOException {
        try (RunningServer own = new RunningServer(data)) {
            String[] create = {"topics", "create", "t", "-c", "leat.delayed.delivery=true"};
            CommandRun.of(with(own, create)).lines();
            CommandRun.withInput(
                            "a=a\nb=b\n",
                            with(own, "produce", "t", "-k", "=", "-H", "leat-delay=PT1H"))
                    .lines();
        }
        CommandRun sound = CommandRun.of("log", "verify", data.toString(), "--all");
        assertTrue(
                sound.lines().stream()
                        .anyMatch(line -> line.startsWith("pending records\tdelayed")),
                sound::out);
        try (Stream<Path> files = Files.list(data.resolve("delayed"))) {
            for (Path file :
                    files.filter(f -> f.getFileName().toString().startsWith("MANIFEST")).toList()) {
                Files.write(file, new byte[(int) Files.size(file)]);
            }
        }
        CommandRun damaged = CommandRun.of("log", "verify", data.toString());
        assertEquals(1, damaged.code(), damaged::out);
        assertTrue(damaged.out().contains("damage\tpending records\tdelayed"), damaged::out);
    }

    private static String[] with(RunningServer server, String... args) {
        return Stream.concat(Stream.of(args), Stream.of("--bootstrap", server.bootstrap()))
                .toArray(String[]::new);
    }

    @Test
    void namesWhatIsWrong() {
        assertTrue(
                leat("delayed", "list", "nowhere").failure().contains("nowhere"),
                "names the topic");
    }

    private static boolean isInAnyFile(String text) {
        return !FileTree.filesWith(folder, text).isEmpty();
    }
}
