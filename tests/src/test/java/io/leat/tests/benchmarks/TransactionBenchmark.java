package io.leat.tests.benchmarks;

import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.IntegerSerializer;

/**
 * Transactions per second: each producer sends one record to each of some partitions and commits,
 * one transaction after another. Arguments: seconds for each figure. With {@code
 * -Dleat.tests.broker=kafka}, of Apache Kafka.
 *
 * <pre>
 * mvn -q verify -pl tests -am -DskipTests \
 *     -Dprogram=io.leat.tests.benchmarks.TransactionBenchmark -Darguments=10
 * </pre>
 */
public final class TransactionBenchmark {
    private static final int PARTITIONS = 6;
    private static final String TOPIC = "transactions";

    private TransactionBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int seconds = Integer.parseInt(arguments[0]);
        try (TestBroker broker = TestBrokers.start()) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
            }
            measure(broker, 4, 1, 3);
            for (int partitions : new int[] {1, PARTITIONS}) {
                for (int producers : new int[] {1, 8, 64}) {
                    measure(broker, producers, partitions, seconds);
                }
            }
        }
    }

    private static void measure(TestBroker broker, int producers, int partitions, int seconds)
            throws InterruptedException {
        Histogram micros = new ConcurrentHistogram(3);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < producers; i++) {
            String id = "benchmark-" + i;
            threads.add(
                    Thread.ofPlatform().start(() -> commit(broker, id, partitions, end, micros)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf(
                "%d producers, %d partitions each: %,.0f transactions/s, p50 %.1f ms, p99 %.1f"
                        + " ms%n",
                producers,
                partitions,
                (double) micros.getTotalCount() / seconds,
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(99) / 1e3);
    }

    private static void commit(
            TestBroker broker, String id, int partitions, long end, Histogram micros) {
        try (KafkaProducer<Integer, Integer> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrap(), "transactional.id", id),
                        new IntegerSerializer(),
                        new IntegerSerializer())) {
            producer.initTransactions();
            for (int value = 0; System.nanoTime() < end; value++) {
                long begin = System.nanoTime();
                producer.beginTransaction();
                for (int partition = 0; partition < partitions; partition++) {
                    var _ = producer.send(new ProducerRecord<>(TOPIC, partition, value, value));
                }
                producer.commitTransaction();
                micros.recordValue((System.nanoTime() - begin) / 1_000);
            }
        }
    }
}
