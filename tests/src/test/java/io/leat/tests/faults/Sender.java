package io.leat.tests.faults;

import io.leat.tests.harness.Await;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** An idempotent producer with {@code acks=all} that sends 0, 1, 2, … to each partition. */
final class Sender implements AutoCloseable {
    private static final int IN_FLIGHT_MAX = 400;
    private static final int FAILURES_KEPT = 20;
    private static final long PAUSE_NANOS = 10_000_000;

    private final int producerNumber;
    private final Witness witness;
    private final Random random;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread thread;
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT_MAX);
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean sending = true;
    private volatile boolean hurrying = true;

    Sender(String bootstrap, int producerNumber, String codec, long seed, Witness witness) {
        this.producerNumber = producerNumber;
        this.witness = witness;
        this.random = new Random(seed);
        this.producer =
                new KafkaProducer<>(
                        config(bootstrap, codec),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        this.thread = new Thread(this::send, "sender-" + producerNumber);
        thread.start();
    }

    /** From now on sends little: about a hundred records a second to each partition. */
    void slowDown() {
        hurrying = false;
    }

    void stop() {
        sending = false;
    }

    /** Waits, after {@link #stop}, until everything that was sent is answered. */
    void awaitAnswers(Duration limit) {
        Await.until(
                () -> "all answers: " + this,
                limit,
                () -> !thread.isAlive() && inFlight.availablePermits() == IN_FLIGHT_MAX);
    }

    List<String> failures() {
        return List.copyOf(failures);
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
        return "sender " + producerNumber + ": " + open + " in flight";
    }

    static Map<String, Object> config(String bootstrap, String codec) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        config.put("enable.idempotence", true);
        config.put("acks", "all");
        config.put("compression.type", codec);
        config.put("batch.size", 4_000);
        config.put("linger.ms", 1);
        config.put("request.timeout.ms", 10_000);
        // On a slow machine crashes follow each other before a batch has had its turn, and a start
        // takes a minute.
        config.put("delivery.timeout.ms", 900_000);
        config.put("max.block.ms", 900_000);
        config.put("reconnect.backoff.ms", 20);
        config.put("reconnect.backoff.max.ms", 100);
        config.put("retry.backoff.ms", 20);
        config.put("retry.backoff.max.ms", 100);
        return config;
    }

    private void send() {
        try {
            int number = 0;
            while (sending) {
                for (int p = 0; p < witness.partitions(); p++) {
                    inFlight.acquire();
                    int partition = p;
                    Witness.Id id = new Witness.Id(producerNumber, number);
                    var _ =
                            producer.send(
                                    NumberedRecord.of(partition, id, random),
                                    (metadata, e) -> answered(partition, id, metadata, e));
                }
                number++;
                if (!hurrying) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException | KafkaException e) {
            // Closed meanwhile.
            if (sending) {
                failures.add(e.toString());
            }
        }
    }

    private void answered(int partition, Witness.Id id, RecordMetadata metadata, Exception e) {
        if (e == null) {
            witness.acknowledged(partition, id, metadata.offset());
        } else {
            witness.gaveUp(partition, id);
            if (failures.size() < FAILURES_KEPT) {
                failures.add(id + " of partition " + partition + ": " + e);
            }
        }
        inFlight.release();
    }
}
