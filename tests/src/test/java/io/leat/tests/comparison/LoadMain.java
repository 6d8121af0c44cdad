package io.leat.tests.comparison;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Loads that Kafka's tools do not offer, by Kafka's clients.
 *
 * <pre>
 * latency BOOTSTRAP TOPIC RATE SECONDS BYTES      a fixed rate, linger 0, one consumer
 * spread BOOTSTRAP TOPIC PARTITIONS RECORDS BYTES first ack on every partition, then round robin
 * groups BOOTSTRAP TOPIC GROUPS RECORDS           so many groups join, then all read the same records
 * idle BOOTSTRAP TOPIC CONSUMERS                  consumers that wait for what does not come
 * producers BOOTSTRAP TOPIC PRODUCERS RECORDS BYTES
 * </pre>
 *
 * <p>With a fixed rate latencies are counted from the moment at which a record was due, not from
 * when it could be sent: a broker that stops for a while is charged for all that waited (no
 * coordinated omission). Without one nothing is due, and they are counted from the send.
 */
final class LoadMain {
    static final String RESULT = "result ";
    static final String READY = "ready";
    private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final Duration POLL = Duration.ofMillis(100);

    /** As long as idle consumers wait before they are measured: compilers have their time. */
    private static final int WARM_UP_SECONDS = 30;

    private final String bootstrap;
    private final String topic;

    private LoadMain(String bootstrap, String topic) {
        this.bootstrap = bootstrap;
        this.topic = topic;
    }

    public static void main(String[] args) throws Exception {
        LoadMain load = new LoadMain(args[1], args[2]);
        switch (args[0]) {
            case "latency" -> load.latency(number(args, 3), number(args, 4), number(args, 5));
            case "spread" -> load.spread(number(args, 3), Long.parseLong(args[4]), number(args, 5));
            case "groups" -> load.groups(number(args, 3), Long.parseLong(args[4]));
            case "idle" -> load.idle(number(args, 3));
            case "producers" ->
                    load.producers(number(args, 3), Long.parseLong(args[4]), number(args, 5));
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.exit(0); // whatever the clients' threads still wait for
    }

    private static int number(String[] args, int index) {
        return Integer.parseInt(args[index]);
    }

    private static void result(String name, double value) {
        System.out.println(RESULT + name + "=" + value);
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, String> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrap);
        all.put("acks", "all");
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer(Map<String, String> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrap);
        all.put("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static void failure(Exception failure) {
        failure.printStackTrace();
        System.exit(1);
    }

    private void latency(int rate, int seconds, int bytes) throws InterruptedException {
        Histogram acks = new ConcurrentHistogram(HIGHEST_NANOS, 3);
        Histogram ends = new ConcurrentHistogram(HIGHEST_NANOS, 3);
        long warm = (long) rate * WARM_UP_SECONDS;
        long total = warm + (long) rate * seconds;
        CountDownLatch assigned = new CountDownLatch(1);
        Thread reader =
                Thread.ofPlatform()
                        .start(() -> {
                            try (KafkaConsumer<byte[], byte[]> consumer = consumer(Map.of())) {
                                List<TopicPartition> all = List.of(new TopicPartition(topic, 0));
                                consumer.assign(all);
                                consumer.seekToEnd(all);
                                consumer.position(all.getFirst());
                                assigned.countDown();
                                for (long seen = 0; seen < total; ) {
                                    for (ConsumerRecord<byte[], byte[]> each :
                                            consumer.poll(POLL)) {
                                        if (++seen > warm) {
                                            record(ends, ByteBuffer.wrap(each.value()).getLong());
                                        }
                                    }
                                }
                            } catch (RuntimeException e) {
                                failure(e);
                            }
                        });
        assigned.await();
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("linger.ms", "0"))) {
            long begin = System.nanoTime();
            for (long i = 0; i < total; i++) {
                long due = begin + i * 1_000_000_000L / rate;
                for (long early = due - System.nanoTime(); early > 0; ) {
                    LockSupport.parkNanos(early);
                    early = due - System.nanoTime();
                }
                byte[] value = new byte[bytes];
                ByteBuffer.wrap(value).putLong(due);
                boolean counts = i >= warm;
                var _ =
                        producer.send(
                                new ProducerRecord<>(topic, 0, null, value),
                                (metadata, exception) -> {
                                    if (exception != null) {
                                        failure(exception);
                                    } else if (counts) {
                                        record(acks, due);
                                    }
                                });
                if (i == warm) {
                    System.out.println(READY);
                }
            }
        }
        reader.join();
        percentiles("ack", acks);
        percentiles("end", ends);
    }

    private static void record(Histogram histogram, long sinceNanos) {
        histogram.recordValue(Math.clamp(System.nanoTime() - sinceNanos, 1, HIGHEST_NANOS));
    }

    private static void percentiles(String name, Histogram nanos) {
        result(name + "50", nanos.getValueAtPercentile(50) / 1e6);
        result(name + "99", nanos.getValueAtPercentile(99) / 1e6);
        result(name + "999", nanos.getValueAtPercentile(99.9) / 1e6);
    }

    private void spread(int partitions, long records, int bytes) throws InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer =
                producer(Map.of("buffer.memory", "134217728", "linger.ms", "5"))) {
            byte[] value = new byte[bytes];
            producer.partitionsFor(topic);
            long begin = System.nanoTime();
            CountDownLatch first = new CountDownLatch(partitions);
            for (int i = 0; i < partitions; i++) {
                var _ =
                        producer.send(
                                new ProducerRecord<>(topic, i, null, value),
                                (metadata, exception) -> {
                                    if (exception != null) {
                                        failure(exception);
                                    }
                                    first.countDown();
                                });
            }
            first.await();
            result("firstAcks", (System.nanoTime() - begin) / 1e9);
            System.out.println(READY);
            long round = System.nanoTime();
            for (long i = 0; i < records; i++) {
                var _ =
                        producer.send(
                                new ProducerRecord<>(topic, (int) (i % partitions), null, value),
                                (metadata, exception) -> {
                                    if (exception != null) {
                                        failure(exception);
                                    }
                                });
            }
            producer.flush();
            result("records", records / ((System.nanoTime() - round) / 1e9));
        }
    }

    private void producers(int count, long records, int bytes) throws InterruptedException {
        Histogram acks = new ConcurrentHistogram(HIGHEST_NANOS, 3);
        long each = records / count;
        long begin = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                byte[] value = new byte[bytes];
                                try (KafkaProducer<byte[], byte[]> producer =
                                        producer(Map.of("buffer.memory", "8388608"))) {
                                    for (long i = 0; i < each; i++) {
                                        long sent = System.nanoTime();
                                        var _ =
                                                producer.send(
                                                        new ProducerRecord<>(topic, value),
                                                        (metadata, exception) -> {
                                                            if (exception != null) {
                                                                failure(exception);
                                                            }
                                                            record(acks, sent);
                                                        });
                                    }
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        result("records", each * count / ((System.nanoTime() - begin) / 1e9));
        percentiles("ack", acks);
    }

    /** Groups are given time to join by some brokers: all of them join first, and then read. */
    private void groups(int groups, long records) throws InterruptedException {
        CountDownLatch joined = new CountDownLatch(groups);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(groups);
        AtomicLong read = new AtomicLong();
        long joining = System.nanoTime();
        for (int group = 0; group < groups; group++) {
            String id = "group-" + group;
            Thread.ofPlatform()
                    .start(() -> {
                        try (KafkaConsumer<byte[], byte[]> consumer =
                                consumer(Map.of("group.id", id, "max.poll.records", "5000"))) {
                            consumer.subscribe(List.of(topic), new Pausing(consumer));
                            while (consumer.assignment().isEmpty()) {
                                requireNothing(consumer.poll(POLL));
                            }
                            joined.countDown();
                            begun.await();
                            consumer.resume(consumer.assignment());
                            for (long seen = 0; seen < records; ) {
                                int count = consumer.poll(POLL).count();
                                seen += count;
                                read.addAndGet(count);
                            }
                            consumer.commitSync();
                            done.countDown();
                        } catch (RuntimeException | InterruptedException e) {
                            failure(e);
                        }
                    });
        }
        joined.await();
        result("join", (System.nanoTime() - joining) / 1e9);
        System.out.println(READY);
        // Whoever measures begins now.
        TimeUnit.SECONDS.sleep(1);
        long begin = System.nanoTime();
        begun.countDown();
        done.await();
        result("records", read.get() / ((System.nanoTime() - begin) / 1e9));
    }

    /** Has a consumer fetch nothing from what it is assigned. */
    private record Pausing(KafkaConsumer<byte[], byte[]> consumer)
            implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.pause(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
    }

    private static void requireNothing(ConsumerRecords<byte[], byte[]> records) {
        if (!records.isEmpty()) {
            throw new IllegalStateException("a paused consumer has read " + records.count());
        }
    }

    /** Until the process is ended. */
    private void idle(int count) throws InterruptedException {
        CountDownLatch waiting = new CountDownLatch(count);
        Collection<Thread> threads =
                IntStream.range(0, count)
                        .mapToObj(i ->
                                Thread.ofPlatform()
                                        .start(() -> {
                                            try (KafkaConsumer<byte[], byte[]> consumer =
                                                    consumer(Map.of())) {
                                                consumer.assign(
                                                        List.of(new TopicPartition(topic, 0)));
                                                consumer.poll(POLL);
                                                waiting.countDown();
                                                while (true) {
                                                    consumer.poll(Duration.ofMinutes(1));
                                                }
                                            } catch (RuntimeException e) {
                                                failure(e);
                                            }
                                        }))
                        .toList();
        waiting.await();
        System.out.println(READY);
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
