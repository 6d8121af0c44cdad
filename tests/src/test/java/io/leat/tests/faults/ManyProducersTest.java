package io.leat.tests.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.benchmarks.ManyProducers;
import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.JavaCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A million idempotent producers of one log fit into a heap of 512 MiB, also after a restart. */
class ManyProducersTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int PRODUCERS = 1_000_000;

    @Test
    void fitIntoASmallHeap() {
        Path folder = Folders.createTemporary("producers-");
        List<String> command =
                JavaCommand.of(
                        JavaCommand.testClassPath(),
                        ManyProducers.class.getName(),
                        List.of("-Xmx512m"),
                        List.of(folder.resolve("data").toString(), Integer.toString(PRODUCERS)));
        try (ChildProcess child = ChildProcess.start("producers", folder, command)) {
            child.awaitSuccess(LIMIT);
            assertTrue(
                    child.lines().stream()
                            .anyMatch(line -> line.startsWith(PRODUCERS + " producers known")),
                    child::describe);
        } finally {
            Folders.delete(folder);
        }
    }
}
