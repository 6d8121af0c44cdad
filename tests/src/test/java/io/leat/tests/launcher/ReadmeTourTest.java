package io.leat.tests.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.LeatBroker;
import io.leat.tests.harness.NeedsProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Types the README's tour, and gets what it shows; only times and the place may differ. */
@NeedsProgram({"kcat", "curl"})
class ReadmeTourTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String HEADING = "\n## A minute's tour\n";
    private static final String FENCE = "```";
    private static final String KAFKA_PLACE = "127.0.0.1:9092";
    private static final String HTTP_PLACE = "127.0.0.1:9644";

    /** A command line and what it prints. */
    private record Step(String command, List<String> output) {}

    @Test
    void showsWhatHappens() throws IOException {
        List<Step> steps = steps();
        assertTrue(steps.size() > 6, steps::toString);
        try (LeatBroker broker = new LeatBroker(Map.of())) {
            broker.start();
            String ready = broker.process().lines().getLast();
            for (Step step : steps) {
                if (step.command().equals("./leat server")) {
                    assertEquals(
                            step.output().stream().map(ReadmeTourTest::withoutTimes).toList(),
                            List.of(withoutTimes(readmePlaces(ready, broker))));
                } else {
                    follow(step, broker);
                }
            }
        }
    }

    private static void follow(Step step, LeatBroker broker) {
        String command =
                step.command()
                        .replace(KAFKA_PLACE, broker.bootstrap())
                        .replace(HTTP_PLACE, broker.http());
        try (var process =
                ChildProcess.start(
                        step.command(),
                        Folders.repository(),
                        List.of("bash", "-c", command),
                        Map.of("LEAT_BOOTSTRAP", broker.bootstrap()))) {
            process.awaitSuccess(LIMIT);
            int gap = step.output().indexOf("...");
            // Where something is left out, the middle is different each time.
            List<String> shown = step.output().stream().map(ReadmeTourTest::withoutTimes).toList();
            List<String> printed =
                    process.lines().stream().map(ReadmeTourTest::withoutTimes).toList();
            if (gap < 0) {
                assertEquals(shown, printed, step.command());
            } else {
                assertEquals(shown.getFirst(), printed.getFirst(), step.command());
                assertTrue(printed.contains(shown.getLast()), printed::toString);
            }
        }
    }

    private static String readmePlaces(String line, LeatBroker broker) {
        return line.replace(broker.bootstrap(), KAFKA_PLACE).replace(broker.http(), HTTP_PLACE);
    }

    private static String withoutTimes(String line) {
        return line.replaceAll("\\d+(\\.\\d+)? (ms|s)\\b", "N $2");
    }

    /** The commands of the tour that are called by {@code $}, up to where it measures. */
    private static List<Step> steps() throws IOException {
        String readme = Files.readString(Folders.repository().resolve("README.md"));
        String tour = readme.substring(readme.indexOf(HEADING) + HEADING.length());
        tour = tour.substring(0, tour.indexOf("How long a start takes"));
        List<Step> steps = new ArrayList<>();
        String[] parts = tour.split(FENCE, -1);
        for (int i = 1; i < parts.length; i += 2) {
            for (String typed : parts[i].strip().substring(2).split("\n\\$ ", -1)) {
                List<String> lines = typed.lines().toList();
                steps.add(new Step(lines.getFirst(), lines.subList(1, lines.size())));
            }
        }
        return steps;
    }
}
