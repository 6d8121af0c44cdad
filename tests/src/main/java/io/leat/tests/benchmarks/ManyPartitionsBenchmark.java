package io.leat.tests.benchmarks;

import io.leat.broker.Broker;
import io.leat.broker.config.BrokerConfig;
import io.leat.client.Admin;
import io.leat.client.NewTopic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What empty partitions cost: disk, time to start, file descriptors and mappings.
 *
 * <p>Usage: {@code ManyPartitionsBenchmark DIR [partitions]}, an empty directory; 10,000 partitions
 * unless given, in topics of 1,000. Reads {@code /proc}, so on Linux only.
 */
public final class ManyPartitionsBenchmark {
    private static final int TOPIC_PARTITIONS = 1_000;
    private static final int STARTS = 3;

    private final Path directory;

    private ManyPartitionsBenchmark(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] args) throws IOException {
        if (args.length == 0) {
            System.err.println("usage: ManyPartitionsBenchmark DIR [partitions]");
            System.exit(2);
        }
        int partitions = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
        new ManyPartitionsBenchmark(Path.of(args[0])).run(partitions);
    }

    private Broker start() {
        Map<String, String> settings =
                Map.of("log.dir", directory.toString(), "listeners", "PLAINTEXT://127.0.0.1:0");
        return Broker.start(BrokerConfig.of(settings), new SimpleMeterRegistry());
    }

    private void run(int partitions) throws IOException {
        try (Broker broker = start();
                Admin admin = Admin.connect("127.0.0.1:" + broker.address().getPort())) {
            for (int made = 0; made < partitions; made += TOPIC_PARTITIONS) {
                int count = Math.min(TOPIC_PARTITIONS, partitions - made);
                admin.createTopic(NewTopic.of("many-" + made, count));
            }
            report("after creation", 0);
        }
        for (int i = 0; i < STARTS; i++) {
            long begin = System.nanoTime();
            try (Broker broker = start()) {
                long millis = (System.nanoTime() - begin) / 1_000_000;
                report("after a start, ready " + broker.ready(), millis);
            }
        }
    }

    private void report(String when, long millis) throws IOException {
        System.out.printf(
                "%-32s %6d ms, %d KiB on disk, %d descriptors, %d mappings%n",
                when,
                millis,
                diskKib(),
                entries(Path.of("/proc/self/fd")),
                lines(Path.of("/proc/self/maps")));
    }

    /** Blocks that are taken, not lengths of files. */
    private long diskKib() throws IOException {
        Process du = new ProcessBuilder("du", "-sk", directory.toString()).start();
        String said = new String(du.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        return Long.parseLong(said.substring(0, said.indexOf('\t')));
    }

    private static long entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
    }

    private static long lines(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }
}
