package io.leat.tests.clients;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Runs in a process of its own with one version of kafka-clients: commits, aborts, sends offsets,
 * is fenced off and takes too long, and looks at what a {@code read_committed} consumer sees. Uses
 * only what both the oldest and the newest of those versions have.
 *
 * <p>Arguments: bootstrap address, name of the topic. Ends with exit code 0 and one line for each
 * thing that went as it should, or with exit code 1.
 */
public final class TransactionsProgram {
    private static final int PARTITIONS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String bootstrap;
    private final String topic;

    private TransactionsProgram(String bootstrap, String topic) {
        this.bootstrap = bootstrap;
        this.topic = topic;
    }

    public static void main(String[] arguments) throws Exception {
        TransactionsProgram program = new TransactionsProgram(arguments[0], arguments[1]);
        program.createTopic();
        program.commitAndAbort();
        program.sendOffsets();
        program.beFenced();
        program.takeTooLong();
    }

    private void createTopic() throws Exception {
        try (Admin admin = Admin.create(config(Collections.emptyMap()))) {
            admin.createTopics(Collections.singleton(new NewTopic(topic, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    private void commitAndAbort() {
        try (KafkaProducer<String, String> producer = producer("plain", 60_000)) {
            for (String value : Arrays.asList("kept 1", "dropped", "kept 2")) {
                producer.beginTransaction();
                send(producer, value);
                producer.flush();
                if (value.equals("dropped")) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        expect("commit and abort", "kept 1", "kept 2");
    }

    private void sendOffsets() {
        TopicPartition partition = new TopicPartition(topic, 1);
        try (KafkaProducer<String, String> producer = producer("offsets", 60_000);
                KafkaConsumer<String, String> member = consumer(topic + "-group")) {
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(
                    Collections.singletonMap(partition, new OffsetAndMetadata(1)),
                    member.groupMetadata());
            producer.abortTransaction();
            OffsetAndMetadata before =
                    member.committed(Collections.singleton(partition)).get(partition);
            producer.beginTransaction();
            send(producer, "kept 3");
            producer.sendOffsetsToTransaction(
                    Collections.singletonMap(partition, new OffsetAndMetadata(2)),
                    member.groupMetadata());
            producer.commitTransaction();
            OffsetAndMetadata after =
                    member.committed(Collections.singleton(partition)).get(partition);
            require(before == null, "aborted, and committed all the same: " + before);
            require(after != null && after.offset() == 2, "committed, and there is " + after);
        }
        expect("offsets", "kept 1", "kept 2", "kept 3");
    }

    private void beFenced() {
        try (KafkaProducer<String, String> zombie = producer("fenced", 60_000)) {
            zombie.beginTransaction();
            send(zombie, "dropped");
            zombie.flush();
            try (KafkaProducer<String, String> heir = producer("fenced", 60_000)) {
                heir.beginTransaction();
                send(heir, "kept 4");
                heir.commitTransaction();
            }
            requireRefused(zombie);
        }
        expect("fencing", "kept 1", "kept 2", "kept 3", "kept 4");
    }

    private void takeTooLong() {
        try (KafkaProducer<String, String> slow = producer("slow", 200)) {
            slow.beginTransaction();
            send(slow, "dropped");
            slow.flush();
            // The end of the read waits until the transaction is aborted.
            expect("timeout", "kept 1", "kept 2", "kept 3", "kept 4");
            requireRefused(slow);
        }
    }

    private static void requireRefused(KafkaProducer<String, String> producer) {
        try {
            producer.commitTransaction();
        } catch (KafkaException e) {
            // By name: between these versions the classes have changed their parents.
            String names = e.getClass().getSimpleName() + " " + e.getCause();
            require(
                    names.contains("ProducerFencedException")
                            || names.contains("InvalidProducerEpochException"),
                    "not refused for its epoch: " + e + ", " + e.getCause());
            return;
        }
        throw new IllegalStateException("committed what was over");
    }

    /** Reads all partitions to the end of what anybody has written. */
    private void expect(String what, String... values) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            partitions.add(new TopicPartition(topic, partition));
        }
        Map<String, Integer> seen = new HashMap<>();
        try (KafkaConsumer<String, String> all = consumer(topic + "-all");
                KafkaConsumer<String, String> consumer = committedConsumer()) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = all.endOffsets(partitions);
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (!ends.entrySet().stream()
                    .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                require(System.nanoTime() < deadline, what + ": the end was not reached");
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(50))) {
                    seen.merge(record.value(), 1, Integer::sum);
                }
            }
        }
        Map<String, Integer> expected = new HashMap<>();
        for (String value : values) {
            expected.put(value, PARTITIONS);
        }
        require(seen.equals(expected), what + ": expected " + expected + ", seen " + seen);
        System.out.println(what + " as it should be");
    }

    private void send(KafkaProducer<String, String> producer, String value) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            var _ = producer.send(new ProducerRecord<>(topic, partition, null, value));
        }
    }

    private KafkaProducer<String, String> producer(String id, int timeoutMillis) {
        Map<String, String> more = new HashMap<>();
        more.put("transactional.id", topic + "-" + id);
        more.put("transaction.timeout.ms", Integer.toString(timeoutMillis));
        KafkaProducer<String, String> producer =
                new KafkaProducer<>(config(more), new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private KafkaConsumer<String, String> consumer(String group) {
        return new KafkaConsumer<>(
                config(Collections.singletonMap("group.id", group)),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private KafkaConsumer<String, String> committedConsumer() {
        return new KafkaConsumer<>(
                config(Collections.singletonMap("isolation.level", "read_committed")),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private Properties config(Map<String, String> more) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        properties.putAll(more);
        return properties;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalStateException(message);
        }
    }
}
