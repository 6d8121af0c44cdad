package io.leat.tests.compaction;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What the records of a compacted topic of one partition come to, and who reads it right. */
final class LatestValues {
    private static final int KEYS = 500;
    private static final int VALUE_BYTES = 900;

    private final String bootstrap;
    private final String topic;
    private final Random random;
    private final Map<String, String> latest = new TreeMap<>();
    private int values;

    LatestValues(String bootstrap, String topic, long seed) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.random = new Random(seed);
    }

    /** The values that count now. */
    Map<String, String> expected() {
        return latest;
    }

    /** How many records were written. */
    int written() {
        return values;
    }

    /** Writes values and tombstones of random keys, by a producer with this codec. */
    void write(int records, String codec) throws ExecutionException, InterruptedException {
        try (var producer = producer(Map.of("compression.type", codec))) {
            Future<RecordMetadata> last = null;
            for (int i = 0; i < records; i++) {
                ProducerRecord<String, String> record = record();
                apply(record);
                last = producer.send(record);
            }
            if (last != null) {
                last.get();
            }
        }
    }

    /** Writes transactions, every second of which is aborted and does not count. */
    void writeTransactions(int transactions, int records) {
        try (var producer = producer(Map.of("transactional.id", "writer-of-" + topic))) {
            producer.initTransactions();
            for (int i = 0; i < transactions; i++) {
                producer.beginTransaction();
                for (int j = 0; j < records; j++) {
                    ProducerRecord<String, String> record = record();
                    var _ = producer.send(record);
                    if (i % 2 == 0) {
                        apply(record);
                    }
                }
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.flush();
                    producer.abortTransaction();
                }
            }
        }
    }

    private KafkaProducer<String, String> producer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", bootstrap);
        config.put("delivery.timeout.ms", 120_000);
        config.put("reconnect.backoff.max.ms", 100);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private ProducerRecord<String, String> record() {
        String key = "key-" + random.nextInt(KEYS);
        String value =
                random.nextInt(10) == 0
                        ? null
                        : values + "-" + Character.toString('a' + values % 26).repeat(VALUE_BYTES);
        values++;
        return new ProducerRecord<>(topic, 0, key, value);
    }

    private void apply(ProducerRecord<String, String> record) {
        if (record.value() == null) {
            latest.remove(record.key());
        } else {
            latest.put(record.key(), record.value());
        }
    }

    /** What a consumer found: the values that count, and how many records it was given. */
    record Read(Map<String, String> values, int records) {}

    /** Reads the topic from an offset on, as kafka-clients do. */
    Read read(String isolation, long from, Duration limit) {
        Map<String, String> values = new TreeMap<>();
        int records = 0;
        TopicPartition partition = new TopicPartition(topic, 0);
        Map<String, Object> config =
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "isolation.level", isolation,
                        "max.partition.fetch.bytes", 200_000);
        try (var consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, from);
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            long deadline = System.nanoTime() + limit.toNanos();
            while (consumer.position(partition) < end) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError(
                            "read up to %d of %d".formatted(consumer.position(partition), end));
                }
                for (ConsumerRecord<String, String> record :
                        consumer.poll(Duration.ofMillis(100))) {
                    records++;
                    put(values, record.key(), record.value());
                }
            }
        }
        return new Read(values, records);
    }

    static void put(Map<String, String> values, String key, String value) {
        if (value == null) {
            values.remove(key);
        } else {
            values.put(key, value);
        }
    }
}
