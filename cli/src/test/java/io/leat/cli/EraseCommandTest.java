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

/** {@code leat topics erase} and {@code leat topics erasures} against a server. */
final class EraseCommandTest {
    private static final String KEY = "anna-4711-of-somewhere";
    private static final String VALUE = "value-of-anna-8462";

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
        return Stream.concat(Stream.of(args), Stream.of("--bootstrap", server.bootstrap()))
                .toArray(String[]::new);
    }

    private static CommandRun leat(String... args) {
        return CommandRun.of(args(args));
    }

    private static void fill(String topic) {
        leat("topics", "create", topic, "-p", "3").lines();
        CommandRun.withInput(
                        "%s=%s\nother=1\n%s=%s\nbert=2\n".formatted(KEY, VALUE, KEY, VALUE),
                        args("produce", topic, "-k", "="))
                .lines();
    }

    private static boolean isInAnyFile(String text) {
        return !FileTree.filesWith(folder, text).isEmpty();
    }

    @Test
    void erasesAndReports() throws IOException {
        fill("erase-one");
        assertTrue(isInAnyFile(VALUE));

        List<String> report = leat("topics", "erase", "erase-one", "--key", KEY, "--yes").lines();

        assertTrue(report.contains("Records removed\t2"), report::toString);
        assertTrue(report.contains("Records read again\t2"), report::toString);
        assertTrue(report.contains("Records left\t0"), report::toString);
        assertTrue(report.contains("Partitions\t3"), report::toString);
        assertFalse(isInAnyFile(VALUE));
        assertFalse(isInAnyFile(KEY), "neither in a log nor in the state store");
        assertEquals(
                List.of("bert", "other"),
                leat("consume", "erase-one", "-a", "-e", "-f", "%k\\n").lines().stream()
                        .sorted()
                        .toList());

        String json =
                leat("topics", "erase", "erase-one", "-k", KEY, "-y", "-o", "json").lines().get(0);
        assertTrue(json.contains("\"recordsRemoved\":0,"), json);
        assertTrue(json.contains("\"recordsVerified\":2,"), json);

        List<String> listed = leat("topics", "erasures", "erase-one", "--key", KEY).lines();
        assertEquals(2, listed.size(), listed::toString);
        assertTrue(listed.get(1).contains("\terase-one\tdone\t2\t2\t0\t1\t"), listed::toString);
        assertEquals(List.of(), leat("topics", "erasures", "erase-one", "-k", "bert").lines());
    }

    @Test
    void asksWhereSomebodyCanAnswer() {
        fill("erase-asked");
        CommandRun refused =
                CommandRun.typed("n\n", args("topics", "erase", "erase-asked", "-k", "bert"));
        assertEquals(1, refused.code(), refused::toString);
        assertTrue(refused.err().contains("Nothing brings them back"), refused::toString);
        assertTrue(refused.err().contains("Nothing erased"), refused::toString);
        assertFalse(refused.err().contains("bert"), refused::toString);

        CommandRun agreed =
                CommandRun.typed("y\n", args("topics", "erase", "erase-asked", "-k", "bert"));
        assertEquals(0, agreed.code(), agreed::toString);
        assertTrue(agreed.out().contains("Records removed\t1"), agreed::toString);
        assertTrue(agreed.err().contains("Erasing"), "progress: " + agreed);
    }

    @Test
    void takesKeysFromFilesAndInOtherForms() throws IOException {
        fill("erase-many");
        Path file = folder.resolve("keys");
        Files.writeString(file, "62657274\n\n");
        List<String> hex =
                leat(
                                "topics",
                                "erase",
                                "erase-many",
                                "--key-file",
                                file.toString(),
                                "--key-format",
                                "hex",
                                "-y")
                        .lines();
        assertTrue(hex.contains("Records removed\t1"), hex::toString);

        List<String> typed =
                CommandRun.withInput(
                                KEY + "\nother\n",
                                args("topics", "erase", "erase-many", "--key-file", "-", "-y"))
                        .lines();
        assertTrue(typed.contains("Keys\t2"), typed::toString);
        assertTrue(typed.contains("Records removed\t3"), typed::toString);
    }

    @Test
    void leavesATombstoneWhereItIsTold() {
        fill("erase-tombstone");
        List<String> report =
                leat("topics", "erase", "erase-tombstone", "-k", KEY, "-y", "--tombstone").lines();
        assertTrue(report.contains("Tombstones left\t1"), report::toString);
        assertEquals(
                List.of(KEY + "="),
                leat("consume", "erase-tombstone", "-a", "-e", "-f", "%k=%v\\n").lines().stream()
                        .filter(line -> line.startsWith(KEY))
                        .toList());
    }

    @Test
    void startsWithoutWaiting() {
        fill("erase-later");
        List<String> started =
                leat("topics", "erase", "erase-later", "-k", KEY, "-y", "--no-wait").lines();
        assertTrue(started.get(0).matches("Erasure [0-9a-f-]{36} runs"), started::toString);
    }

    @Test
    void saysWhatIsWrong() {
        assertTrue(
                leat("topics", "erase", "nowhere", "-k", "k", "-y").failure().contains("nowhere"));
        String absent = leat("topics", "erase", "t", "--key-file", "/no/such/file", "-y").failure();
        assertTrue(absent.contains("/no/such/file"), absent);
        String directory =
                leat("topics", "erase", "t", "--key-file", folder.toString(), "-y").failure();
        assertTrue(directory.contains(folder + ": it is a directory"), directory);
    }
}
