package io.leat.tests.harness;

import io.leat.storage.local.FileTree;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Apache Kafka's own tool that shows what is in segments and indexes. */
public final class DumpTool {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Pattern SEGMENT_FILE = Pattern.compile("\\d{20}\\.(log|index|timeindex)");
    private static final Pattern FINE =
            Pattern.compile(
                    "(Dumping |Log starting offset: |baseOffset: |\\| offset: |offset: ).*"
                            + "|(timestamp: |WARNING: |Non-consecutive offsets in ).*"
                            + "|  -1 is followed by \\d+|.*index is empty\\.|");

    private static final int COMPLAINTS_MAX = 1_000;

    private DumpTool() {}

    /** All segments and indexes below a folder, in order. */
    public static List<Path> segmentFiles(Path folder) {
        return FileTree.files(folder).stream()
                .filter(f -> SEGMENT_FILE.matcher(f.getFileName().toString()).matches())
                .toList();
    }

    /** What the tool prints about these files, record by record. */
    public static List<String> dumpRecords(List<Path> files) {
        return run(files, List.of("--deep-iteration"));
    }

    /** What the tool prints about these files, batch by batch. */
    public static List<String> dumpBatches(List<Path> files) {
        return run(files, List.of());
    }

    private static List<String> run(List<Path> files, List<String> options) {
        List<String> arguments = new ArrayList<>(options);
        arguments.add("--files");
        arguments.add(String.join(",", files.stream().map(Path::toString).toList()));
        String classPath =
                Folders.target().resolve("kafka-tools")
                        + "/*"
                        + File.pathSeparator
                        + JavaCommand.testClassPath();
        List<String> command =
                JavaCommand.of(
                        classPath, "org.apache.kafka.tools.DumpLogSegments", List.of(), arguments);
        try (var tool = ChildProcess.start("dump", Folders.target(), command)) {
            tool.awaitSuccess(LIMIT);
            return tool.lines();
        }
    }

    /**
     * Lines that are none of those that the tool prints about files in good order, at most a
     * thousand. It counts offsets from -1 in each file, so it wonders at every file but a
     * partition's first.
     */
    public static List<String> complaints(List<String> dump) {
        return dump.stream()
                .filter(line -> !FINE.matcher(line).matches() || line.contains("isvalid: false"))
                .limit(COMPLAINTS_MAX)
                .toList();
    }
}
