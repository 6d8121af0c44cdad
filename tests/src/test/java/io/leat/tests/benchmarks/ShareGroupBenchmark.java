package io.leat.tests.benchmarks;

import io.leat.tests.harness.LeatBroker;
import io.leat.tests.harness.ProcessGauge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How many records a share group accepts in a second, with the official consumer, and what members
 * that wait cost. Broker and members run on the same machine.
 *
 * <pre>
 * mvn -q verify -pl tests -am -DskipTests -Dprogram=io.leat.tests.benchmarks.ShareGroupBenchmark
 * </pre>
 */
public final class ShareGroupBenchmark {
    private static final int RECORD_BYTES = 100;
    private static final int RECORDS = 600_000;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private ShareGroupBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        try (LeatBroker broker = new LeatBroker(Map.of())) {
            broker.start();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                for (int[] shape : new int[][] {{1, 1}, {4, 1}, {4, 4}, {10, 4}}) {
                    accept(broker, admin, shape[0], shape[1]);
                }
            }
            idle(broker, 50);
        }
    }

    private static void accept(LeatBroker broker, Admin admin, int members, int partitions)
            throws Exception {
        String name = "m" + members + "p" + partitions;
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
        Collection<AlterConfigOp> settings =
                List.of(
                        new AlterConfigOp(
                                new ConfigEntry("share.auto.offset.reset", "earliest"),
                                AlterConfigOp.OpType.SET));
        admin.incrementalAlterConfigs(
                        Map.of(new ConfigResource(ConfigResource.Type.GROUP, name), settings))
                .all()
                .get();
        produce(broker, name, partitions);
        LongAdder taken = new LongAdder();
        AtomicBoolean stop = new AtomicBoolean();
        long begin = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        try (ProcessGauge gauge = new ProcessGauge(broker.pid())) {
            for (int i = 0; i < members; i++) {
                threads.add(
                        Thread.ofPlatform().start(() -> member(broker, name, name, taken, stop)));
            }
            while (taken.sum() < RECORDS) {
                if (System.nanoTime() - begin > LIMIT.toNanos()) {
                    throw new IllegalStateException(
                            "only %d of %d records within %s"
                                    .formatted(taken.sum(), RECORDS, LIMIT));
                }
                Thread.sleep(5);
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            System.out.printf(
                    "%d members, %d partitions: %,.0f records/s (%d records of %d bytes in %.1f s,"
                            + " broker CPU %.1f s)%n",
                    members,
                    partitions,
                    taken.sum() / seconds,
                    taken.sum(),
                    RECORD_BYTES,
                    seconds,
                    gauge.cpuSecondsSinceOpen());
        }
        stop.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void member(
            LeatBroker broker, String group, String topic, LongAdder taken, AtomicBoolean stop) {
        try (var consumer =
                new KafkaShareConsumer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers", broker.bootstrap(), "group.id", group),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (!stop.get()) {
                taken.add(consumer.poll(Duration.ofMillis(200)).count());
            }
        }
    }

    private static void produce(LeatBroker broker, String topic, int partitions) {
        try (var producer =
                new KafkaProducer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers", broker.bootstrap(), "linger.ms", 20),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            byte[] value = new byte[RECORD_BYTES];
            for (int i = 0; i < RECORDS; i++) {
                var _ = producer.send(new ProducerRecord<>(topic, i % partitions, null, value));
            }
        }
    }

    private static void idle(LeatBroker broker, int members) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic("idle", 4, (short) 1))).all().get();
        }
        for (int i = 0; i < members; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> member(broker, "idle", "idle", new LongAdder(), stop)));
        }
        Thread.sleep(15_000);
        try (ProcessGauge gauge = new ProcessGauge(broker.pid())) {
            Thread.sleep(20_000);
            System.out.printf(
                    "%d members that wait: %.2f %% of a core in the broker, %.0f MB resident%n",
                    members, 100 * gauge.coresSinceOpen(), gauge.residentMegabytes());
        }
        stop.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
