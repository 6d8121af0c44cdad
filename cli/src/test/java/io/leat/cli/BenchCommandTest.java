package io.leat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BenchCommandTest {
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
        return CommandRun.of(
                Stream.concat(Stream.of(args), Stream.of("--bootstrap", server.bootstrap()))
                        .toArray(String[]::new));
    }

    @Test
    void measuresAndDeletesItsTopic() {
        List<String> lines = leat("bench", "-n", "3000", "-p", "2", "--producers", "2").lines();
        assertEquals(3_000, number(lines, "Records", 1));
        for (String each : List.of("Records/s", "Produced, MB/s", "Read again, MB/s")) {
            assertTrue(number(lines, each, 1) > 0, lines::toString);
        }
        for (String each : List.of("acknowledged", "read")) {
            assertTrue(number(lines, each, 1) > 0, lines::toString);
            assertTrue(number(lines, each, 4) >= number(lines, each, 2), lines::toString);
        }
        assertTrue(
                leat("topics", "list").lines().stream().noneMatch(l -> l.startsWith("leat-bench")));
    }

    /** A column of the line that begins so. */
    private static double number(List<String> lines, String name, int column) {
        return lines.stream()
                .filter(line -> line.startsWith(name + "\t"))
                .mapToDouble(line -> Double.parseDouble(line.split("\t", -1)[column]))
                .findFirst()
                .orElseThrow(() -> new AssertionError(lines.toString()));
    }

    @Test
    void keepsToARateAndKeepsItsTopicWhenTold() {
        List<String> lines =
                leat("bench", "-n", "400", "-r", "1000", "--topic", "paced", "--keep").lines();
        assertTrue(number(lines, "Seconds", 1) >= 0.39, lines::toString);
        assertTrue(leat("topics", "list").lines().stream().anyMatch(l -> l.startsWith("paced\t")));
        // 400 and the tenth before them.
        assertEquals(
                440,
                leat("consume", "paced", "-a", "--max", "440", "--format", "x\\n").lines().size());
        assertTrue(leat("bench", "--topic", "paced").failure().contains("paced"));
    }

    @Test
    void refusesWhatCannotBe() {
        assertTrue(leat("bench", "--size", "3").wrongUsage().contains("--size must be from 24"));
        assertTrue(leat("bench", "--producers", "0").wrongUsage().contains("--producers"));
        assertTrue(leat("bench", "--rate", "-1").wrongUsage().contains("--rate"));
    }
}
