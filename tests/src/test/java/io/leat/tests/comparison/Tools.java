package io.leat.tests.comparison;

import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.JavaCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Programs that put load on a broker, each in a process of its own: Kafka's performance tools, and
 * {@link LoadMain}.
 */
final class Tools {
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final Pattern PRODUCED =
            Pattern.compile(
                    "(\\d+) records sent, [0-9.]+ records/sec \\(([0-9.]+) MB/sec\\).*"
                            + " ([0-9]+) ms 50th, .* ([0-9]+) ms 99th, ([0-9]+) ms 99.9th.*");
    private static final Pattern CONSUMED = Pattern.compile("\\d{4}-.*");
    private static final int CONSUMED_RECORDS_FIELD = 4;
    private static final double MEBI = 1.048576;

    private static final Path JARS = Folders.target().resolve("kafka-tools");
    private static final Pattern TOOLS_JAR = Pattern.compile("kafka-tools-(\\d.*)\\.jar");

    private Tools() {}

    /** The version of Kafka that tools and clients are of. */
    static String version() throws IOException {
        try (Stream<Path> jars = Files.list(JARS)) {
            return jars.map(jar -> TOOLS_JAR.matcher(jar.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(jar -> jar.group(1))
                    .findFirst()
                    .orElse("?");
        }
    }

    /** Returns when all that was written is on the disk. */
    static void sync() {
        try (ChildProcess sync = ChildProcess.start("sync", Path.of("/"), List.of("sync"))) {
            sync.awaitSuccess(LIMIT);
        }
    }

    /** What ProducerPerformance says at its end; times are from the send to the answer. */
    record Produced(
            double megabytesPerSecond, double p50Millis, double p99Millis, double p999Millis) {}

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

    /**
     * What ProducerPerformance has found.
     *
     * @param records so many must have been sent: it counts none that failed, and ends with 0
     */
    static Produced produced(List<String> lines, long records) {
        Matcher last =
                lines.reversed().stream()
                        .map(PRODUCED::matcher)
                        .filter(Matcher::matches)
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("no result in " + lines));
        if (Long.parseLong(last.group(1)) != records) {
            throw new IllegalStateException(
                    "of %,d records were sent: %s".formatted(records, last.group()));
        }
        return new Produced(
                Double.parseDouble(last.group(2)) * MEBI,
                Double.parseDouble(last.group(3)),
                Double.parseDouble(last.group(4)),
                Double.parseDouble(last.group(5)));
    }

    static Produced produce(
            String bootstrap, String topic, long records, int bytes, List<String> properties) {
        try (Running tool = startProducer(bootstrap, topic, records, bytes, properties)) {
            return produced(tool.finish(), records);
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

    /**
     * How fast ConsumerPerformance has read, in MB/s without the join.
     *
     * @param records so many must have been read: it only warns where they were fewer
     */
    static double consumed(List<String> lines, long records) {
        String last =
                lines.reversed().stream()
                        .filter(line -> CONSUMED.matcher(line).matches())
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("no result in " + lines));
        String[] fields = last.split(", *", -1);
        if (Long.parseLong(fields[CONSUMED_RECORDS_FIELD]) < records) {
            throw new IllegalStateException(
                    "of %,d records were read: %s".formatted(records, last));
        }
        // ... fetch.MB.sec and fetch.nMsg.sec stand at its end.
        return Double.parseDouble(fields[fields.length - 2]) * MEBI;
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
                List.of("-cp", JARS + "/*" + File.pathSeparator + JavaCommand.testClassPath()));
        command.add(main);
        command.addAll(arguments);
        return new Running(ChildProcess.start("load", Folders.target(), command));
    }
}
