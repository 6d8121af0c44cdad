package io.leat.cli;

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

/** Why a server does not start: exit code 1 and one line that names the thing. */
final class ServerFailuresTest {
    @TempDir private static Path folder;
    private static RunningServer other;

    @BeforeAll
    static void startAnother() {
        other = new RunningServer(folder.resolve("taken"));
    }

    @AfterAll
    static void stopTheOther() {
        other.close();
    }

    @Test
    void portInUse() {
        assertNames(start("--listen", other.bootstrap()), other.bootstrap(), "in use");
    }

    @Test
    void httpPortInUse() {
        assertNames(start("--http", other.http()), other.http(), "in use", "--http");
    }

    @Test
    void dataDirectoryThatCannotBeMade() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        assertNames(start("--data-dir", file.resolve("data").toString()), file.toString());
    }

    @Test
    void dataDirectoryOfAnotherServer() {
        assertNames(
                start("--data-dir", folder.resolve("taken").toString()),
                "taken",
                "in use by process");
    }

    @Test
    void unknownSettingWithTheOneThatWasMeant() {
        assertNames(start("--set", "num.partition=3"), "num.partition", "num.partitions");
    }

    @Test
    void badValue() {
        assertNames(start("--set", "num.partitions=many"), "num.partitions", "many");
    }

    @Test
    void configFileThatIsNotThere() {
        assertNames(start("--config", folder.resolve("nowhere").toString()), "nowhere");
    }

    /** Starts with good options, of which the given ones, coming last, may be bad. */
    private static CommandRun start(String... options) {
        List<String> given = List.of(options);
        Stream<String> good =
                Stream.of("--data-dir", "--listen", "--http")
                        .filter(option -> !given.contains(option))
                        .flatMap(option ->
                                Stream.of(
                                        option,
                                        option.equals("--data-dir")
                                                ? folder.resolve("data").toString()
                                                : "127.0.0.1:0"));
        return CommandRun.of(
                Stream.of(Stream.of("server"), good, given.stream())
                        .flatMap(part -> part)
                        .toArray(String[]::new));
    }

    private static void assertNames(CommandRun run, String... things) {
        String message = run.failure();
        assertTrue(message.startsWith("leat: "), message);
        for (String thing : things) {
            assertTrue(message.contains(thing), message);
        }
    }
}
