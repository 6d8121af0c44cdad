package io.leat.tests.harness;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** What tests believe of a killed process rests on its last lines. */
class ChildProcessTest {
    private static final String PRINT_THEN_COUNT =
            "while :; do echo line; echo line >>counted; done";

    @RepeatedTest(30)
    void nothingPrintedBeforeTheKillIsLost(@TempDir Path directory) throws IOException {
        try (var child =
                ChildProcess.start("printer", directory, List.of("sh", "-c", PRINT_THEN_COUNT))) {
            Await.until("output", Duration.ofSeconds(10), () -> child.lineCount() > 20);
            child.kill();
            int printed = Files.readAllLines(directory.resolve("counted")).size();
            assertTrue(
                    child.lineCount() >= printed,
                    () -> child.lineCount() + " lines of at least " + printed);
        }
    }
}
