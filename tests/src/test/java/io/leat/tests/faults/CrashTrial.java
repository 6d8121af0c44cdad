package io.leat.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.DumpTool;
import io.leat.tests.harness.LeatBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Crashes a broker under load again and again. After each crash a broker that the clients do not
 * know of recovers the data and is held against the {@link Witness}; it is killed too, and the one
 * that the clients wait for starts.
 */
final class CrashTrial implements AutoCloseable {
    private static final int PARTITIONS = 3;
    static final Duration LIMIT = Duration.ofMinutes(1);
    private static final long LATER_NANOS_MAX = 30_000_000;
    private static final long STARTING_NANOS_MAX = 500_000_000;
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "group.initial.rebalance.delay.ms", "0",
                    // Always at it, and slowly: so that it is often in the middle of a pass.
                    "log.cleaner.backoff.ms", "20",
                    "log.cleaner.io.max.bytes.per.second", "4000000");

    /** How a running broker ends. */
    @FunctionalInterface
    interface Crash {
        /**
         * Ends the broker's process.
         *
         * @return how, for people
         */
        String strike(LeatBroker broker, Random random);
    }

    private final long seed;
    private final Random random;
    private final Crash crash;
    private final LeatBroker broker;
    private final LeatBroker examiner;
    private final Set<String> topics = new TreeSet<>(Set.of(Workload.TOPIC, Overwriter.TOPIC));
    private final List<Long> startMillis = new ArrayList<>();
    private final List<String> history = new ArrayList<>();
    private final Workload workload;
    private final Overwriter overwriter;

    /**
     * Starts a broker on an empty data directory, and the load on it.
     *
     * @param seed decides all that is random here
     */
    CrashTrial(Path dataDirectory, long seed, Crash crash) {
        this.seed = seed;
        this.random = new Random(seed);
        this.crash = crash;
        this.broker = new LeatBroker(dataDirectory, SETTINGS);
        this.examiner = new LeatBroker(dataDirectory, SETTINGS);
        try {
            broker.start();
            this.workload =
                    Workload.start(
                                    broker.bootstrap(),
                                    PARTITIONS,
                                    Map.of("segment.bytes", Integer.toString(1 << 20)),
                                    seed)
                            .describing(() -> broker.process().describe());
            this.overwriter = Overwriter.start(broker.bootstrap(), seed);
        } catch (Throwable e) {
            broker.close();
            examiner.close();
            throw e;
        }
    }

    String bootstrap() {
        return broker.bootstrap();
    }

    Workload workload() {
        return workload;
    }

    /**
     * Crashes it so many times, with work between and after, and requires that nothing is lost.
     *
     * @return what it looked like at the end
     */
    Verdict crash(int times) {
        for (int i = 0; i < times; i++) {
            crashOnce().requireFlawless(toString());
            restart();
        }
        Verdict verdict = finish();
        verdict.requireFlawless(toString());
        return verdict;
    }

    /** Crashes it once at a random moment, sometimes once more while it starts, and examines it. */
    Verdict crashOnce() {
        changeTopics();
        overwriter.eraseKey(broker.bootstrap());
        workload.awaitCommits(1, LIMIT);
        workload.awaitAcknowledged(200 + random.nextInt(2_000), LIMIT);
        LockSupport.parkNanos(random.nextLong(LATER_NANOS_MAX));
        strike("serving");
        if (random.nextInt(5) == 0) {
            broker.launch();
            LockSupport.parkNanos(random.nextLong(STARTING_NANOS_MAX));
            strike("starting");
        }
        return examine();
    }

    /** Lets the clients go on. */
    private void restart() {
        broker.start();
        startMillis.add(broker.lastStart().toMillis());
    }

    /**
     * Lets the clients finish, examines once more, stops the broker and has Kafka dump the files.
     */
    Verdict finish() {
        workload.finish(LIMIT);
        overwriter.finish(LIMIT);
        assertEquals(
                List.of(), overwriter.awaitErasures(broker.bootstrap(), LIMIT), this::toString);
        assertEquals(List.of(), workload.failures(), this::toString);
        requireCompaction();
        Verdict verdict = workload.compareWith(broker.bootstrap(), LIMIT);
        broker.stop();
        List<String> complaints =
                DumpTool.complaints(
                        DumpTool.dumpBatches(DumpTool.segmentFiles(broker.logDirectory())));
        // Where records were removed, offsets have gaps, which the tool remarks upon.
        assertEquals(
                List.of(),
                complaints.stream().filter(line -> !line.contains(" is followed by ")).toList(),
                this::toString);
        return verdict;
    }

    /** The topic that is overwritten was compacted, or nothing was tried here. */
    private void requireCompaction() {
        try (var admin = io.leat.client.Admin.connect(broker.bootstrap())) {
            Await.until(
                    () -> "a pass of compaction: " + admin.describeCompaction(Overwriter.TOPIC),
                    LIMIT,
                    () ->
                            admin.describeCompaction(Overwriter.TOPIC).stream()
                                    .anyMatch(one -> one.lastPass().isPresent()));
        }
        assertEquals(
                List.of(),
                overwriter.compareWith(broker.bootstrap(), LIMIT).flaws(),
                this::toString);
    }

    /** From calling the launcher until clients can connect, at each restart. */
    List<Long> startMillis() {
        return startMillis;
    }

    @Override
    public String toString() {
        return "seed "
                + seed
                + "\n  "
                + String.join(
                        "\n  ", history.subList(Math.max(0, history.size() - 3), history.size()))
                + "\n  "
                + workload;
    }

    @Override
    public void close() {
        workload.close();
        overwriter.close();
        examiner.close();
        broker.close();
    }

    private void strike(String doing) {
        history.add(
                "crash %d, %s: %s"
                        .formatted(history.size() + 1, doing, crash.strike(broker, random)));
    }

    private Verdict examine() {
        examiner.start();
        try {
            Verdict verdict = workload.compareWith(examiner.bootstrap(), LIMIT);
            for (String flaw : overwriter.compareWith(examiner.bootstrap(), LIMIT).flaws()) {
                verdict = verdict.withContradiction(flaw);
            }
            Set<String> found = names(examiner);
            return found.equals(topics)
                    ? verdict
                    : verdict.withContradiction("topics are %s, were %s".formatted(found, topics));
        } finally {
            examiner.kill();
        }
    }

    /** Topics that were made are there after a crash, those that were deleted are not. */
    private void changeTopics() {
        String made = "made-" + random.nextInt(1_000_000);
        try (Admin admin = Admin.create(config(broker))) {
            admin.createTopics(Set.of(new NewTopic(made, 2, (short) 1))).all().get();
            topics.add(made);
            if (topics.size() > 5) {
                String old =
                        topics.stream()
                                .filter(t -> t.startsWith("made-"))
                                .findFirst()
                                .orElseThrow();
                admin.deleteTopics(Set.of(old)).all().get();
                topics.remove(old);
            }
        } catch (ExecutionException e) {
            throw new AssertionError("topics cannot be changed: " + this, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Set<String> names(LeatBroker of) {
        try (Admin admin = Admin.create(config(of))) {
            return new TreeSet<>(admin.listTopics().names().get());
        } catch (ExecutionException e) {
            throw new AssertionError("topics", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> config(LeatBroker of) {
        return new HashMap<>(Map.of("bootstrap.servers", of.bootstrap()));
    }
}
