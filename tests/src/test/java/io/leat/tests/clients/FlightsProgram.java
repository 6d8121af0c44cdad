package io.leat.tests.clients;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Runs in a process of its own with one version of kafka-clients: for every codec it creates a
 * topic, produces all flights, reads them back in a group and compares every byte. Uses only what
 * both the oldest and the newest of those versions have.
 *
 * <p>Arguments: bootstrap address, file with {@code key, tab, value} lines, prefix of the topics,
 * codecs. Ends with exit code 0 and one line per codec, or with what differed and exit code 1.
 */
public final class FlightsProgram {
    private static final int PARTITIONS = 6;
    private static final Duration READ_LIMIT = Duration.ofSeconds(60);

    private final String bootstrap;
    private final List<byte[][]> flights;

    private FlightsProgram(String bootstrap, Path file) throws IOException {
        this.bootstrap = bootstrap;
        this.flights = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            int tab = line.indexOf('\t');
            flights.add(new byte[][] {utf8(line.substring(0, tab)), utf8(line.substring(tab + 1))});
        }
    }

    public static void main(String[] arguments) throws Exception {
        var program = new FlightsProgram(arguments[0], Path.of(arguments[1]));
        for (String codec : arguments[3].split(",", -1)) {
            String topic = arguments[2] + "-" + codec;
            program.createTopic(topic);
            Map<Integer, List<byte[][]>> sent = program.produce(topic, codec);
            program.readBack(topic, sent);
            System.out.println("kafka-clients " + version() + " " + codec + " equal");
        }
    }

    /** The version of the client that is on the class path, by its own word. */
    private static String version() throws IOException {
        try (var in = Admin.class.getResourceAsStream("/kafka/kafka-version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        }
    }

    private void createTopic(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
        }
    }

    /** Returns what each partition must hold, in order. */
    private Map<Integer, List<byte[][]>> produce(String topic, String codec)
            throws ExecutionException, InterruptedException {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        config.put("compression.type", codec);
        config.put("enable.idempotence", true);
        config.put("acks", "all");
        config.put("linger.ms", 5);
        config.put("key.serializer", ByteArraySerializer.class);
        config.put("value.serializer", ByteArraySerializer.class);
        List<Future<RecordMetadata>> answers = new ArrayList<>();
        try (var producer = new KafkaProducer<byte[], byte[]>(config)) {
            for (byte[][] flight : flights) {
                var record = new ProducerRecord<>(topic, null, flight[0], flight[1]);
                record.headers().add("codec", utf8(codec));
                answers.add(producer.send(record));
            }
            producer.flush();
        }
        Map<Integer, List<byte[][]>> sent = new TreeMap<>();
        for (int i = 0; i < answers.size(); i++) {
            RecordMetadata metadata = answers.get(i).get();
            List<byte[][]> partition =
                    sent.computeIfAbsent(metadata.partition(), p -> new ArrayList<>());
            check(metadata.offset() == partition.size(), "offset of " + metadata);
            partition.add(flights.get(i));
        }
        return sent;
    }

    private void readBack(String topic, Map<Integer, List<byte[][]>> sent) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        config.put("group.id", topic + "-readers");
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", false);
        config.put("key.deserializer", ByteArrayDeserializer.class);
        config.put("value.deserializer", ByteArrayDeserializer.class);
        int read = 0;
        long deadline = System.nanoTime() + READ_LIMIT.toNanos();
        try (var consumer = new KafkaConsumer<byte[], byte[]>(config)) {
            int partitions = consumer.partitionsFor(topic).size();
            check(partitions == PARTITIONS, "partitions " + partitions);
            consumer.subscribe(List.of(topic));
            while (read < flights.size()) {
                check(System.nanoTime() < deadline, "read only " + read);
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(500))) {
                    compare(record, sent);
                    read++;
                }
            }
            consumer.commitSync();
            long committed =
                    consumer.committed(consumer.assignment()).values().stream()
                            .mapToLong(offset -> offset.offset())
                            .sum();
            check(committed == read, "committed " + committed);
        }
    }

    private void compare(ConsumerRecord<byte[], byte[]> record, Map<Integer, List<byte[][]>> sent) {
        byte[][] flight = sent.get(record.partition()).get((int) record.offset());
        check(
                Arrays.equals(flight[0], record.key())
                        && Arrays.equals(flight[1], record.value())
                        && record.headers().lastHeader("codec") != null,
                "not as it was sent: " + record);
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
