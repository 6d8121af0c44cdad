package io.leat.tests.crash;

import io.leat.tests.harness.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;

/**
 * Sends 0, 1, 2, … to each partition with the idempotent producer, and remembers at which offset
 * each number was acknowledged. With a correct broker offset and number are the same.
 */
final class NumberSender implements AutoCloseable {
    private static final int IN_FLIGHT_MAX = 2_000;
    private static final int FAILURES_KEPT = 20;

    private final String bootstrap;
    private final String topic;
    private final int partitions;
    private final KafkaProducer<Long, Long> producer;
    private final Thread thread;
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT_MAX);
    private final AtomicLong acknowledged = new AtomicLong();
    private final long[] sent;
    private final List<ConcurrentSkipListMap<Long, Long>> offsetsByNumber;
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean sending = true;

    NumberSender(String bootstrap, String topic, int partitions) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.partitions = partitions;
        this.sent = new long[partitions];
        this.offsetsByNumber =
                IntStream.range(0, partitions)
                        .mapToObj(p -> new ConcurrentSkipListMap<Long, Long>())
                        .toList();
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers", bootstrap,
                                "enable.idempotence", true,
                                "acks", "all",
                                "batch.size", 1_000,
                                "linger.ms", 1,
                                "reconnect.backoff.ms", 20,
                                "reconnect.backoff.max.ms", 100,
                                "retry.backoff.ms", 20),
                        new LongSerializer(),
                        new LongSerializer());
        this.thread = new Thread(this::send, "number-sender");
        thread.start();
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /** Stops sending and waits until everything that was sent is answered. */
    void finish(Duration limit) {
        sending = false;
        Await.until("end of sending", limit, () -> !thread.isAlive());
        producer.flush();
        Await.until(
                () -> "all answers: " + this,
                limit,
                () -> inFlight.availablePermits() == IN_FLIGHT_MAX);
    }

    /** Sends that failed, though the producer retries what can be retried. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Reads everything and says what is not as it was acknowledged; at most a few findings. */
    List<String> compareWithLog() {
        List<String> findings = new ArrayList<>();
        List<TopicPartition> all =
                IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList();
        long[] next = new long[partitions];
        try (var consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of("bootstrap.servers", bootstrap),
                        new LongDeserializer(),
                        new LongDeserializer())) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (all.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<Long, Long> record : consumer.poll(Duration.ofMillis(200))) {
                    compare(record, next, findings);
                }
            }
        }
        for (int p = 0; p < partitions; p++) {
            if (next[p] != sent[p]) {
                findings.add("partition " + p + ": sent " + sent[p] + ", found " + next[p]);
            }
        }
        return findings.subList(0, Math.min(findings.size(), FAILURES_KEPT));
    }

    @Override
    public void close() {
        sending = false;
        producer.close(Duration.ZERO);
        Await.until("end of sending", Duration.ofSeconds(10), () -> !thread.isAlive());
    }

    @Override
    public String toString() {
        int open = IN_FLIGHT_MAX - inFlight.availablePermits();
        return acknowledged + " acknowledged, " + open + " in flight, failures " + failures();
    }

    private void compare(ConsumerRecord<Long, Long> record, long[] next, List<String> findings) {
        int p = record.partition();
        Long acknowledgedAt = offsetsByNumber.get(p).get(record.value());
        if (record.value() != next[p]) {
            findings.add("expected " + next[p] + " but found " + record);
            next[p] = record.value();
        }
        if (acknowledgedAt == null || acknowledgedAt != record.offset()) {
            findings.add("acknowledged at " + acknowledgedAt + " but found " + record);
        }
        next[p]++;
    }

    private void send() {
        try {
            for (int p = 0; sending; p = (p + 1) % partitions) {
                inFlight.acquire();
                int partition = p;
                long number = sent[p]++;
                var _ =
                        producer.send(
                                new ProducerRecord<>(topic, partition, number, number),
                                (metadata, e) -> answered(partition, number, metadata, e));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            failures.add("producer was closed");
        }
    }

    private void answered(int partition, long number, RecordMetadata metadata, Exception e) {
        if (e == null) {
            offsetsByNumber.get(partition).put(number, metadata.offset());
            acknowledged.incrementAndGet();
        } else if (failures.size() < FAILURES_KEPT) {
            failures.add(number + " of partition " + partition + ": " + e);
        }
        inFlight.release();
    }
}
