package io.leat.tests.erasure;

import io.leat.tests.harness.Await;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** An official consumer that reads a topic from its beginning, again and again. */
final class Rereading implements AutoCloseable {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private final AtomicInteger rounds = new AtomicInteger();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final List<TopicPartition> partitions;
    private final Thread thread;
    private volatile boolean closed;

    Rereading(String bootstrap, String topic, int partitionCount) {
        partitions =
                IntStream.range(0, partitionCount)
                        .mapToObj(number -> new TopicPartition(topic, number))
                        .toList();
        thread = Thread.ofPlatform().daemon().name("rereading").start(() -> run(bootstrap));
    }

    private void run(String bootstrap) {
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrap,
                                "max.partition.fetch.bytes",
                                200_000),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.assign(partitions);
            while (!closed) {
                readOnce(consumer);
                rounds.incrementAndGet();
            }
        } catch (RuntimeException e) {
            faults.add(e.toString());
        }
    }

    /** From the beginning to where the end is now. */
    private void readOnce(KafkaConsumer<String, String> consumer) {
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> last = new HashMap<>();
        while (!closed && !partitions.stream().allMatch(p -> consumer.position(p) >= ends.get(p))) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                Long before = last.put(partition, record.offset());
                if (before != null && before >= record.offset()) {
                    faults.add(partition + ": " + record.offset() + " behind " + before);
                }
                boolean victim = record.key().equals(People.VICTIM);
                if (victim != record.value().startsWith(People.SECRET)) {
                    faults.add("wrong record " + record);
                }
            }
        }
    }

    int rounds() {
        return rounds.get();
    }

    /** What it saw that must not be. */
    List<String> faults() {
        return faults;
    }

    void awaitRounds(int count, Duration limit) {
        Await.until(
                () -> "rounds of reading: " + rounds + " " + faults,
                limit,
                () -> rounds.get() >= count || !faults.isEmpty());
    }

    @Override
    public void close() {
        closed = true;
        Await.until("the reader ends", CLOSE_LIMIT, () -> !thread.isAlive());
    }
}
