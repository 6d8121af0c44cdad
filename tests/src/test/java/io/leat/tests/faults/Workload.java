package io.leat.tests.faults;

import io.leat.tests.harness.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Clients at work on one topic, through all that happens to the broker: idempotent producers with
 * different codecs, a group that subscribes, and one that reads all partitions; both groups commit
 * as they read. What they are told and shown goes to a {@link Witness}.
 */
final class Workload implements AutoCloseable {
    static final String TOPIC = "numbers";
    private static final List<String> CODECS = List.of("none", "lz4", "zstd", "snappy");

    private final Witness witness;
    private final List<Sender> senders = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private Supplier<String> broker = () -> "";

    private Workload(int partitions) {
        this.witness = new Witness(partitions, CODECS.size());
    }

    /**
     * Makes the topic and lets the clients begin.
     *
     * @param seed decides the sizes of the records
     */
    static Workload start(String bootstrap, int partitions, Map<String, String> topic, long seed) {
        createTopic(bootstrap, TOPIC, partitions, topic);
        Workload workload = new Workload(partitions);
        for (int i = 0; i < CODECS.size(); i++) {
            workload.senders.add(
                    new Sender(bootstrap, i, CODECS.get(i), seed + i, workload.witness));
        }
        workload.readers.add(Reader.ofGroup(bootstrap, "subscribing", workload.witness));
        workload.readers.add(Reader.ofAllPartitions(bootstrap, "reading", workload.witness));
        return workload;
    }

    /** What to say of the broker when something fails. */
    Workload describing(Supplier<String> said) {
        broker = said;
        return this;
    }

    Witness witness() {
        return witness;
    }

    /** From now on sends little, for small disks. */
    Workload slowDown() {
        senders.forEach(Sender::slowDown);
        return this;
    }

    /** Waits until so many more records are acknowledged. */
    void awaitAcknowledged(long more, Duration limit) {
        long goal = witness.acknowledged() + more;
        Await.until(
                () -> more + " more acknowledgements: " + this,
                limit,
                () -> witness.acknowledged() >= goal);
    }

    /** Waits until the readers have seen a record that was appended after this was called. */
    void awaitSeenSinceNow(String bootstrap, Duration limit) {
        long[] ends = ends(bootstrap);
        Await.until(
                () -> "readers behind " + Arrays.toString(ends) + ": " + this,
                limit,
                () -> {
                    long[] seen = witness.seenEnds();
                    return IntStream.range(0, ends.length).anyMatch(p -> seen[p] > ends[p]);
                });
    }

    private long[] ends(String bootstrap) {
        List<TopicPartition> all = allPartitions();
        try (var consumer = consumer(bootstrap)) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            return all.stream().mapToLong(ends::get).toArray();
        }
    }

    private List<TopicPartition> allPartitions() {
        return IntStream.range(0, witness.partitions())
                .mapToObj(p -> new TopicPartition(TOPIC, p))
                .toList();
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrap) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", bootstrap, "fetch.max.wait.ms", 50);
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Waits until so many more commits of group offsets are acknowledged. */
    void awaitCommits(long more, Duration limit) {
        long goal = witness.commits() + more;
        Await.until(() -> more + " more commits: " + this, limit, () -> witness.commits() >= goal);
    }

    /** Stops sending, waits until everything is answered and read, and stops reading. */
    void finish(Duration limit) {
        senders.forEach(Sender::stop);
        senders.forEach(sender -> sender.awaitAnswers(limit));
        readers.forEach(reader -> reader.awaitEnd(limit));
        readers.forEach(Reader::close);
    }

    /** Sends that failed, though the producer retries what can be retried. */
    List<String> failures() {
        return senders.stream().flatMap(sender -> sender.failures().stream()).toList();
    }

    /** Reads all of the topic, while others may write, and requires what was seen until now. */
    void requireReads(String bootstrap, Duration limit) {
        long[] ends = witness.seenEnds();
        Map<Integer, List<Witness.Found>> log = readAll(bootstrap, limit);
        for (int p = 0; p < ends.length; p++) {
            int count = log.getOrDefault(p, List.of()).size();
            if (count < ends[p]) {
                throw new AssertionError(
                        "partition %d: %d records can be read, %d were seen: %s"
                                .formatted(p, count, ends[p], this));
            }
        }
    }

    /** Holds what clients know against what a broker that nobody else uses has. */
    Verdict compareWith(String bootstrap, Duration limit) {
        Map<Integer, List<Witness.Found>> log = readAll(bootstrap, limit);
        return witness.compare(log, committed(bootstrap));
    }

    @Override
    public void close() {
        senders.forEach(Sender::close);
        readers.forEach(Reader::close);
    }

    @Override
    public String toString() {
        return "%s, %d acknowledged, %d commits, failures: %s%n  %s"
                .formatted(
                        senders,
                        witness.acknowledged(),
                        witness.commits(),
                        failures(),
                        broker.get());
    }

    private Map<Integer, List<Witness.Found>> readAll(String bootstrap, Duration limit) {
        Map<Integer, List<Witness.Found>> log = new HashMap<>();
        List<TopicPartition> all = allPartitions();
        try (var consumer = consumer(bootstrap)) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            Await.until(
                    () -> "the end of " + ends,
                    limit,
                    () -> {
                        for (var record : consumer.poll(Duration.ofMillis(100))) {
                            log.computeIfAbsent(record.partition(), p -> new ArrayList<>())
                                    .add(NumberedRecord.found(record));
                        }
                        return all.stream().allMatch(p -> consumer.position(p) >= ends.get(p));
                    });
        }
        return log;
    }

    private Map<String, Map<Integer, Long>> committed(String bootstrap) {
        Map<String, Map<Integer, Long>> offsets = new HashMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            for (Reader reader : readers) {
                Map<Integer, Long> ofGroup = new HashMap<>();
                admin.listConsumerGroupOffsets(reader.group())
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .forEach(
                                (place, offset) -> ofGroup.put(place.partition(), offset.offset()));
                offsets.put(reader.group(), ofGroup);
            }
            return offsets;
        } catch (ExecutionException e) {
            throw new AssertionError("group offsets", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static void createTopic(
            String bootstrap, String name, int partitions, Map<String, String> config) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            var topic = new NewTopic(name, partitions, (short) 1).configs(config);
            admin.createTopics(Set.of(topic)).all().get();
        } catch (ExecutionException e) {
            throw new AssertionError("topic " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
