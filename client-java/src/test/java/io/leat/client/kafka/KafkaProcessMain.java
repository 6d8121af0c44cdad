package io.leat.client.kafka;

import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * What runs inside the JVM of a {@link KafkaProcess}: format once, serve until the standard input
 * ends.
 */
final class KafkaProcessMain {
    static final String READY = "leat: apache kafka is ready";

    private KafkaProcessMain() {}

    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        Path file = Path.of(args[1]);
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        }
        String[] format = {"format", "--ignore-formatted", "-t", args[0], "-c", file.toString()};
        if (kafka.tools.StorageTool.execute(format, System.err) != 0) {
            System.exit(1);
        }
        KafkaRaftServer server =
                new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
        server.startup();
        out.println(READY);
        while (System.in.read() >= 0) {
            // The parent closes the stream, or ends.
        }
        server.shutdown();
        server.awaitShutdown();
        System.exit(0);
    }
}
