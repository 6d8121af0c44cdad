package io.leat.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.LeatBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two producers, one in transactions, send records at once and delayed by up to three seconds while
 * the broker is killed with {@code kill -9}: what was acknowledged or committed appears exactly
 * once and never before it is due, and what was aborted never.
 *
 * <p>{@code -Dleat.tests.kills=100} kills more often than the build does.
 */
@Timeout(3_600)
class DelayKillTest {
    private static final int KILLS = Integer.getInteger("leat.tests.kills", 4);
    private static final long SEED = Long.getLong("leat.tests.seed", System.nanoTime());
    private static final int PARTITIONS = 3;
    private static final int DELAY_MILLIS_MAX = 3_000;
    private static final String TOPIC = "delayed";
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Random random = new Random(SEED);
    private final AtomicInteger next = new AtomicInteger();
    private final Map<Integer, Long> due = new ConcurrentHashMap<>();
    private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<Integer> aborted = ConcurrentHashMap.newKeySet();
    private final Set<Integer> seen = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Throwable> flaw = new AtomicReference<>();
    private volatile boolean stopping;
    private volatile boolean seenAll;

    @Test
    void onceAndNotBefore() throws Exception {
        try (LeatBroker broker = new LeatBroker(Map.of())) {
            broker.start();
            Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrap());
            try (Admin admin = Admin.create(config)) {
                admin.createTopics(
                                List.of(
                                        new NewTopic(TOPIC, PARTITIONS, (short) 1)
                                                .configs(Map.of("leat.delayed.delivery", "true"))))
                        .all()
                        .get();
            }
            Thread watcher = Thread.ofPlatform().start(() -> watch(broker.bootstrap()));
            List<Thread> senders =
                    List.of(
                            Thread.ofPlatform().start(() -> send(broker.bootstrap())),
                            Thread.ofPlatform().start(() -> transact(broker.bootstrap())));
            for (int kill = 0; kill < KILLS; kill++) {
                pause(300 + random.nextInt(2_000));
                broker.kill();
                pause(random.nextInt(500));
                broker.start();
            }
            stopping = true;
            for (Thread sender : senders) {
                sender.join();
            }
            awaitAll();
            watcher.join();
            check();
        }
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Without transactions; an answer that does not come is asked for until it comes. */
    private void send(String bootstrap) {
        Random own = new Random(SEED + 1);
        try (KafkaProducer<Integer, Integer> producer = producer(bootstrap, Map.of())) {
            while (!stopping) {
                int value = next.getAndIncrement();
                var _ =
                        producer.send(
                                record(value, own),
                                (metadata, e) -> {
                                    if (e == null) {
                                        acknowledged.add(value);
                                    }
                                });
                pause(1);
            }
        }
    }

    private void transact(String bootstrap) {
        Random own = new Random(SEED + 2);
        while (!stopping) {
            try (KafkaProducer<Integer, Integer> producer =
                    producer(
                            bootstrap,
                            Map.of(
                                    "transactional.id",
                                    "delays",
                                    "transaction.timeout.ms",
                                    "20000"))) {
                producer.initTransactions();
                while (!stopping) {
                    transact(producer, own);
                }
            } catch (KafkaException e) {
                pause(50);
            }
        }
    }

    private void transact(KafkaProducer<Integer, Integer> producer, Random own) {
        List<Integer> values = new ArrayList<>();
        boolean mayBeCommitted = false;
        try {
            producer.beginTransaction();
            for (int count = 1 + own.nextInt(5); count > 0; count--) {
                int value = next.getAndIncrement();
                values.add(value);
                var _ = producer.send(record(value, own));
            }
            if (own.nextInt(5) == 0) {
                producer.flush();
                producer.abortTransaction();
            } else {
                mayBeCommitted = true;
                producer.commitTransaction();
                acknowledged.addAll(values);
            }
        } finally {
            if (!mayBeCommitted) {
                aborted.addAll(values);
            }
        }
    }

    private ProducerRecord<Integer, Integer> record(int value, Random own) {
        ProducerRecord<Integer, Integer> record =
                new ProducerRecord<>(TOPIC, own.nextInt(PARTITIONS), value, value);
        if (own.nextInt(4) != 0) {
            long at = System.currentTimeMillis() + own.nextInt(DELAY_MILLIS_MAX);
            due.put(value, at);
            record.headers()
                    .add("leat-deliver-at", Long.toString(at).getBytes(StandardCharsets.UTF_8));
        }
        return record;
    }

    private static KafkaProducer<Integer, Integer> producer(
            String bootstrap, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", bootstrap);
        config.put("linger.ms", "5");
        return new KafkaProducer<>(config, new IntegerSerializer(), new IntegerSerializer());
    }

    /** Reads all the while, so that what comes too early is caught. */
    private void watch(String bootstrap) {
        List<TopicPartition> partitions =
                IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(TOPIC, p)).toList();
        try (KafkaConsumer<Integer, Integer> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                        new IntegerDeserializer(),
                        new IntegerDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!seenAll) {
                read(consumer);
            }
        } catch (Throwable e) {
            flaw.set(e);
        }
    }

    private void read(KafkaConsumer<Integer, Integer> consumer) {
        for (ConsumerRecord<Integer, Integer> record : consumer.poll(Duration.ofMillis(50))) {
            long now = System.currentTimeMillis();
            assertTrue(seen.add(record.value()), () -> record + " comes twice, seed " + SEED);
            assertTrue(
                    due.getOrDefault(record.value(), 0L) <= now,
                    () -> record + " comes too early, seed " + SEED);
        }
    }

    private void awaitAll() {
        Await.until(
                () -> {
                    Set<Integer> missing = new TreeSet<>(acknowledged);
                    missing.removeAll(seen);
                    return missing.size() + " missing: " + missing + ", seed " + SEED;
                },
                LIMIT,
                () -> flaw.get() != null || seen.containsAll(acknowledged));
        // Whatever may still come, and must not: twice, or aborted.
        long last = due.values().stream().mapToLong(Long::longValue).max().orElse(0);
        pause(last + 500 - System.currentTimeMillis());
        seenAll = true;
    }

    private void check() {
        if (flaw.get() != null) {
            throw new AssertionError(flaw.get());
        }
        Set<Integer> wrong = new TreeSet<>(seen);
        wrong.retainAll(aborted);
        assertEquals(Set.of(), wrong, "aborted and seen, seed " + SEED);
        assertTrue(acknowledged.size() > 20 * KILLS, "the senders did too little");
        System.out.printf(
                "kill -9 %d times: %,d records acknowledged, %,d of them delayed, each seen once"
                        + " and not before; %,d aborted, none seen%n",
                KILLS,
                acknowledged.size(),
                acknowledged.stream().filter(due::containsKey).count(),
                aborted.size());
    }
}
