package io.leat.tests.benchmarks;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.LeatBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A million delayed records: how fast they are accepted, what memory the broker takes while they
 * are pending, and how late they come. Arguments: how many records, how many bytes each, and over
 * how many seconds they are due.
 *
 * <pre>
 * mvn -q verify -pl tests -am -DskipTests \
 *     -Dprogram=io.leat.tests.benchmarks.DelayedDeliveryBenchmark -Darguments='1000000 100 60'
 * </pre>
 */
public final class DelayedDeliveryBenchmark {
    private static final int PARTITIONS = 6;
    private static final String TOPIC = "delayed";
    private static final int MIB = 1 << 20;

    private DelayedDeliveryBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[0]);
        int bytes = Integer.parseInt(arguments[1]);
        int seconds = Integer.parseInt(arguments[2]);
        try (LeatBroker broker = new LeatBroker(Map.of())) {
            broker.start();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                admin.createTopics(
                                List.of(
                                        new NewTopic(TOPIC, PARTITIONS, (short) 1)
                                                .configs(Map.of("leat.delayed.delivery", "true"))))
                        .all()
                        .get();
            }
            report("idle", broker);
            long begin = System.nanoTime();
            long firstDue = send(broker, count, bytes, seconds);
            double took = (System.nanoTime() - begin) / 1e9;
            System.out.printf(
                    "accepted %,d records of %d bytes in %.1f s: %,.0f records/s%n",
                    count, bytes, took, count / took);
            report("pending", broker);
            broker.kill();
            broker.start();
            System.out.printf(
                    "kill -9, and ready again after %d ms%n", broker.lastStart().toMillis());
            report("after the restart", broker);
            System.out.printf(
                    "the first are due in %.1f s%n", (firstDue - System.currentTimeMillis()) / 1e3);
            receive(broker, count);
            report("delivered", broker);
        }
    }

    private static void report(String when, LeatBroker broker) {
        broker.process()
                .residentBytes()
                .ifPresent(resident ->
                        System.out.printf("resident, %s: %,d MiB%n", when, resident / MIB));
    }

    /** Sends them, in no order of their times; says when the first is due. */
    private static long send(LeatBroker broker, int count, int bytes, int seconds) {
        SplittableRandom random = new SplittableRandom(1);
        long firstDue = System.currentTimeMillis() + 30_000 + count / 20;
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers", broker.bootstrap(),
                                "linger.ms", "5",
                                "batch.size", "65536"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
                long due = firstDue + random.nextLong(seconds * 1_000L);
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(TOPIC, i % PARTITIONS, null, new byte[bytes]);
                record.headers()
                        .add(
                                "leat-deliver-at",
                                Long.toString(due).getBytes(StandardCharsets.UTF_8));
                var _ =
                        producer.send(
                                record,
                                (metadata, e) -> {
                                    if (e != null) {
                                        System.out.println("not accepted: " + e);
                                    }
                                });
            }
        }
        return firstDue;
    }

    private static void receive(LeatBroker broker, int count) {
        List<TopicPartition> partitions =
                IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(TOPIC, p)).toList();
        Histogram late = new Histogram(3);
        int[] received = {0};
        int[] early = {0};
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", broker.bootstrap(), "max.poll.records", "5000"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Await.until(
                    () -> received[0] + " of " + count + " came",
                    Duration.ofMinutes(20),
                    () -> {
                        for (ConsumerRecord<byte[], byte[]> record :
                                consumer.poll(Duration.ofMillis(100))) {
                            long due =
                                    Long.parseLong(
                                            new String(
                                                    record.headers()
                                                            .lastHeader("leat-deliver-at")
                                                            .value(),
                                                    StandardCharsets.UTF_8));
                            long millis = System.currentTimeMillis() - due;
                            received[0]++;
                            if (millis < 0) {
                                early[0]++;
                            } else {
                                late.recordValue(millis);
                            }
                        }
                        return received[0] >= count;
                    });
        }
        System.out.printf(
                "received %,d, %d too early; from due to received: p50 %d ms, p99 %d ms, p99.9 %d"
                        + " ms, max %d ms%n",
                received[0],
                early[0],
                late.getValueAtPercentile(50),
                late.getValueAtPercentile(99),
                late.getValueAtPercentile(99.9),
                late.getMaxValue());
    }
}
