package io.leat.tests.comparison;

import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.JavaCommand;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Programs that put load on a broker, each in a process of its own: Kafka's performance tools, and
 * {@link LoadMain}.
 */
final class Tools {
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final Pattern PRODUCED =
            Pattern.compile(
                    "\\d+ records sent, ([0-9.]+) records/sec \\(([0-9.]+) MB/sec\\).*"
                            + " ([0-9]+) ms 99th, .*");
    private static final double MEBI = 1.048576;

    private Tools() {}

    /** Returns when all that was written is on the disk. */
    static void sync() {
        try (ChildProcess sync = ChildProcess.start("sync", Path.of("/"), List.of("sync"))) {
            sync.awaitSuccess(LIMIT);
        }
    }

    /** What ProducerPerformance says at its end. */
    record Produced(double recordsPerSecond, double megabytesPerSecond, double p99Millis) {}

    /** A program that runs. */
    static final class Running implements AutoCloseable {
        private final ChildProcess process;

        private Running(ChildProcess process) {
            this.process = process;
        }

        List<String> finish() {
            process.awaitSuccess(LIMIT);
            return process.lines();
        }

        void awaitLine(String line) {
            process.awaitLine(line, LIMIT, line::equals);
        }

        @Override
        public void close() {
            process.close();
        }
    }

    static Running startProducer(
            String bootstrap, String topic, long records, int bytes, List<String> properties) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--topic",
                                topic,
                                "--num-records",
                                Long.toString(records),
                                "--record-size",
                                Integer.toString(bytes),
                                "--throughput",
                                "-1",
                                "--producer-props",
                                "bootstrap.servers=" + bootstrap));
        arguments.add("acks=all");
        arguments.addAll(properties);
        return start("org.apache.kafka.tools.ProducerPerformance", arguments);
    }

    static Produced produced(List<String> lines) {
        Matcher last =
                lines.reversed().stream()
                        .map(PRODUCED::matcher)
                        .filter(Matcher::matches)
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("no result in " + lines));
        return new Produced(
                Double.parseDouble(last.group(1)),
                Double.parseDouble(last.group(2)) * MEBI,
                Double.parseDouble(last.group(3)));
    }

    static Produced produce(
            String bootstrap, String topic, long records, int bytes, List<String> properties) {
        try (Running tool = startProducer(bootstrap, topic, records, bytes, properties)) {
            return produced(tool.finish());
        }
    }

    static Running startConsumer(String bootstrap, String topic, long records) {
        return start(
                "org.apache.kafka.tools.ConsumerPerformance",
                List.of(
                        "--bootstrap-server",
                        bootstrap,
                        "--topic",
                        topic,
                        "--num-records",
                        Long.toString(records),
                        "--timeout",
                        "60000"));
    }

    /** Runs {@link LoadMain} to its end and returns what it found. */
    static Map<String, Double> load(String... arguments) {
        try (Running tool = startLoad(arguments)) {
            return results(tool.finish());
        }
    }

    static Running startLoad(String... arguments) {
        // Up to 500 clients in one process, with their buffers as they come.
        return start("2G", LoadMain.class.getName(), List.of(arguments));
    }

    static Map<String, Double> results(List<String> lines) {
        Map<String, Double> results = new HashMap<>();
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (line.startsWith(LoadMain.RESULT) && equals > 0) {
                results.put(
                        line.substring(LoadMain.RESULT.length(), equals),
                        Double.parseDouble(line.substring(equals + 1)));
            }
        }
        return results;
    }

    private static Running start(String main, List<String> arguments) {
        // As the scripts of Kafka's tools start them.
        return start("512M", main, arguments);
    }

    private static Running start(String heap, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-Xmx" + heap, "-XX:+UseG1GC", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(
                List.of(
                        "-cp",
                        Folders.target().resolve("kafka-tools")
                                + "/*"
                                + File.pathSeparator
                                + JavaCommand.testClassPath()));
        command.add(main);
        command.addAll(arguments);
        return new Running(ChildProcess.start("load", Folders.target(), command));
    }
}
