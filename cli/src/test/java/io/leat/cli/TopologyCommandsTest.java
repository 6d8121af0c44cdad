package io.leat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code leat apply}, {@code leat export} and {@code leat quotas} against a server. */
final class TopologyCommandsTest {
    @TempDir private static Path folder;
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = new RunningServer(folder.resolve("data"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static CommandRun leat(String... args) {
        return CommandRun.of(
                Stream.concat(Stream.of(args), Stream.of("--bootstrap", server.bootstrap()))
                        .toArray(String[]::new));
    }

    private static String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void aFileIsPlannedAppliedAndChangesNothingTheSecondTime() throws IOException {
        String file =
                file(
                        "first.yaml",
                        """
                        topics:
                          apply-a: {partitions: 3, configs: {retention.ms: 86400000}}
                          apply-b:
                        quotas:
                          - {user: apply-user, producer_byte_rate: 1048576}
                          - {client-id: <default>, request_percentage: 250.5}
                        """);
        List<String> plan = leat("apply", file, "--dry-run").lines();
        assertEquals(
                List.of(
                        "+ topic apply-a with 3 partitions",
                        "+ topic apply-a retention.ms = 86400000",
                        "+ topic apply-b",
                        "+ quota of client-id <default> request_percentage = 250.5",
                        "+ quota of user 'apply-user' producer_byte_rate = 1048576",
                        "4 changes, none made"),
                plan);
        assertFalse(leat("topics", "list").out().contains("apply-a"), "a dry run does nothing");
        assertEquals("Made 4 changes", leat("apply", file).lines().getLast());
        assertEquals(List.of("Nothing to change"), leat("apply", file).lines());
        assertTrue(
                leat("topics", "list")
                        .lines()
                        .contains(
                                leat("topics", "list").lines().stream()
                                        .filter(line -> line.startsWith("apply-a\t3\t"))
                                        .findFirst()
                                        .orElseThrow()));

        String exported = leat("export").out();
        String again = file("exported.yaml", exported);
        assertEquals(List.of("Nothing to change"), leat("apply", again, "--prune").lines());
        assertEquals(exported, leat("export").out());

        String changed =
                file(
                        "second.yaml",
                        """
                        topics:
                          apply-a: {partitions: 4, configs: {cleanup.policy: [compact, delete]}}
                        quotas: []
                        """);
        assertEquals(
                List.of(
                        "~ topic apply-a partitions: 3 -> 4",
                        "+ topic apply-a cleanup.policy = compact,delete",
                        "- topic apply-a retention.ms: 86400000 -> default",
                        "Made 3 changes"),
                leat("apply", changed).lines());
        String json = leat("apply", changed, "--prune", "--dry-run", "-o", "json").lines().get(0);
        assertTrue(json.contains("\"dryRun\":true"), json);
        assertTrue(
                json.contains("\"action\":\"delete-topic\",\"subject\":\"topic apply-b\""), json);
        assertTrue(json.contains("\"action\":\"remove-quota\""), json);
        String kept = leat("apply", changed, "--prune", "--protect", "apply-?", "--yes").out();
        assertFalse(kept.contains("topic apply-b"), kept);
        assertTrue(kept.contains("- quota of user 'apply-user'"), kept);
        assertTrue(leat("apply", changed, "--prune", "--yes").out().contains("- topic apply-b"));
        assertFalse(leat("topics", "list").out().contains("apply-b"));
    }

    @Test
    void whatCannotBeIsToldBeforeAnythingIsDone() throws IOException {
        leat("topics", "create", "narrow", "-p", "3").lines();
        String file =
                file(
                        "bad.yaml",
                        """
                        topics:
                          narrow: {partitions: 2}
                          fresh: {partitions: 1, configs: {retention.mss: 1}}
                          fine: {partitions: 1}
                        """);
        CommandRun run = leat("apply", file);
        assertEquals(1, run.code());
        assertTrue(run.err().contains("topic narrow has 3 partitions and cannot have fewer (2)"));
        assertTrue(run.err().contains("did you mean retention.ms?"), run.err());
        assertTrue(run.err().contains("Nothing done: 2 of the file's wishes"), run.err());
        assertFalse(leat("topics", "list").out().contains("fine"));
    }

    @Test
    void mistakesInTheFileHaveTheirLine() throws IOException {
        wrong(
                "topics:\n  a: {partition: 3}\n",
                ":2: unknown key of a topic 'partition'; did you mean partitions?");
        wrong("topic:\n  a:\n", ":1: unknown section 'topic'; did you mean topics?");
        wrong(
                "topics:\n  a: {partitions: many}\n",
                ":2: partitions must be a number from 1 on, not 'many'");
        wrong(
                "topics:\n  a: {partitions: 0}\n",
                ":2: partitions must be a number from 1 on, not '0'");
        wrong(
                "quotas:\n  - {user: a, producer_bite_rate: 1}\n",
                ":2: unknown key of a quota 'producer_bite_rate'; did you mean"
                        + " producer_byte_rate?");
        wrong(
                "quotas:\n  - {producer_byte_rate: 1}\n",
                ":2: a quota needs a user, a client id or an address");
        wrong("quotas:\n  - {user: a}\n  - {user: a}\n", ":3: user 'a' is here twice");
        wrong("topics: [\n", "this is no YAML");
        wrong("topics:\n  a: {}\n  a: {}\n", ":3:");
        wrong("", "is empty");
        StringBuilder bomb = new StringBuilder("topics: &a0 {x: {configs: {k: v}}}\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("k%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        wrong(bomb.toString(), "unknown section 'k1'");
        assertTrue(leat("apply", "no-such-file.yaml").failure().contains("There is no file"));
    }

    private static void wrong(String text, String message) throws IOException {
        String failure = leat("apply", file("wrong.yaml", text)).failure();
        assertTrue(failure.contains(message), failure);
    }

    @Test
    void quotasAreSetShownAndRemoved() {
        leat("quotas", "set", "--user", "alice", "--client-id", "app", "producer_byte_rate=1000")
                .lines();
        leat("quotas", "set", "--ip", "<default>", "connection_creation_rate=50").lines();
        List<String> shown = leat("quotas", "list").lines();
        assertTrue(shown.contains("alice\tapp\t-\tproducer_byte_rate\t1000"), shown::toString);
        assertTrue(
                shown.contains("-\t-\t<default>\tconnection_creation_rate\t50"), shown::toString);
        leat("quotas", "remove", "--user", "alice", "--client-id", "app", "producer_byte_rate")
                .lines();
        leat("quotas", "remove", "--ip", "<default>", "connection_creation_rate").lines();
        assertFalse(leat("quotas", "list").out().contains("alice"));
        assertTrue(
                leat("quotas", "set", "--user", "a", "producer_bite_rate=1")
                        .wrongUsage()
                        .contains("did you mean producer_byte_rate?"));
        assertTrue(leat("quotas", "set", "producer_byte_rate=1").wrongUsage().contains("--user"));
        assertTrue(
                leat("quotas", "set", "--user", "a", "producer_byte_rate=0")
                        .failure()
                        .contains("must be greater than 0"));
    }
}
