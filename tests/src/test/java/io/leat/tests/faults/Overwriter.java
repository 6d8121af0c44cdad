package io.leat.tests.faults;

import io.leat.client.Erasure;
import io.leat.client.KeyErasure;
import io.leat.tests.harness.Await;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;

/**
 * An idempotent producer that overwrites and deletes the same few keys of a compacted topic again
 * and again, while some of the keys are erased. Whatever is rewritten for that, the latest record
 * of each other key that was acknowledged, or a later one, must be there, at its offset, in order;
 * and once an erasure is over, nothing is left of what it was to erase.
 *
 * <p>Each record has its number, counted by partition, in a header.
 */
final class Overwriter implements AutoCloseable {
    static final String TOPIC = "latest";
    static final int PARTITIONS = 2;
    static final Map<String, String> CONFIG =
            Map.of(
                    "cleanup.policy", "compact",
                    "segment.bytes", Integer.toString(1 << 20),
                    "min.cleanable.dirty.ratio", "0.01");
    private static final int KEYS = 300;
    private static final int KEYS_TO_ERASE = 20;
    private static final int VALUE_BYTES = 1_500;
    private static final long PAUSE_NANOS = 4_000_000;
    private static final int IN_FLIGHT_MAX = 200;
    private static final int FLAWS_KEPT = 10;

    private final Random random;
    private final KafkaProducer<Integer, byte[]> producer;
    private final Thread thread;
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT_MAX);
    private final List<Map<Integer, Acknowledged>> latest =
            IntStream.range(0, PARTITIONS)
                    .<Map<Integer, Acknowledged>>mapToObj(p -> new HashMap<>())
                    .toList();
    private volatile boolean sending = true;
    private volatile String failure = "";
    private final List<Accepted> erasures = new ArrayList<>();
    private final int[] lastAcknowledged = {-1, -1};
    private long acknowledged;

    private record Acknowledged(int number, long offset) {}

    /**
     * An erasure that the broker accepted, and the last acknowledged numbers before, by partition.
     */
    private record Accepted(UUID id, int key, List<Integer> last) {}

    /** What a comparison found: how many records are left of how many, and what is wrong. */
    record Comparison(long acknowledged, long left, List<String> flaws) {}

    /** Makes the topic and begins to send. */
    static Overwriter start(String bootstrap, long seed) {
        Workload.createTopic(bootstrap, TOPIC, PARTITIONS, CONFIG);
        return new Overwriter(bootstrap, seed);
    }

    private Overwriter(String bootstrap, long seed) {
        this.random = new Random(seed);
        this.producer =
                new KafkaProducer<>(
                        Sender.config(bootstrap, "lz4"),
                        new IntegerSerializer(),
                        new ByteArraySerializer());
        this.thread = new Thread(this::send, "overwriter");
        thread.start();
    }

    /** Has one more key erased; that goes on after this, crash or not. */
    void eraseKey(String bootstrap) {
        int key = erasures.size() % KEYS_TO_ERASE;
        List<Integer> last;
        synchronized (this) {
            last = Arrays.stream(lastAcknowledged).boxed().toList();
        }
        try (var admin = io.leat.client.Admin.connect(bootstrap)) {
            byte[] bytes = ByteBuffer.allocate(4).putInt(key).array();
            UUID id = admin.eraseKeys(KeyErasure.of(TOPIC, bytes));
            synchronized (this) {
                erasures.add(new Accepted(id, key, last));
            }
        }
    }

    /** Waits until all erasures are over, and says what is wrong with them. */
    synchronized List<String> awaitErasures(String bootstrap, Duration limit) {
        List<String> flaws = new ArrayList<>();
        try (var admin = io.leat.client.Admin.connect(bootstrap)) {
            for (Accepted erasure : erasures) {
                Erasure over = admin.awaitErasure(erasure.id(), limit);
                if (over.state() != Erasure.State.DONE) {
                    flaws.add(over.toString());
                }
            }
        }
        for (var record : readAll(bootstrap, limit)) {
            for (Accepted erasure : erasures) {
                if (erasure.key() == record.key()
                        && number(record) <= erasure.last().get(record.partition())) {
                    flaws.add("erased, and there: " + place(record));
                }
            }
        }
        return flaws;
    }

    /** Stops sending and waits until everything that was sent is answered. */
    void finish(Duration limit) {
        sending = false;
        Await.until(
                () -> "answers to the overwriter: " + failure,
                limit,
                () -> !thread.isAlive() && inFlight.availablePermits() == IN_FLIGHT_MAX);
    }

    /** Reads the topic and holds it against what was acknowledged until now. */
    synchronized Comparison compareWith(String bootstrap, Duration limit) {
        List<String> flaws = new ArrayList<>();
        if (!failure.isEmpty()) {
            flaws.add(failure);
        }
        List<Map<Integer, Acknowledged>> found =
                IntStream.range(0, PARTITIONS)
                        .<Map<Integer, Acknowledged>>mapToObj(p -> new HashMap<>())
                        .toList();
        int[] last = IntStream.range(0, PARTITIONS).map(p -> -1).toArray();
        long left = 0;
        for (var record : readAll(bootstrap, limit)) {
            int number = number(record);
            if (number <= last[record.partition()]) {
                flaws.add(
                        "number %d comes after %d: %s"
                                .formatted(number, last[record.partition()], place(record)));
            }
            last[record.partition()] = number;
            found.get(record.partition())
                    .put(record.key(), new Acknowledged(number, record.offset()));
            left++;
        }
        for (int p = 0; p < PARTITIONS; p++) {
            compare(p, found.get(p), flaws);
        }
        return new Comparison(
                acknowledged,
                left,
                List.copyOf(flaws.subList(0, Math.min(flaws.size(), FLAWS_KEPT))));
    }

    @Override
    public void close() {
        sending = false;
        producer.close(Duration.ZERO);
        Await.until("end of overwriting", Duration.ofSeconds(10), () -> !thread.isAlive());
    }

    private void compare(int partition, Map<Integer, Acknowledged> found, List<String> flaws) {
        latest.get(partition)
                .forEach((key, told) -> {
                    Acknowledged there = found.get(key);
                    boolean kept =
                            there != null
                                    && (there.number() > told.number()
                                            || (there.number() == told.number()
                                                    && (told.offset() < 0
                                                            || told.offset() == there.offset())));
                    if (!kept && key >= KEYS_TO_ERASE) {
                        flaws.add(
                                "partition %d, key %d: %s was acknowledged, the latest is %s"
                                        .formatted(partition, key, told, there));
                    }
                });
    }

    private static int number(ConsumerRecord<Integer, byte[]> record) {
        return ByteBuffer.wrap(record.headers().lastHeader("n").value()).getInt();
    }

    private static String place(ConsumerRecord<Integer, byte[]> record) {
        return "partition %d, offset %d".formatted(record.partition(), record.offset());
    }

    private static List<ConsumerRecord<Integer, byte[]>> readAll(String bootstrap, Duration limit) {
        List<ConsumerRecord<Integer, byte[]>> records = new ArrayList<>();
        List<TopicPartition> all =
                IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(TOPIC, p)).toList();
        try (var consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of("bootstrap.servers", bootstrap),
                        new IntegerDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            Await.until(
                    () -> "the end of " + ends,
                    limit,
                    () -> {
                        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                        return all.stream().allMatch(p -> consumer.position(p) >= ends.get(p));
                    });
        }
        return records;
    }

    private void send() {
        try {
            for (int number = 0; sending; number++) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    inFlight.acquire();
                    send(partition, number);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException | KafkaException e) {
            // Closed meanwhile.
            if (sending) {
                failure = e.toString();
            }
        }
    }

    private void send(int partition, int number) {
        int key = random.nextInt(KEYS);
        byte[] value = null;
        if (random.nextInt(10) > 0) {
            value = new byte[VALUE_BYTES];
            random.nextBytes(value);
        }
        var record = new ProducerRecord<>(TOPIC, partition, key, value);
        record.headers().add("n", ByteBuffer.allocate(4).putInt(number).array());
        var _ =
                producer.send(
                        record, (metadata, e) -> answered(partition, key, number, metadata, e));
    }

    private void answered(
            int partition, int key, int number, RecordMetadata metadata, Exception e) {
        if (e == null) {
            synchronized (this) {
                acknowledged++;
                lastAcknowledged[partition] = number;
                latest.get(partition).put(key, new Acknowledged(number, metadata.offset()));
            }
        } else if (sending) {
            failure = "number " + number + " of partition " + partition + ": " + e;
        }
        inFlight.release();
    }
}
