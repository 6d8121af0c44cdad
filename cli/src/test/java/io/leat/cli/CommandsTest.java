package io.leat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.client.Admin;
import io.leat.client.TopicPartition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The everyday commands against a server. */
final class CommandsTest {
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

    private static CommandRun leat(String... args) {
        return withInput("", args);
    }

    private static CommandRun withInput(String in, String... args) {
        return CommandRun.withInput(
                in,
                Stream.concat(Stream.of(args), Stream.of("--bootstrap", server.bootstrap()))
                        .toArray(String[]::new));
    }

    private static void create(String topic, int partitions) {
        assertEquals(
                List.of("Created " + topic),
                leat("topics", "create", topic, "-p", "" + partitions).lines());
    }

    @Test
    void topicIsCreatedShownChangedAndDeleted() {
        create("life", 2);
        assertTrue(
                leat("topics", "list").lines().stream().anyMatch(l -> l.startsWith("life\t2\t")));
        leat("topics", "alter", "life", "-p", "3", "-c", "retention.ms=60000").lines();
        List<String> shown = leat("topics", "describe", "life").lines();
        assertTrue(shown.contains("Partitions\t3"), shown::toString);
        assertTrue(
                shown.stream().anyMatch(line -> line.startsWith("retention.ms\t60000")),
                shown::toString);
        leat("topics", "delete", "life", "--yes").lines();
        assertTrue(leat("topics", "describe", "life").failure().contains("life"));
    }

    @Test
    void endsWithoutAWordWhenNobodyReadsItsOutput() {
        create("piped", 1);
        withInput("line\n".repeat(10_000), "produce", "piped").lines();
        for (String command : List.of("consume piped -a", "topics list", "topics list -o json")) {
            String[] args = (command + " --bootstrap " + server.bootstrap()).split(" ");
            assertEquals(new CommandRun(141, "", ""), CommandRun.unread(args));
        }
    }

    @Test
    void saysOnceThatItsOutputIsLost() {
        create("spilled", 1);
        withInput("line\n".repeat(10_000), "produce", "spilled").lines();
        // The first fails while it prints, the others when all is handed on.
        for (String command :
                List.of("consume spilled -a", "topics list", "export", "topics --help")) {
            String bootstrap = command.endsWith("help") ? "" : " -b " + server.bootstrap();
            assertEquals(
                    "leat: Cannot write the output: No space left on device",
                    CommandRun.intoFullDisk((command + bootstrap).split(" ")).failure());
        }
    }

    @Test
    void mistypedTopicsAreGuessed() {
        create("invoices", 1);
        String hint = "There is no topic 'invoice'; did you mean 'invoices'?";
        for (String command :
                List.of(
                        "consume invoice",
                        "topics describe invoice",
                        "topics alter invoice -p 3",
                        "topics delete invoice --yes")) {
            String failure = leat(command.split(" ")).failure();
            assertTrue(failure.contains(hint), failure);
        }
        String other = leat("topics", "describe", "nothing-like-it").failure();
        assertTrue(other.contains("leat topics create nothing-like-it"), other);
    }

    @Test
    void ofSeveralTopicsTheOneThatIsNotThereIsNamed() {
        create("good", 1);
        String failure = leat("topics", "delete", "good", "missing", "--yes").failure();
        assertTrue(failure.contains("'missing'"), failure);
        assertFalse(failure.contains("'good'"), failure);
        assertTrue(leat("topics", "list").lines().stream().noneMatch(l -> l.startsWith("good\t")));
    }

    @Test
    void topicsForPrograms() {
        create("programs", 1);
        String list = leat("topics", "list", "-o", "json").lines().get(0);
        assertTrue(list.startsWith("[{\"name\":"), list);
        assertTrue(list.contains("\"name\":\"programs\",\"partitions\":1"), list);
    }

    @Test
    void linesAreProducedAndConsumed() {
        create("lines", 1);
        List<String> produced =
                withInput("a:1\nb:2\nno key\n", "produce", "lines", "-k", ":", "-H", "from=test")
                        .lines();
        assertTrue(produced.get(0).startsWith("Produced 3 records"), produced::toString);
        assertEquals(
                List.of("1", "2", "no key"),
                leat("consume", "lines", "--from-beginning", "--max", "3").lines());
        assertEquals(
                List.of("0 0 a=1 from=test", "0 1 b=2 from=test", "0 2 =no key from=test"),
                leat("consume", "lines", "-a", "-e", "-f", "%p %o %k=%v %h\\n").lines());
        String json = leat("consume", "lines", "--offset", "-1", "-e", "-o", "json").lines().get(0);
        assertTrue(json.startsWith("{\"topic\":\"lines\",\"partition\":0,\"offset\":2,"), json);
        assertTrue(
                json.endsWith(
                        "\"key\":null,\"value\":\"no key\","
                                + "\"headers\":[{\"name\":\"from\",\"value\":\"test\"}]}"),
                json);
    }

    @Test
    void longLinesArriveWhereTheTopicTakesThem() {
        String line = "x".repeat(2_000_000);
        leat("topics", "create", "long", "-p", "1", "-c", "max.message.bytes=10000000").lines();
        withInput(line + "\n", "produce", "long").lines();
        assertTrue(
                leat("consume", "long", "-a", "-e").lines().equals(List.of(line)),
                "another line came back");

        create("short", 1);
        String failure = withInput("first\n" + line + "\n", "produce", "short").failure();
        assertTrue(failure.startsWith("leat: Line 2 cannot be sent: "), failure);
        assertTrue(failure.endsWith("raise the topic's max.message.bytes"), failure);
    }

    @Test
    void consumeStartsAndEndsWhereItIsTold() {
        create("places", 2);
        withInput("0\n1\n2\n3\n", "produce", "places", "-p", "1").lines();
        assertEquals(List.of("2", "3"), leat("consume", "places", "--offset", "2", "-e").lines());
        assertEquals(List.of("3"), leat("consume", "places", "--offset", "-1", "-e").lines());
        assertEquals(
                List.of("0", "1", "2", "3"),
                leat("consume", "places", "--offset", "-99", "-e").lines());
        assertEquals(List.of(), leat("consume", "places", "--offset", "99", "-e").lines());
        assertEquals(List.of(), leat("consume", "places", "-e").lines());
        assertEquals(List.of(), leat("consume", "places", "-a", "-e", "-p", "0").lines());
        assertEquals(
                4, leat("consume", "places", "--timestamp", "2020-01-01", "-e").lines().size());
        assertEquals(
                List.of(), leat("consume", "places", "--timestamp", "2999-01-01", "-e").lines());
        assertEquals(List.of(), leat("consume", "places", "-a", "--max", "0").lines());
        assertTrue(leat("consume", "places", "-p", "7").failure().contains("no partition 7"));
        assertTrue(leat("consume", "nowhere").failure().contains("nowhere"));
    }

    @Test
    void groupGoesOnBehindWhatWasPrinted() {
        create("shared", 1);
        withInput("0\n1\n2\n3\n4\n", "produce", "shared").lines();
        assertEquals(
                List.of("0", "1"),
                leat("consume", "shared", "-g", "readers", "-a", "-n", "2").lines());
        assertEquals(
                List.of("shared\t0\t2\t5\t3\t-"), offsets("readers"), "committed, next and lag");
        assertEquals(
                List.of("2", "3", "4"), leat("consume", "shared", "-g", "readers", "-e").lines());
        assertEquals(List.of("shared\t0\t5\t5\t0\t-"), offsets("readers"));
        assertTrue(
                leat("groups", "list", "-o", "json")
                        .lines()
                        .get(0)
                        .contains(
                                "{\"groupId\":\"readers\",\"type\":\"classic\",\"state\":\"Empty\""));
        leat("groups", "reset-offsets", "readers", "-t", "shared", "--shift-by", "-1").lines();
        assertEquals(List.of("4"), leat("consume", "shared", "-g", "readers", "-e").lines());
        leat("groups", "delete", "readers").lines();
        assertTrue(leat("groups", "describe", "readers").failure().contains("readers"));
    }

    @Test
    void shareGroupsAreShownResetAndDeletedLikeOthers() {
        create("queue", 2);
        withInput("0\n1\n2\n", "produce", "queue", "-p", "0").lines();
        try (Admin admin = Admin.connect(server.bootstrap())) {
            admin.alterShareGroupOffsets("workers", Map.of(new TopicPartition("queue", 0), 1L));
        }
        assertTrue(
                leat("groups", "list").lines().contains("workers\tshare\tEmpty\tshare\t2"),
                () -> leat("groups", "list").toString());
        List<String> shown = leat("groups", "describe", "workers").lines();
        assertTrue(shown.contains("Type\tshare"), shown::toString);
        assertTrue(shown.contains("queue\t0\t1\t3\t2"), shown::toString);
        assertTrue(
                leat("groups", "describe", "workers", "-o", "json")
                        .lines()
                        .getFirst()
                        .contains("\"startOffset\":1,\"nextOffset\":3,\"lag\":2"));
        leat("groups", "reset-offsets", "workers", "--all-topics", "--to-earliest").lines();
        leat("groups", "reset-offsets", "workers", "-t", "queue:1", "--to-latest").lines();
        List<String> reset = leat("groups", "describe", "workers").lines();
        assertTrue(reset.contains("queue\t0\t0\t3\t3"), reset::toString);
        assertTrue(reset.contains("queue\t1\t0\t0\t0"), reset::toString);
        assertTrue(leat("consume", "queue", "-g", "workers", "-e").failure().contains("workers"));
        leat("groups", "delete", "workers").lines();
        assertTrue(leat("groups", "describe", "workers").failure().contains("workers"));
    }

    private static List<String> offsets(String group) {
        return leat("groups", "describe", group).lines().stream()
                .filter(line -> line.startsWith("shared\t"))
                .toList();
    }

    @Test
    void demoGivesTheSameModelTwiceAndCanBeRepeated() {
        for (int time = 1; time <= 2; time++) {
            CommandRun run = leat("demo");
            assertEquals(0, run.code(), run::toString);
            assertTrue(run.out().contains("JFK\t200\t16.2\t278"), run::out);
            assertTrue(
                    run.out().contains("The same model again: 220 airports, 20,000 flights."),
                    run::out);
        }
        String json = leat("demo", "--output", "json").lines().get(0);
        assertTrue(json.contains("\"flights\":20000,\"airports\":220,"), json);
        assertTrue(json.contains("\"same\":true"), json);
    }

    @Test
    void withoutABrokerOneLineSaysHowToStartOne() {
        for (List<String> command :
                List.of(
                        List.of("demo"),
                        List.of("topics", "list"),
                        List.of("produce", "t"),
                        List.of("consume", "t"))) {
            String message =
                    CommandRun.of(
                                    Stream.concat(
                                                    command.stream(),
                                                    Stream.of("--bootstrap", "127.0.0.1:1"))
                                            .toArray(String[]::new))
                            .failure();
            assertTrue(message.endsWith("leat server"), message);
        }
    }
}
