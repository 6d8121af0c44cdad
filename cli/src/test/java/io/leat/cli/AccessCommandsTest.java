package io.leat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code leat users}, and users and ACLs by {@code leat apply} and {@code leat export}. */
final class AccessCommandsTest {
    @TempDir private static Path folder;
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server =
                new RunningServer(
                        folder.resolve("data"),
                        Map.of(
                                "listeners",
                                "INTERNAL://127.0.0.1:0,SECURED://127.0.0.1:0",
                                "listener.security.protocol.map",
                                "INTERNAL:PLAINTEXT,SECURED:SASL_PLAINTEXT",
                                "sasl.enabled.mechanisms",
                                "SCRAM-SHA-256",
                                "super.users",
                                "User:ANONYMOUS"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static CommandRun leat(String... args) {
        return leat(server, args);
    }

    private static CommandRun leat(RunningServer at, String... args) {
        return CommandRun.of(
                Stream.concat(Stream.of(args), Stream.of("--bootstrap", at.bootstrap()))
                        .toArray(String[]::new));
    }

    private static String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void usersAreMadeListedAndDeletedWhileTheBrokerRuns() throws IOException {
        String password = file("carl.secret", "carl-secret\n");
        assertEquals(
                List.of("Created carl"),
                leat("users", "create", "carl", "--password-file", password).lines());
        assertEquals(
                List.of("Changed the password of carl"),
                leat("users", "create", "carl", "--password-file", password).lines());
        assertTrue(
                leat("users", "list").lines().contains("carl\tSCRAM-SHA-256, SCRAM-SHA-512"),
                () -> leat("users", "list").out());
        assertEquals(List.of("Deleted carl"), leat("users", "delete", "carl").lines());
        assertFalse(leat("users", "list").out().contains("carl"));
        assertTrue(leat("users", "delete", "carl").failure().contains("There is no user 'carl'"));
    }

    @Test
    void usersAreMadeListedAndDeletedWhileNoBrokerRuns() throws IOException {
        String data = folder.resolve("stopped").toString();
        String password = file("dora.secret", "dora-secret");
        assertEquals(
                List.of("Created dora"),
                leat("users", "create", "dora", "-d", data, "--password-file", password).lines());
        assertEquals(
                List.of("dora\tSCRAM-SHA-256, SCRAM-SHA-512"),
                leat("users", "list", "-d", data).lines());
        assertEquals(List.of("Deleted dora"), leat("users", "delete", "dora", "-d", data).lines());
        assertEquals(List.of(), leat("users", "list", "-d", data).lines());
    }

    @Test
    void aDataDirectoryThatIsNotThereIsNotMadeToLookAtItsUsers() {
        Path mistyped = folder.resolve("mistyped");
        for (String command : List.of("list", "delete dora")) {
            String[] args = ("users " + command + " -d " + mistyped).split(" ");
            String failure = leat(args).failure();
            assertTrue(failure.endsWith("mistyped does not exist"), failure);
            assertFalse(Files.exists(mistyped));
        }
    }

    @Test
    void aFileIsPlannedAppliedAndChangesNothingTheSecondTime() throws IOException {
        String password = file("bob.secret", "bob-secret");
        String file =
                file(
                        "access.yaml",
                        """
                        users:
                          bob: {password: "${file:%s}"}
                        acls:
                          - principal: User:bob
                            topic: bobs-
                            prefixed: true
                            operations: [create, DESCRIBE_CONFIGS]
                          - {principal: User:bob, cluster: true, deny: true, host: 192.0.2.7, operations: all}
                        """
                                .formatted(password));
        List<String> steps =
                List.of(
                        "+ user bob",
                        "+ acl allow User:bob create topic bobs-… from *",
                        "+ acl allow User:bob describe-configs topic bobs-… from *",
                        "+ acl deny User:bob all cluster kafka-cluster from 192.0.2.7");
        assertEquals(
                Stream.concat(steps.stream(), Stream.of("4 changes, none made")).toList(),
                leat("apply", file, "--dry-run").lines());
        assertFalse(leat("users", "list").out().contains("bob"), "a dry run does nothing");
        assertEquals(
                Stream.concat(steps.stream(), Stream.of("Made 4 changes")).toList(),
                leat("apply", file).lines());
        assertEquals(List.of("Nothing to change"), leat("apply", file).lines());

        String exported = leat("export").out();
        assertTrue(exported.contains("bob: {}"), exported);
        assertFalse(exported.contains("secret"), exported);
        assertEquals(
                List.of("Nothing to change"),
                leat("apply", file("exported.yaml", exported), "--prune", "--yes").lines());

        String less =
                file(
                        "less.yaml",
                        """
                        users:
                        acls:
                          - {principal: User:bob, topic: bobs-, prefixed: true, operations: create}
                        """);
        assertEquals(List.of("Nothing to change"), leat("apply", less).lines());
        String json = leat("apply", less, "--prune", "--dry-run", "-o", "json").lines().get(0);
        assertTrue(json.contains("\"action\":\"delete-user\",\"subject\":\"user bob\""), json);
        assertEquals(
                List.of(
                        "- user bob",
                        "- acl allow User:bob describe-configs topic bobs-… from *",
                        "- acl deny User:bob all cluster kafka-cluster from 192.0.2.7",
                        "Made 3 changes"),
                leat("apply", less, "--prune", "--yes").lines());
        leat("apply", file("none.yaml", "acls: []\n"), "--prune").lines();
    }

    @Test
    void mistakesInTheFileHaveTheirLineAndShowNoPassword() throws IOException {
        wrong("users:\n  eve: {password: hunter2}\n", ":2: a password stands elsewhere");
        wrong("users:\n  eve: {password: '${vault:hunter2}'}\n", ":2: a reference is one of");
        wrong(
                "users:\n  eve: {password: '${env:LEAT_NO_SUCH_VARIABLE}'}\n",
                ":2: the password of eve refers to the environment variable"
                        + " LEAT_NO_SUCH_VARIABLE, not set");
        wrong("users:\n  eve: {passwort: x}\n", "did you mean password?");
        wrong("acls:\n  - {topic: a, operations: read}\n", ":2: an ACL needs principal");
        wrong("acls:\n  - {principal: User:a, topic: a}\n", ":2: an ACL needs operations");
        wrong(
                "acls:\n  - {principal: a, topic: a, operations: read}\n",
                ":2: a principal has a type, such as User:alice: a");
        wrong(
                "acls:\n  - {principal: User:a, topic: a, group: a, operations: read}\n",
                ":2: an ACL is about one");
        wrong(
                "acls:\n  - {principal: User:a, topic: a, operations: [raad]}\n",
                "unknown operation 'raad'; did you mean read?");
        wrong(
                "acls:\n  - {principal: User:a, topic: a, deny: yes, operations: read}\n",
                ":2: deny is true or false, not 'yes'");
        CommandRun unknown = leat("apply", file("unknown.yaml", "users: {nobody: {}}\n"));
        assertEquals(1, unknown.code());
        assertTrue(
                unknown.err()
                        .contains(
                                "there is no user nobody yet, and the file has no password for it"),
                unknown.err());
    }

    private static void wrong(String text, String message) throws IOException {
        String failure = leat("apply", file("wrong.yaml", text)).failure();
        assertTrue(failure.contains(message), failure);
        assertFalse(failure.contains("hunter2"), failure);
    }

    @Test
    void aBrokerThatAsksNobodyWhoHeIsIsToldBeforeAnythingIsDone() throws IOException {
        try (RunningServer open = new RunningServer(folder.resolve("open"))) {
            String file =
                    file(
                            "open.yaml",
                            """
                            topics: {opened: {partitions: 1}}
                            acls: [{principal: User:a, topic: a, operations: read}]
                            """);
            CommandRun run = leat(open, "apply", file);
            assertEquals(1, run.code());
            assertTrue(run.err().contains("SECURITY_DISABLED"), run.err());
            assertFalse(leat(open, "topics", "list").out().contains("opened"));
            assertFalse(leat(open, "export").out().contains("acls"));
        }
    }
}
