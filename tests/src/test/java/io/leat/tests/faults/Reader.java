package io.leat.tests.faults;

import io.leat.tests.harness.Await;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A consumer that reads on and on, tells the witness what it saw, and commits how far it is. */
final class Reader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final String bootstrap;
    private final String group;
    private final Witness witness;
    private final Consumer<KafkaConsumer<byte[], byte[]>> choice;
    private final Thread thread;
    private volatile KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean reading = true;
    private volatile boolean atEnd;
    private volatile boolean wantsEnd;

    private Reader(
            String bootstrap,
            String group,
            Witness witness,
            Consumer<KafkaConsumer<byte[], byte[]>> choice) {
        this.bootstrap = bootstrap;
        this.group = group;
        this.witness = witness;
        this.choice = choice;
        this.thread = new Thread(this::read, "reader-" + group);
        thread.start();
    }

    /** A member of a group. */
    static Reader ofGroup(String bootstrap, String group, Witness witness) {
        return new Reader(
                bootstrap, group, witness, consumer -> consumer.subscribe(List.of(Workload.TOPIC)));
    }

    /** A consumer of all partitions, which commits for a group without being its member. */
    static Reader ofAllPartitions(String bootstrap, String group, Witness witness) {
        List<TopicPartition> all =
                IntStream.range(0, witness.partitions())
                        .mapToObj(p -> new TopicPartition(Workload.TOPIC, p))
                        .toList();
        return new Reader(bootstrap, group, witness, consumer -> consumer.assign(all));
    }

    String group() {
        return group;
    }

    /** Waits until it has read and committed everything, which must not grow meanwhile. */
    void awaitEnd(Duration limit) {
        wantsEnd = true;
        Await.until("group " + group + " at the end", limit, () -> atEnd || !thread.isAlive());
    }

    @Override
    public void close() {
        reading = false;
        if (consumer != null) {
            consumer.wakeup();
        }
        Await.until("end of reading", Duration.ofSeconds(20), () -> !thread.isAlive());
    }

    private void read() {
        try (var opened =
                new KafkaConsumer<>(
                        config(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer = opened;
            choice.accept(opened);
            while (reading) {
                step(opened);
            }
        }
    }

    private void step(KafkaConsumer<byte[], byte[]> reader) {
        try {
            for (var record : reader.poll(POLL)) {
                witness.saw(NumberedRecord.found(record));
            }
            commit(reader);
            if (wantsEnd) {
                atEnd = isAtEnd(reader);
            }
        } catch (WakeupException e) {
            // Closed.
        } catch (KafkaException e) {
            // The broker is down, or forgot the member: the next poll goes on.
        }
    }

    private void commit(KafkaConsumer<byte[], byte[]> reader) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition place : reader.assignment()) {
            offsets.put(place, new OffsetAndMetadata(reader.position(place)));
        }
        reader.commitSync(offsets);
        offsets.forEach(
                (place, offset) -> witness.committed(group, place.partition(), offset.offset()));
    }

    private boolean isAtEnd(KafkaConsumer<byte[], byte[]> reader) {
        Collection<TopicPartition> places = reader.assignment();
        return places.size() == witness.partitions()
                && reader.endOffsets(places).entrySet().stream()
                        .allMatch(end -> reader.position(end.getKey()) == end.getValue());
    }

    private Map<String, Object> config() {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        config.put("group.id", group);
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", false);
        config.put("session.timeout.ms", 10_000);
        config.put("heartbeat.interval.ms", 500);
        config.put("default.api.timeout.ms", 3_000);
        config.put("request.timeout.ms", 2_000);
        config.put("reconnect.backoff.ms", 20);
        config.put("reconnect.backoff.max.ms", 100);
        config.put("retry.backoff.ms", 20);
        config.put("fetch.max.wait.ms", 50);
        return config;
    }
}
