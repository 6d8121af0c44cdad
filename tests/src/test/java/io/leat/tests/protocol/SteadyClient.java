package io.leat.tests.protocol;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A client that means well and notices nothing of those that do not: no error, no new connection.
 */
final class SteadyClient implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final KafkaProducer<byte[], byte[]> producer;

    SteadyClient(String bootstrap) {
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrap,
                                "acks",
                                "all",
                                "retries",
                                0,
                                "enable.idempotence",
                                false),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /** Produces one record and waits for its acknowledgement. */
    void work() {
        try {
            producer.send(new ProducerRecord<>("steady", new byte[100]))
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("a proper client was disturbed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Connections made since the start. */
    double connectionsMade() {
        return producer.metrics().values().stream()
                .filter(m -> m.metricName().name().equals("connection-creation-total"))
                .filter(m -> m.metricName().group().equals("producer-metrics"))
                .mapToDouble(m -> (double) m.metricValue())
                .sum();
    }

    @Override
    public void close() {
        producer.close(LIMIT);
    }
}
