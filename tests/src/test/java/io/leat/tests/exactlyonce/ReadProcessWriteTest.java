package io.leat.tests.exactlyonce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.JavaCommand;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three processes read, process and write over six partitions in transactions, while the broker and
 * they are killed with {@code kill -9} at random: every input is counted exactly once in a {@code
 * read_committed} view, and no transaction is left open.
 *
 * <p>{@code -Dleat.tests.rounds=50} kills more often than the build does.
 */
@Timeout(3_600)
class ReadProcessWriteTest {
    private static final int ROUNDS = Integer.getInteger("leat.tests.rounds", 4);
    private static final long SEED = Long.getLong("leat.tests.seed", System.nanoTime());
    private static final int PARTITIONS = 6;
    private static final int PROCESSORS = 3;
    private static final int PER_SECOND = 400;
    private static final String FROM = "inputs";
    private static final String TO = "outputs";
    private static final String GROUP = "processors";
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Random random = new Random(SEED);
    private final List<ChildProcess> processors = new ArrayList<>();

    @Test
    void everyInputIsCountedExactlyOnce() throws Exception {
        try (TestBroker broker =
                TestBrokers.start(Map.of("group.min.session.timeout.ms", "1000"))) {
            Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrap());
            try (Admin admin = Admin.create(config)) {
                admin.createTopics(
                                List.of(
                                        new NewTopic(FROM, PARTITIONS, (short) 1),
                                        new NewTopic(TO, PARTITIONS, (short) 1)))
                        .all()
                        .get();
                for (int i = 0; i < PROCESSORS; i++) {
                    processors.add(processor(broker, i));
                }
                Feeder feeder = new Feeder(broker.bootstrap());
                int brokerKills = 0;
                int processorKills = 0;
                for (int round = 0; round < ROUNDS; round++) {
                    pause(200 + random.nextInt(1_500));
                    int what = random.nextInt(3);
                    if (what != 1) {
                        broker.kill();
                        brokerKills++;
                    }
                    if (what != 0) {
                        int victim = random.nextInt(PROCESSORS);
                        processors.get(victim).kill();
                        processors.set(victim, processor(broker, victim));
                        processorKills++;
                    }
                    if (what != 1) {
                        broker.start();
                    }
                }
                int inputs = feeder.stop();
                check(broker.bootstrap(), inputs);
                System.out.printf(
                        "read-process-write, %d rounds: broker killed %d times, clients %d times;"
                                + " %,d inputs over %d partitions, each counted exactly once%n",
                        ROUNDS, brokerKills, processorKills, inputs, PARTITIONS);
            }
        } finally {
            processors.forEach(ChildProcess::close);
        }
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private ChildProcess processor(TestBroker broker, int number) {
        String name = "processor-" + number;
        return ChildProcess.start(
                name,
                Folders.target(),
                JavaCommand.of(
                        JavaCommand.classPathOf(
                                ProcessorProgram.class,
                                KafkaConsumer.class,
                                org.slf4j.Logger.class),
                        ProcessorProgram.class,
                        List.of(broker.bootstrap(), name, FROM, TO, GROUP)));
    }

    /** Reads the outputs until each input was seen and the end is stable; none may come twice. */
    private void check(String bootstrap, int inputs) {
        BitSet seen = new BitSet(inputs);
        List<TopicPartition> partitions =
                IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(TO, p)).toList();
        try (KafkaConsumer<Integer, Integer> committed =
                        consumer(bootstrap, Map.of("isolation.level", "read_committed"));
                KafkaConsumer<Integer, Integer> all = consumer(bootstrap, Map.of())) {
            committed.assign(partitions);
            committed.seekToBeginning(partitions);
            Await.until(
                    () ->
                            "%d of %d inputs counted, the first missing %d, seed %d%n%s"
                                    .formatted(
                                            seen.cardinality(),
                                            inputs,
                                            seen.nextClearBit(0),
                                            SEED,
                                            processors.getFirst().describe()),
                    LIMIT,
                    () -> {
                        read(committed, seen);
                        return seen.cardinality() == inputs;
                    });
            // Idle processors have nothing open: stable means that nothing more can appear.
            Await.until(
                    "all transactions ended, seed " + SEED,
                    LIMIT,
                    () -> committed.endOffsets(partitions).equals(all.endOffsets(partitions)));
            Map<TopicPartition, Long> ends = all.endOffsets(partitions);
            Await.until(
                    "the end of the outputs",
                    LIMIT,
                    () -> {
                        read(committed, seen);
                        return ends.entrySet().stream()
                                .allMatch(
                                        end -> committed.position(end.getKey()) >= end.getValue());
                    });
            assertEquals(inputs, seen.cardinality(), "seed " + SEED);
        }
    }

    private static void read(KafkaConsumer<Integer, Integer> consumer, BitSet seen) {
        for (ConsumerRecord<Integer, Integer> record : consumer.poll(Duration.ofMillis(100))) {
            int input = record.value();
            if (seen.get(input)) {
                throw new AssertionError("input " + input + " is counted twice, seed " + SEED);
            }
            seen.set(input);
        }
    }

    private static KafkaConsumer<Integer, Integer> consumer(
            String bootstrap, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", bootstrap);
        return new KafkaConsumer<>(config, new IntegerDeserializer(), new IntegerDeserializer());
    }

    /** Sends numbers, each once, until it is told to stop. */
    private static final class Feeder {
        private final KafkaProducer<Integer, Integer> producer;
        private final AtomicReference<Exception> failure = new AtomicReference<>();
        private final Thread thread;
        private volatile boolean stopping;
        private volatile int sent;

        Feeder(String bootstrap) {
            producer =
                    new KafkaProducer<>(
                            Map.of(
                                    "bootstrap.servers", bootstrap,
                                    "acks", "all",
                                    "delivery.timeout.ms", "900000",
                                    "max.block.ms", "900000"),
                            new IntegerSerializer(),
                            new IntegerSerializer());
            thread = Thread.ofPlatform().start(this::feed);
        }

        private void feed() {
            while (!stopping) {
                int number = sent;
                var _ =
                        producer.send(
                                new ProducerRecord<>(FROM, number % PARTITIONS, number, number),
                                (metadata, e) -> {
                                    if (e != null) {
                                        failure.compareAndSet(null, e);
                                    }
                                });
                sent = number + 1;
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / PER_SECOND);
            }
        }

        /** How many were sent, all of them acknowledged. */
        int stop() throws InterruptedException {
            stopping = true;
            thread.join();
            producer.close();
            assertNull(failure.get(), "an input was not acknowledged");
            return sent;
        }
    }
}
