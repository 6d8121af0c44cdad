package io.leat.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Folders;
import io.leat.tests.harness.LeatBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code kill -9} at the very instant of EndTxn, with six partitions and a group's offset in each
 * transaction: afterwards every transaction is in all of them or in none, those that were
 * acknowledged are in all, and nothing is left open.
 *
 * <p>{@code -Dleat.tests.kills=200} kills more often than the build does.
 */
@Timeout(3_600)
class TransactionKillTest {
    private static final int KILLS = Integer.getInteger("leat.tests.kills", 5);
    private static final long SEED = Long.getLong("leat.tests.seed", System.nanoTime());
    private static final int PARTITIONS = 6;
    private static final String TOPIC = "torn";
    private static final String GROUP = "torn-group";
    private static final TopicPartition SOURCE = new TopicPartition(TOPIC, 0);
    private static final long END_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(4);

    private final Random random = new Random(SEED);
    private final Set<Integer> acknowledged = new TreeSet<>();
    private final SynchronousQueue<Boolean> ending = new SynchronousQueue<>();
    private int next;
    private String bootstrap = "";

    @Test
    void noTransactionIsTorn() throws Exception {
        Path folder = Folders.createTemporary("transaction-kill-");
        try (LeatBroker broker = new LeatBroker(folder, Map.of())) {
            broker.start();
            bootstrap = broker.bootstrap();
            Map<String, Object> config = Map.of("bootstrap.servers", bootstrap);
            try (Admin admin = Admin.create(config)) {
                admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
                for (int kill = 0; kill < KILLS; kill++) {
                    killAtEnd(broker);
                }
                check(admin);
            }
        } finally {
            Folders.delete(folder);
        }
    }

    /** A few transactions; the broker is killed while the last of them ends. */
    private void killAtEnd(LeatBroker broker) throws Exception {
        long delayNanos = random.nextLong(END_NANOS_MAX);
        int before = 1 + random.nextInt(5);
        Thread killer =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                ending.take();
                                LockSupport.parkNanos(delayNanos);
                                broker.kill();
                                broker.start();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        try (KafkaProducer<Integer, Integer> producer = producer()) {
            producer.initTransactions();
            for (int i = 0; i < before; i++) {
                transaction(producer, false);
            }
            transaction(producer, true);
        } catch (KafkaException e) {
            // Nobody knows how that one ended; but everybody must agree.
            System.out.println("the end of a transaction failed: " + e);
        }
        killer.join();
    }

    private void transaction(KafkaProducer<Integer, Integer> producer, boolean kill)
            throws InterruptedException {
        int number = next++;
        producer.beginTransaction();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            var _ = producer.send(new ProducerRecord<>(TOPIC, partition, 0, number));
        }
        try (KafkaConsumer<Integer, Integer> member = consumer(Map.of("group.id", GROUP))) {
            producer.sendOffsetsToTransaction(
                    Map.of(SOURCE, new OffsetAndMetadata(number)), member.groupMetadata());
        }
        producer.flush();
        if (kill) {
            ending.put(true);
        }
        producer.commitTransaction();
        acknowledged.add(number);
    }

    private KafkaProducer<Integer, Integer> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "transactional.id",
                        "torn",
                        "transaction.timeout.ms",
                        "10000"),
                new IntegerSerializer(),
                new IntegerSerializer());
    }

    private KafkaConsumer<Integer, Integer> consumer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", bootstrap);
        return new KafkaConsumer<>(config, new IntegerDeserializer(), new IntegerDeserializer());
    }

    private void check(Admin admin) throws Exception {
        try (KafkaProducer<Integer, Integer> producer = producer()) {
            producer.initTransactions();
            transaction(producer, false);
        }
        List<TopicPartition> partitions =
                IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(TOPIC, p)).toList();
        Map<Integer, List<Integer>> seen = read(partitions);
        List<Integer> all = IntStream.range(0, PARTITIONS).boxed().toList();
        seen.forEach((number, where) -> {
            where.sort(null);
            assertEquals(all, where, "transaction " + number + " is torn, seed " + SEED);
        });
        assertTrue(
                seen.keySet().containsAll(acknowledged),
                () ->
                        "acknowledged "
                                + acknowledged
                                + ", seen "
                                + seen.keySet()
                                + ", seed "
                                + SEED);
        long committed =
                admin.listConsumerGroupOffsets(GROUP)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(SOURCE)
                        .offset();
        assertEquals(next - 1, committed, "the offset of the last transaction");
        System.out.printf(
                "kill -9 at EndTxn %d times: %d transactions of %d partitions acknowledged,"
                        + " %d seen, none torn%n",
                KILLS, acknowledged.size(), PARTITIONS, seen.size());
    }

    /** In which partitions a {@code read_committed} consumer sees each number. */
    private Map<Integer, List<Integer>> read(List<TopicPartition> partitions) {
        Map<Integer, List<Integer>> seen = new TreeMap<>();
        try (KafkaConsumer<Integer, Integer> all = consumer(Map.of());
                KafkaConsumer<Integer, Integer> consumer =
                        consumer(Map.of("isolation.level", "read_committed"))) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> stable = consumer.endOffsets(partitions);
            assertEquals(all.endOffsets(partitions), stable, "a transaction is open for ever");
            while (stable.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<Integer, Integer> record :
                        consumer.poll(Duration.ofMillis(100))) {
                    seen.computeIfAbsent(record.value(), n -> new ArrayList<>())
                            .add(record.partition());
                }
            }
        }
        return seen;
    }
}
