package io.leat.tests.harness;

import io.leat.client.kafka.KafkaProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;

/** Apache Kafka, one node, configured as Leat is by default. */
public final class KafkaBroker implements TestBroker {
    private final Path directory = Folders.createTemporary("kafka-");
    private final Path dataDirectory;
    private final Map<String, String> settings;
    private KafkaProcess process;
    private Duration lastStart = Duration.ZERO;

    public KafkaBroker(Map<String, String> settings) {
        this.dataDirectory = directory.resolve("data");
        this.settings = withDefaults(settings);
    }

    /** A broker on a data directory that it does not delete when it is closed. */
    public KafkaBroker(Path dataDirectory, Map<String, String> settings) {
        this.dataDirectory = dataDirectory;
        this.settings = withDefaults(settings);
    }

    private Map<String, String> withDefaults(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent("auto.create.topics.enable", "true");
        all.put("log.dirs", dataDirectory.toString());
        return all;
    }

    /** What the official client's jar says of itself; the broker's is of the same version. */
    public static String version() {
        Properties properties = new Properties();
        try (InputStream in = Admin.class.getResourceAsStream("/kafka/kafka-version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    @Override
    public String bootstrap() {
        return process.bootstrap();
    }

    @Override
    public void start() {
        long began = System.nanoTime();
        if (process == null) {
            process = KafkaProcess.start(settings);
        } else {
            process.restart();
        }
        lastStart = Duration.ofNanos(System.nanoTime() - began);
    }

    @Override
    public void stop() {
        process.stop();
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public Duration lastStart() {
        return lastStart;
    }

    @Override
    public Path logDirectory() {
        return dataDirectory;
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
        Folders.delete(directory);
    }
}
