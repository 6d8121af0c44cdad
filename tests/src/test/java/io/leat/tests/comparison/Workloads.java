package io.leat.tests.comparison;

import io.leat.tests.comparison.Tools.Produced;
import io.leat.tests.comparison.Tools.Running;
import io.leat.tests.comparison.Workload.Action;
import io.leat.tests.comparison.Workload.Contestant;
import io.leat.tests.harness.Await;
import io.leat.tests.harness.ProcessGauge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Everything that is compared. */
final class Workloads {
    private static final int KIB = 1024;
    private static final String TOPIC = "bench";
    private static final String WARM = "warm";
    private static final Map<String, String> FORCE_EACH =
            Map.of("log.flush.interval.messages", "1");
    private static final Map<String, String> SMALL_INDEX =
            Map.of("log.index.size.max.bytes", "65536");
    private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private Workloads() {}

    static List<Workload> all() {
        List<Workload> all = new ArrayList<>();
        all.add(
                shipped(
                        "produce-100b",
                        "1 producer, 100 B, acks=all, 6 partitions",
                        List.of(
                                new Goal(Metric.CPU_PER_GB, 0.35),
                                new Goal(Metric.THROUGHPUT, 1.3)),
                        produce(100, 20_000_000, 6, "none")));
        all.add(
                shipped(
                        "produce-1k",
                        "1 producer, 1 KiB, acks=all, 6 partitions",
                        List.of(
                                new Goal(Metric.CPU_PER_GB, 0.4),
                                new Goal(Metric.THROUGHPUT, 1.2),
                                new Goal(Metric.ANONYMOUS_PEAK, 0.3)),
                        produce(KIB, 4_000_000, 6, "none")));
        all.add(
                shipped(
                        "produce-1k-lz4",
                        "1 producer, 1 KiB, lz4",
                        List.of(new Goal(Metric.CPU_PER_GB, 0.35)),
                        produce(KIB, 3_000_000, 6, "lz4")));
        all.add(
                shipped(
                        "produce-1k-zstd",
                        "1 producer, 1 KiB, zstd",
                        List.of(),
                        produce(KIB, 3_000_000, 6, "zstd")));
        all.add(
                shipped(
                        "produce-1-partition",
                        "1 producer, 1 KiB, 1 partition",
                        List.of(),
                        produce(KIB, 3_000_000, 1, "none")));
        all.add(
                shipped(
                        "produce-100-partitions",
                        "1 producer, 1 KiB, 100 partitions",
                        List.of(),
                        produce(KIB, 3_000_000, 100, "none")));
        all.add(
                shipped(
                        "produce-50-producers",
                        "50 producers, 1 KiB, 6 partitions",
                        List.of(),
                        Workloads::manyProducers));
        all.add(
                new Workload(
                        "produce-forced",
                        "1 producer, 1 KiB, both force before they ack",
                        List.of(
                                new Contestant(
                                        "Kafka flush.messages=1", Candidate.KAFKA, FORCE_EACH),
                                new Contestant("Leat", Candidate.LEAT, Map.of())),
                        List.of(new Goal(Metric.THROUGHPUT, 4), new Goal(Metric.ACK_P99, 0.2)),
                        running(produce(KIB, 600_000, 6, "none"))));
        all.add(
                shipped(
                        "consume",
                        "1 consumer from the start, 1 KiB, page cache warm",
                        List.of(new Goal(Metric.CPU_PER_GB, 0.4), new Goal(Metric.THROUGHPUT, 1.2)),
                        bench -> consume(bench, false)));
        all.add(
                shipped(
                        "consume-cold",
                        "1 consumer from the start, 1 KiB, page cache dropped (root)",
                        List.of(),
                        bench -> consume(bench, true)));
        all.add(
                shipped(
                        "produce-consume",
                        "produce and consume at once, 1 KiB",
                        List.of(new Goal(Metric.CPU_PER_GB, 0.4), new Goal(Metric.THROUGHPUT, 1.4)),
                        Workloads::produceAndConsume));
        all.add(
                shipped(
                        "latency",
                        "2,000 records/s, 1 KiB, linger 0",
                        List.of(
                                new Goal(Metric.END_TO_END_P50, 1),
                                new Goal(Metric.END_TO_END_P99, 0.5),
                                new Goal(Metric.END_TO_END_P999, 0.5),
                                new Goal(Metric.CPU_CORES, 0.3)),
                        Workloads::latency));
        for (int groups : List.of(1, 10, 100)) {
            all.add(
                    shipped(
                            "groups-" + groups,
                            groups + " consumer groups read one topic, 1 KiB",
                            List.of(),
                            bench -> groups(bench, groups)));
        }
        all.add(partitions().withManyFiles());
        all.add(
                shipped(
                        "idle-consumers",
                        "200 consumers wait for records",
                        List.of(new Goal(Metric.CPU_CORES, 0.2)),
                        bench -> idleConsumers(bench, 200)));
        all.add(
                shipped(
                        "idle-consumers-500",
                        "500 consumers wait for records",
                        List.of(),
                        bench -> idleConsumers(bench, 500)));
        all.add(
                shipped(
                                "create-topics",
                                "create 1,000 topics",
                                List.of(new Goal(Metric.CREATE, 0.5)),
                                Workloads::createTopics)
                        .withManyFiles());
        all.add(
                stopped(
                        "start",
                        "start, first record, idle for 10 s",
                        List.of(
                                new Goal(Metric.FIRST_RECORD, 0.15),
                                new Goal(Metric.RESIDENT, 0.25)),
                        Workloads::start));
        all.add(
                stopped(
                                "start-10000",
                                "start with 10,000 partitions",
                                List.of(),
                                Workloads::startWithPartitions)
                        .withManyFiles());
        all.add(
                stopped(
                        "start-killed",
                        "start after kill -9 with 5 GB of log",
                        List.of(),
                        Workloads::startAfterKill));
        return List.copyOf(all);
    }

    private static Workload shipped(String name, String title, List<Goal> goals, Action action) {
        return stopped(name, title, goals, running(action));
    }

    private static Workload stopped(String name, String title, List<Goal> goals, Action action) {
        return new Workload(
                name,
                title,
                List.of(
                        new Contestant("Kafka", Candidate.KAFKA, Map.of()),
                        new Contestant("Leat", Candidate.LEAT, Map.of())),
                goals,
                action);
    }

    private static Workload partitions() {
        return new Workload(
                "partitions-1000",
                "1,000 partitions: create, first ack on all, then 100 B round robin",
                List.of(
                        new Contestant("Kafka", Candidate.KAFKA, Map.of()),
                        new Contestant("Kafka 64 KiB indexes", Candidate.KAFKA, SMALL_INDEX),
                        new Contestant("Leat", Candidate.LEAT, Map.of())),
                List.of(
                        new Goal(Metric.CREATE, 0.5),
                        new Goal(Metric.FIRST_ACKS, 0.1),
                        new Goal(Metric.RECORDS, 1)),
                running(Workloads::spread));
    }

    private static Action running(Action action) {
        return bench -> {
            bench.broker().start();
            action.run(bench);
        };
    }

    private static Action produce(int bytes, long records, int partitions, String codec) {
        return bench -> {
            bench.createTopic(TOPIC, partitions);
            String bootstrap = bench.broker().bootstrap();
            List<String> properties = List.of("compression.type=" + codec);
            // Compilers and page cache: both have their first tenth for free.
            long count = bench.records(records);
            Tools.produce(bootstrap, TOPIC, count / 10, bytes, properties);
            try (ProcessGauge gauge = new ProcessGauge(bench.broker().pid())) {
                Produced produced = Tools.produce(bootstrap, TOPIC, count, bytes, properties);
                found(bench, produced);
                bench.found(Metric.CPU_PER_GB, gauge.cpuSecondsSinceOpen() / (count * bytes / 1e9));
                foundPeaks(bench, gauge);
                Tools.sync();
                bench.found(
                        Metric.MACHINE_CPU_PER_GB,
                        gauge.machineCpuSecondsSinceOpen() / (count * bytes / 1e9));
                bench.found(Metric.DISK, bench.diskMegabytes());
            }
        };
    }

    private static void found(Bench bench, Produced produced) {
        bench.found(Metric.THROUGHPUT, produced.megabytesPerSecond());
        bench.found(Metric.ACK_P50, produced.p50Millis());
        bench.found(Metric.ACK_P99, produced.p99Millis());
        bench.found(Metric.ACK_P999, produced.p999Millis());
    }

    private static void foundPeaks(Bench bench, ProcessGauge gauge) {
        bench.found(Metric.RESIDENT_PEAK, gauge.residentPeakMegabytes());
        bench.found(Metric.ANONYMOUS_PEAK, gauge.anonymousPeakMegabytes());
    }

    private static void manyProducers(Bench bench) {
        bench.createTopic(TOPIC, 6);
        long count = bench.records(2_000_000);
        fromMany(bench, count / 10);
        try (ProcessGauge gauge = new ProcessGauge(bench.broker().pid())) {
            Map<String, Double> found = fromMany(bench, count);
            bench.found(Metric.THROUGHPUT, found.get("records") * KIB / 1e6);
            foundAcks(bench, found);
            bench.found(Metric.CPU_PER_GB, gauge.cpuSecondsSinceOpen() / (count * KIB / 1e9));
            foundPeaks(bench, gauge);
        }
    }

    private static Map<String, Double> fromMany(Bench bench, long records) {
        return Tools.load(
                "producers",
                bench.broker().bootstrap(),
                TOPIC,
                "50",
                Long.toString(records),
                Integer.toString(KIB));
    }

    private static void foundAcks(Bench bench, Map<String, Double> found) {
        bench.found(Metric.ACK_P50, found.get("ack50"));
        bench.found(Metric.ACK_P99, found.get("ack99"));
        bench.found(Metric.ACK_P999, found.get("ack999"));
    }

    private static void fill(Bench bench, String topic, long records) {
        bench.createTopic(topic, 6);
        Tools.produce(bench.broker().bootstrap(), topic, records, KIB, List.of());
    }

    /**
     * Fills the topic, after another from which a tenth as much is read: the topic's own pages
     * would be in the broker's mappings, which the page cache does not drop. Nothing is left to be
     * written to the disk while the topic is read.
     */
    private static void fillWarm(Bench bench, long records) {
        fill(bench, WARM, records / 10);
        read(bench, WARM, records / 10);
        fill(bench, TOPIC, records);
        Tools.sync();
    }

    private static void consume(Bench bench, boolean cold) throws IOException {
        long count = bench.records(4_000_000);
        fillWarm(bench, count);
        if (cold) {
            dropPageCache();
        }
        try (ProcessGauge gauge = new ProcessGauge(bench.broker().pid())) {
            bench.found(Metric.THROUGHPUT, read(bench, TOPIC, count));
            bench.found(Metric.CPU_PER_GB, gauge.cpuSecondsSinceOpen() / (count * KIB / 1e9));
            foundPeaks(bench, gauge);
        }
    }

    /** Reads so many records from the start, and says how fast, in MB/s without the join. */
    private static double read(Bench bench, String topic, long records) {
        try (Running tool = Tools.startConsumer(bench.broker().bootstrap(), topic, records)) {
            return Tools.consumed(tool.finish(), records);
        }
    }

    private static void dropPageCache() throws IOException {
        Files.writeString(DROP_CACHES, "1");
    }

    private static void produceAndConsume(Bench bench) {
        long count = bench.records(3_000_000);
        fill(bench, TOPIC, count / 10);
        String bootstrap = bench.broker().bootstrap();
        try (ProcessGauge gauge = new ProcessGauge(bench.broker().pid());
                Running consumer = Tools.startConsumer(bootstrap, TOPIC, count + count / 10);
                Running producer = Tools.startProducer(bootstrap, TOPIC, count, KIB, List.of())) {
            found(bench, Tools.produced(producer.finish(), count));
            double _ = Tools.consumed(consumer.finish(), count + count / 10);
            bench.found(Metric.CPU_PER_GB, gauge.cpuSecondsSinceOpen() / (count * KIB / 1e9));
            foundPeaks(bench, gauge);
        }
    }

    private static void latency(Bench bench) {
        bench.createTopic(TOPIC, 1);
        try (Running load =
                Tools.startLoad(
                        "latency",
                        bench.broker().bootstrap(),
                        TOPIC,
                        "2000",
                        Integer.toString(bench.seconds(30)),
                        Integer.toString(KIB))) {
            load.awaitLine(LoadMain.READY);
            try (ProcessGauge gauge = new ProcessGauge(bench.broker().pid())) {
                Map<String, Double> found = Tools.results(load.finish());
                bench.found(Metric.CPU_CORES, gauge.coresSinceOpen());
                foundPeaks(bench, gauge);
                foundAcks(bench, found);
                bench.found(Metric.END_TO_END_P50, found.get("end50"));
                bench.found(Metric.END_TO_END_P99, found.get("end99"));
                bench.found(Metric.END_TO_END_P999, found.get("end999"));
            }
        }
    }

    private static void groups(Bench bench, int groups) {
        long count = bench.records(groups == 1 ? 2_000_000 : 4_000_000 / groups);
        fillWarm(bench, count);
        try (Running load =
                Tools.startLoad(
                        "groups",
                        bench.broker().bootstrap(),
                        TOPIC,
                        Integer.toString(groups),
                        Long.toString(count))) {
            load.awaitLine(LoadMain.READY);
            try (ProcessGauge gauge = new ProcessGauge(bench.broker().pid())) {
                Map<String, Double> found = Tools.results(load.finish());
                bench.found(Metric.JOIN, found.get("join"));
                bench.found(Metric.THROUGHPUT, found.get("records") * KIB / 1e6);
                double gigabytes = (double) count * groups * KIB / 1e9;
                bench.found(Metric.CPU_PER_GB, gauge.cpuSecondsSinceOpen() / gigabytes);
                foundPeaks(bench, gauge);
            }
        }
    }

    private static void spread(Bench bench) {
        int partitions = 1_000;
        bench.createTopic(WARM, 1);
        long begin = System.nanoTime();
        bench.createTopic(TOPIC, partitions);
        bench.found(Metric.CREATE, (System.nanoTime() - begin) / 1e9);
        try (Running load =
                Tools.startLoad(
                        "spread",
                        bench.broker().bootstrap(),
                        TOPIC,
                        Integer.toString(partitions),
                        Long.toString(bench.records(10_000_000)),
                        "100")) {
            load.awaitLine(LoadMain.READY);
            try (ProcessGauge gauge = new ProcessGauge(bench.broker().pid())) {
                Map<String, Double> found = Tools.results(load.finish());
                double gigabytes = bench.records(10_000_000) * 100 / 1e9;
                bench.found(Metric.FIRST_ACKS, found.get("firstAcks"));
                bench.found(Metric.RECORDS, found.get("records"));
                bench.found(Metric.CPU_PER_GB, gauge.cpuSecondsSinceOpen() / gigabytes);
                bench.found(Metric.DISK, bench.diskMegabytes());
            }
        }
    }

    private static void idleConsumers(Bench bench, int count) throws InterruptedException {
        bench.createTopic(TOPIC, 1);
        try (Running load =
                Tools.startLoad(
                        "idle", bench.broker().bootstrap(), TOPIC, Integer.toString(count))) {
            load.awaitLine(LoadMain.READY);
            // Who waits for hours does not care what the first seconds cost the compilers.
            TimeUnit.SECONDS.sleep(30);
            try (ProcessGauge gauge = new ProcessGauge(bench.broker().pid())) {
                TimeUnit.SECONDS.sleep(bench.seconds(20));
                bench.found(Metric.CPU_CORES, gauge.coresSinceOpen());
            }
        }
    }

    private static void createTopics(Bench bench) {
        bench.createTopic(WARM, 1);
        long begin = System.nanoTime();
        bench.createTopics(Bench.names("topic-", 1_000), 1);
        bench.found(Metric.CREATE, (System.nanoTime() - begin) / 1e9);
    }

    private static void start(Bench bench) throws InterruptedException {
        bench.broker().start();
        bench.createTopic(TOPIC, 1);
        Tools.produce(bench.broker().bootstrap(), TOPIC, 1_000, KIB, List.of());
        firstRecord(bench); // the client's own classes are not what is measured
        bench.broker().stop();
        long begin = System.nanoTime();
        bench.broker().start();
        firstRecord(bench);
        bench.found(Metric.FIRST_RECORD, (System.nanoTime() - begin) / 1e9);
        bench.found(Metric.START, bench.broker().lastStart().toMillis() / 1e3);
        try (ProcessGauge gauge = new ProcessGauge(bench.broker().pid())) {
            TimeUnit.SECONDS.sleep(10);
            bench.found(Metric.RESIDENT, gauge.residentMegabytes());
            bench.found(Metric.RESIDENT_ANONYMOUS, gauge.anonymousMegabytes());
            bench.found(Metric.THREADS, gauge.threads());
            bench.found(Metric.CPU_CORES, gauge.coresSinceOpen());
        }
    }

    private static void firstRecord(Bench bench) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bench.broker().bootstrap(), "reconnect.backoff.ms", 10);
        try (var consumer =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = List.of(new TopicPartition(TOPIC, 0));
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Await.until(
                    "a record of " + TOPIC,
                    LIMIT,
                    () -> !consumer.poll(Duration.ofMillis(100)).isEmpty());
        }
    }

    private static void startWithPartitions(Bench bench) {
        bench.broker().start();
        List<String> topics = Bench.names("topic-", 100);
        bench.createTopics(topics, 100);
        bench.broker().stop();
        long begin = System.nanoTime();
        bench.broker().start();
        // Ready is not all: who opens logs when they are used has to open them here.
        bench.awaitEndOffsets(topics, 100);
        bench.found(Metric.ALL_OFFSETS, (System.nanoTime() - begin) / 1e9);
        bench.found(Metric.START, bench.broker().lastStart().toMillis() / 1e3);
        try (ProcessGauge gauge = new ProcessGauge(bench.broker().pid())) {
            bench.found(Metric.RESIDENT_ANONYMOUS, gauge.anonymousMegabytes());
            bench.found(Metric.DISK, bench.diskMegabytes());
        }
    }

    private static void startAfterKill(Bench bench) {
        bench.broker().start();
        fill(bench, TOPIC, bench.records(5_000_000));
        bench.broker().kill();
        long begin = System.nanoTime();
        bench.broker().start();
        firstRecord(bench);
        bench.found(Metric.FIRST_RECORD, (System.nanoTime() - begin) / 1e9);
        bench.found(Metric.START, bench.broker().lastStart().toMillis() / 1e3);
    }

    /** Whether the page cache can be dropped here. */
    static boolean canDropPageCache() {
        return Files.isWritable(DROP_CACHES);
    }
}
