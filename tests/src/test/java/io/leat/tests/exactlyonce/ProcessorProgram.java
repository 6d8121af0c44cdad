package io.leat.tests.exactlyonce;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;

/**
 * Copies records from one topic to another, exactly once: what it read and what it wrote are in one
 * transaction. Begins anew after every error, and runs until it is killed.
 *
 * <p>Arguments: bootstrap address, name of this instance, topic to read, topic to write, group.
 */
public final class ProcessorProgram {
    private static final Duration POLL = Duration.ofMillis(100);

    private final String bootstrap;
    private final String name;
    private final String from;
    private final String to;
    private final String group;

    private ProcessorProgram(String bootstrap, String name, String from, String to, String group) {
        this.bootstrap = bootstrap;
        this.name = name;
        this.from = from;
        this.to = to;
        this.group = group;
    }

    public static void main(String[] arguments) {
        ProcessorProgram program =
                new ProcessorProgram(
                        arguments[0], arguments[1], arguments[2], arguments[3], arguments[4]);
        while (true) {
            try {
                program.process();
            } catch (KafkaException e) {
                System.out.println("begins anew after " + e);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    /** Until an error: whatever it was, a new producer fences this one off, and aborts. */
    private void process() {
        try (KafkaProducer<Integer, Integer> producer = producer();
                KafkaConsumer<Integer, Integer> consumer = consumer()) {
            producer.initTransactions();
            consumer.subscribe(List.of(from));
            System.out.println("processing");
            while (true) {
                ConsumerRecords<Integer, Integer> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    producer.beginTransaction();
                    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
                    for (ConsumerRecord<Integer, Integer> record : records) {
                        var _ =
                                producer.send(
                                        new ProducerRecord<>(to, record.key(), record.value()));
                        offsets.put(
                                new TopicPartition(record.topic(), record.partition()),
                                new OffsetAndMetadata(record.offset() + 1));
                    }
                    producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
                    producer.commitTransaction();
                }
            }
        }
    }

    private KafkaProducer<Integer, Integer> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "transactional.id",
                        name,
                        "transaction.timeout.ms",
                        "10000",
                        "max.block.ms",
                        "20000"),
                new IntegerSerializer(),
                new IntegerSerializer());
    }

    private KafkaConsumer<Integer, Integer> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "group.id", group,
                        "isolation.level", "read_committed",
                        "enable.auto.commit", "false",
                        "auto.offset.reset", "earliest",
                        "max.poll.records", "100",
                        "session.timeout.ms", "2000",
                        "heartbeat.interval.ms", "500"),
                new IntegerDeserializer(),
                new IntegerDeserializer());
    }
}
