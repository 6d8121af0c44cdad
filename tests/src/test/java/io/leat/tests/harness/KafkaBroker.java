package io.leat.tests.harness;

import io.leat.client.kafka.KafkaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Apache Kafka, one node, configured as Leat is by default. */
public final class KafkaBroker implements TestBroker {
    private final Path directory = Folders.createTemporary("kafka-");
    private final Map<String, String> settings;
    private KafkaProcess process;
    private Duration lastStart = Duration.ZERO;

    public KafkaBroker(Map<String, String> settings) {
        this.settings = new HashMap<>(settings);
        this.settings.putIfAbsent("auto.create.topics.enable", "true");
        this.settings.put("log.dirs", logDirectory().toString());
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
    public Duration lastStart() {
        return lastStart;
    }

    @Override
    public Path logDirectory() {
        return directory.resolve("data");
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
        Folders.delete(directory);
    }
}
