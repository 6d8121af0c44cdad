package io.leat.broker.embedded;

import io.leat.broker.Broker;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.network.LeakRecorder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker in this process on a free port and a folder of its own, with clients for it. */
public final class EmbeddedBroker implements AutoCloseable {
    private final Path folder;
    private final Map<String, String> settings;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Broker broker;

    private EmbeddedBroker(Path folder, Map<String, String> settings) {
        this.folder = folder;
        this.settings = settings;
        this.broker = start();
    }

    public static EmbeddedBroker start(Map<String, String> settings) {
        try {
            return new EmbeddedBroker(Files.createTempDirectory("leat-broker"), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Broker start() {
        Map<String, String> all =
                new HashMap<>(
                        Map.of(
                                "listeners",
                                "PLAINTEXT://127.0.0.1:0",
                                "log.dir",
                                folder.resolve("data").toString()));
        all.putAll(settings);
        return Broker.start(BrokerConfig.of(all), meters);
    }

    /** Stops the broker and starts it again on the same folder, on another port. */
    public void restart() {
        restart(data -> {});
    }

    /** As {@link #restart()}, and does something with the data directory in between. */
    public void restart(Consumer<Path> meanwhile) {
        broker.close();
        meters.clear();
        meanwhile.accept(folder.resolve("data"));
        broker = start();
    }

    public Broker broker() {
        return broker;
    }

    public SimpleMeterRegistry meters() {
        return meters;
    }

    public String bootstrap() {
        return "127.0.0.1:" + broker.address().getPort();
    }

    public Admin admin() {
        return Admin.create(properties(Map.of()));
    }

    public KafkaProducer<byte[], byte[]> producer(Map<String, String> more) {
        return new KafkaProducer<>(
                properties(more), new ByteArraySerializer(), new ByteArraySerializer());
    }

    public KafkaConsumer<byte[], byte[]> consumer(Map<String, String> more) {
        return new KafkaConsumer<>(
                properties(more), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Properties properties(Map<String, String> more) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap());
        properties.put("enable.metrics.push", "false");
        properties.putAll(more);
        return properties;
    }

    /** Stops the broker, checks that no buffer was lost, and removes the folder. */
    @Override
    public void close() {
        broker.close();
        LeakRecorder.check();
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted((a, b) -> b.compareTo(a)).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
