package io.leat.tests.benchmarks;

import io.leat.tests.harness.ProcessGauge;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * How long it takes until all members of a group have joined and own what they are to own, and what
 * their heartbeats cost the broker, for 1, 100 and 1,000 members of both protocols. The members are
 * sockets that speak with the official client's messages, so that a machine has room for them; they
 * heartbeat as often as the broker or, in the classic protocol, the official client's default says.
 * With {@code -Dleat.tests.broker=kafka}, of Apache Kafka.
 *
 * <pre>
 * mvn -q verify -pl tests -am -DskipTests -Dprogram=io.leat.tests.benchmarks.GroupBenchmark
 * </pre>
 */
public final class GroupBenchmark {
    static final String TOPIC = "groups";
    static final int PARTITIONS = 1_000;

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int HEARTBEAT_SECONDS = 30;
    private static final Map<String, String> SETTINGS =
            Map.of("group.initial.rebalance.delay.ms", "0", "group.consumer.max.size", "1000");

    private GroupBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        try (TestBroker broker = TestBrokers.start(SETTINGS)) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
            }
            measure(broker, "classic", 10, Duration.ofSeconds(5));
            measure(broker, "consumer", 10, Duration.ofSeconds(5));
            System.out.printf(
                    "without members: %.2f %% of a core%n",
                    100 * coresFor(broker, Duration.ofSeconds(HEARTBEAT_SECONDS)));
            for (int members : new int[] {1, 100, 1_000}) {
                for (String protocol : List.of("classic", "consumer")) {
                    System.out.println(
                            measure(
                                    broker,
                                    protocol,
                                    members,
                                    Duration.ofSeconds(HEARTBEAT_SECONDS)));
                }
            }
        }
    }

    private static String measure(
            TestBroker broker, String protocol, int members, Duration heartbeats) throws Exception {
        String group = protocol + "-" + members + "-" + System.nanoTime();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<GroupBenchmarkMember> all = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        long begin = System.nanoTime();
        try (ProcessGauge gauge = new ProcessGauge(broker.pid())) {
            for (int i = 0; i < members; i++) {
                GroupBenchmarkMember member =
                        protocol.equals("classic")
                                ? new ClassicBenchmarkMember(broker.bootstrap(), group)
                                : new ConsumerBenchmarkMember(broker.bootstrap(), group);
                all.add(member);
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    try {
                                        member.live();
                                    } catch (Throwable e) {
                                        failure.compareAndSet(null, e);
                                    }
                                }));
            }
            await(failure, () -> all.stream().allMatch(GroupBenchmarkMember::joined));
            double joined = (System.nanoTime() - begin) / 1e9;
            await(failure, () -> settled(all));
            double settled = (System.nanoTime() - begin) / 1e9;
            double cpuToJoin = gauge.cpuSecondsSinceOpen();
            long before = all.stream().mapToLong(GroupBenchmarkMember::heartbeats).sum();
            double cores = coresFor(broker, heartbeats);
            long after = all.stream().mapToLong(GroupBenchmarkMember::heartbeats).sum();
            if (!settled(all)) {
                throw new IllegalStateException("the group did not rest");
            }
            return ("%,d %s members: all joined after %.2f s, all assigned after %.2f s (%.2f s of"
                            + " broker CPU); %d heartbeats in %d s, %.2f %% of a core")
                    .formatted(
                            members,
                            protocol,
                            joined,
                            settled,
                            cpuToJoin,
                            after - before,
                            heartbeats.toSeconds(),
                            100 * cores);
        } finally {
            all.forEach(GroupBenchmarkMember::close);
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    /** How many cores the broker keeps busy from now on for so long. */
    private static double coresFor(TestBroker broker, Duration time) throws InterruptedException {
        try (ProcessGauge gauge = new ProcessGauge(broker.pid())) {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
            return gauge.coresSinceOpen();
        }
    }

    /** Whether all are of one generation, and own all partitions together. */
    private static boolean settled(List<GroupBenchmarkMember> all) {
        int generation = all.getFirst().generation();
        return all.stream().allMatch(one -> one.joined() && one.generation() == generation)
                && all.stream().mapToInt(GroupBenchmarkMember::owned).sum() == PARTITIONS;
    }

    private static void await(AtomicReference<Throwable> failure, BooleanSupplier condition)
            throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (failure.get() != null) {
                throw new IllegalStateException("a member failed", failure.get());
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not within " + LIMIT);
            }
            Thread.sleep(2);
        }
    }
}
