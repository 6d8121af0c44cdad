package io.leat.tests.history;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.LeatBroker;
import io.leat.tests.history.Transaction.Outcome;
import io.leat.tests.history.Transaction.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Eight clients send and poll in transactions, five of them subscribed as one group, while the
 * broker is killed, paused and cut off and members leave and come back; then their history is
 * analysed. {@code -Dleat.tests.history.seconds=600} goes on for longer than the build does.
 */
@Timeout(7_200)
class HistoryTest {
    private static final int SECONDS = Integer.getInteger("leat.tests.history.seconds", 30);
    private static final long SEED = Long.getLong("leat.tests.seed", System.nanoTime());
    private static final int PARTITIONS = 4;
    private static final int SUBSCRIBERS = 5;
    private static final int CLIENTS = 8;
    private static final int SHOWN_MAX = 20;
    private static final String TOPIC = "history";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private enum Fault {
        KILL,
        PAUSE,
        CUT,
        STALL,
        REBALANCE
    }

    private final Random random = new Random(SEED);
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);

    @Test
    void nothingThatMustNotBe() throws Exception {
        try (TcpProxy network = new TcpProxy();
                LeatBroker broker =
                        new LeatBroker(
                                Map.of(
                                        "group.min.session.timeout.ms",
                                        "1000",
                                        "advertised.listeners",
                                        "PLAINTEXT://127.0.0.1:" + network.port()))) {
            broker.start();
            network.connect(broker.bootstrap());
            String bootstrap = "127.0.0.1:" + network.port();
            create(bootstrap);
            List<WorkloadClient> clients = clients(bootstrap);
            List<Thread> threads = clients.stream().map(c -> Thread.ofPlatform().start(c)).toList();
            disturb(broker, network, clients);
            clients.forEach(WorkloadClient::stop);
            for (Thread thread : threads) {
                thread.join();
            }
            check(clients, end(bootstrap));
        }
    }

    private List<WorkloadClient> clients(String bootstrap) {
        AtomicInteger values = new AtomicInteger();
        return IntStream.range(0, CLIENTS)
                .mapToObj(i ->
                        new WorkloadClient(
                                i,
                                i < SUBSCRIBERS,
                                bootstrap,
                                TOPIC,
                                PARTITIONS,
                                values,
                                random.nextLong()))
                .toList();
    }

    private static void create(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
        }
    }

    private void disturb(LeatBroker broker, TcpProxy proxy, List<WorkloadClient> clients) {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() < endNanos) {
            pause(500 + random.nextInt(3_000));
            Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
            faults.merge(fault, 1, Integer::sum);
            switch (fault) {
                case KILL -> {
                    broker.kill();
                    broker.start();
                }
                case PAUSE -> {
                    broker.process().signal("STOP");
                    pause(500 + random.nextInt(3_000));
                    broker.process().signal("CONT");
                }
                case CUT -> {
                    proxy.become(TcpProxy.State.CUT);
                    pause(200 + random.nextInt(2_000));
                    proxy.become(TcpProxy.State.WORKING);
                }
                case STALL -> {
                    proxy.become(TcpProxy.State.STALLED);
                    pause(500 + random.nextInt(4_000));
                    proxy.become(TcpProxy.State.WORKING);
                }
                case REBALANCE -> clients.get(random.nextInt(SUBSCRIBERS)).leave();
            }
        }
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** All that is committed, once every transaction has ended. */
    private static List<Seen> end(String bootstrap) {
        List<TopicPartition> partitions =
                IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(TOPIC, p)).toList();
        List<Seen> end = new ArrayList<>();
        try (KafkaConsumer<Integer, Integer> all = consumer(bootstrap, "read_uncommitted");
                KafkaConsumer<Integer, Integer> reader = consumer(bootstrap, "read_committed")) {
            Await.until(
                    "the end of all transactions",
                    LIMIT,
                    () -> reader.endOffsets(partitions).equals(all.endOffsets(partitions)));
            Map<TopicPartition, Long> ends = all.endOffsets(partitions);
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Await.until(
                    "the end of the partitions",
                    LIMIT,
                    () -> {
                        for (ConsumerRecord<Integer, Integer> record :
                                reader.poll(Duration.ofMillis(100))) {
                            end.add(new Seen(record.partition(), record.offset(), record.value()));
                        }
                        return ends.entrySet().stream()
                                .allMatch(e -> reader.position(e.getKey()) >= e.getValue());
                    });
        }
        return end;
    }

    private static KafkaConsumer<Integer, Integer> consumer(String bootstrap, String isolation) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", isolation),
                new IntegerDeserializer(),
                new IntegerDeserializer());
    }

    private void check(List<WorkloadClient> clients, List<Seen> end) {
        List<Transaction> transactions = new ArrayList<>();
        clients.forEach(client -> transactions.addAll(client.transactions()));
        Map<Outcome, Long> outcomes =
                transactions.stream()
                        .collect(
                                Collectors.groupingBy(Transaction::outcome, Collectors.counting()));
        long polled =
                transactions.stream()
                        .flatMap(transaction -> transaction.steps().stream())
                        .filter(Transaction.Poll.class::isInstance)
                        .mapToLong(step -> ((Transaction.Poll) step).records().size())
                        .sum();
        Set<Integer> subscribers =
                clients.stream()
                        .map(WorkloadClient::number)
                        .filter(number -> number < SUBSCRIBERS)
                        .collect(Collectors.toSet());
        List<Anomaly> anomalies = Analysis.of(new History(transactions, end), subscribers);
        System.out.printf(
                "history of %d s, seed %d: faults %s; transactions %s; %,d records committed,"
                        + " %,d polled; anomalies: %d%n",
                SECONDS, SEED, faults, outcomes, end.size(), polled, anomalies.size());
        assertTrue(
                anomalies.isEmpty(),
                () ->
                        anomalies.stream()
                                .limit(SHOWN_MAX)
                                .map(Anomaly::toString)
                                .collect(Collectors.joining("\n")));
        assertTrue(
                outcomes.getOrDefault(Outcome.COMMITTED, 0L) > 2L * SECONDS && polled > SECONDS,
                "the workload does too little to find anything");
    }
}
