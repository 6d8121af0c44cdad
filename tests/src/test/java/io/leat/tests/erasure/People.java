package io.leat.tests.erasure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Writes records of many people, every tenth of one who will have to go, and reads them again. */
final class People implements AutoCloseable {
    static final String VICTIM = "victim-7f3a91c2-anna";
    static final String SECRET = "secret-of-anna-";

    private static final int IN_FLIGHT_MAX = 200;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String bootstrap;
    private final String topic;
    private final int partitions;
    private final KafkaProducer<String, String> producer;
    private final Semaphore room = new Semaphore(IN_FLIGHT_MAX);
    // Guarded by this.
    private final Set<String> others = new HashSet<>();
    private final Map<Integer, String> victims = new TreeMap<>();
    private final AtomicInteger sent = new AtomicInteger();
    private volatile @Nullable Thread writer;
    private volatile boolean writing;

    /** What a consumer reads: the values. */
    record Content(Set<String> others, Set<String> victims) {}

    People(String bootstrap, String topic, int partitions) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.partitions = partitions;
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        config.put("linger.ms", "1");
        config.put("batch.size", "16000");
        producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    static byte[] victim() {
        return VICTIM.getBytes(StandardCharsets.UTF_8);
    }

    /** How many records were sent so far: the number of the next one. */
    int sent() {
        return sent.get();
    }

    /** Writes records and waits until all are acknowledged. */
    void write(int records) throws InterruptedException {
        for (int i = 0; i < records; i++) {
            writeOne();
        }
        drain();
    }

    private void drain() throws InterruptedException {
        producer.flush();
        room.acquire(IN_FLIGHT_MAX);
        room.release(IN_FLIGHT_MAX);
    }

    private void writeOne() throws InterruptedException {
        room.acquire();
        int number = sent.getAndIncrement();
        boolean victim = isVictim(number);
        String key = victim ? VICTIM : "person-" + number % 100;
        String value = (victim ? SECRET : "value-") + number + "-" + "x".repeat(2_000);
        // To any partition, as custom partitioners may.
        var record = new ProducerRecord<>(topic, number / 10 % partitions, key, value);
        Future<RecordMetadata> _ =
                producer.send(
                        record,
                        (metadata, failure) -> {
                            if (failure == null) {
                                acknowledged(number, value);
                            }
                            room.release();
                        });
    }

    private static boolean isVictim(int number) {
        return number % 10 == 3;
    }

    private synchronized void acknowledged(int number, String value) {
        if (isVictim(number)) {
            victims.put(number, value);
        } else {
            others.add(value);
        }
    }

    /** Writes on a thread of its own. */
    void startWriting() {
        writing = true;
        writer =
                Thread.ofPlatform()
                        .daemon()
                        .name("people")
                        .start(() -> {
                            try {
                                while (writing) {
                                    writeOne();
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    void stopWriting() throws InterruptedException {
        writing = false;
        Thread wrote = writer;
        if (wrote != null) {
            wrote.join();
        }
        drain();
    }

    synchronized long acknowledgedOfVictim() {
        return victims.size();
    }

    synchronized Set<String> acknowledgedOfOthers() {
        return Set.copyOf(others);
    }

    /** The victim's acknowledged values with at least this number. */
    synchronized List<String> victimsSince(int number) {
        return victims.entrySet().stream()
                .filter(each -> each.getKey() >= number)
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Reads the topic from its beginning to its end. */
    Content read() {
        Content content = new Content(new HashSet<>(), new HashSet<>());
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrap),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            List<TopicPartition> all =
                    IntStream.range(0, partitions)
                            .mapToObj(n -> new TopicPartition(topic, n))
                            .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            long limit = System.nanoTime() + LIMIT.toNanos();
            while (!all.stream().allMatch(each -> consumer.position(each) >= ends.get(each))) {
                if (System.nanoTime() > limit) {
                    throw new AssertionError("the end does not come");
                }
                for (ConsumerRecord<String, String> record :
                        consumer.poll(Duration.ofMillis(100))) {
                    boolean victim = record.key().equals(VICTIM);
                    (victim ? content.victims() : content.others()).add(record.value());
                }
            }
        }
        return content;
    }

    @Override
    public void close() {
        writing = false;
        producer.close(Duration.ofSeconds(5));
    }
}
