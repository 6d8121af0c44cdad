package io.leat.tests.faults;

import io.leat.tests.harness.Drive;
import io.leat.tests.harness.Drive.Survivors;
import io.leat.tests.harness.KafkaBroker;
import io.leat.tests.harness.LeatBroker;
import io.leat.tests.harness.TestBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Cuts the power under Apache Kafka (one node, stock configuration) and under Leat, in the same way
 * on the same kind of drive under the same clients, and prints what each had acknowledged and what
 * of that is lost.
 *
 * <pre>
 * mvn -q verify -pl tests -am -DskipTests -Dprogram=io.leat.tests.faults.PowerCutComparison \
 *     [-Darguments='CUTS [SECONDS]']
 * </pre>
 *
 * <p>Needs root, FUSE and loop devices. Each cut has a drive of its own. When the clients have
 * begun, everything is flushed once, so that topic and groups are there for certain; so many
 * seconds later the drive forgets what was not flushed.
 */
public final class PowerCutComparison {
    private static final int DRIVE_MIB = 2048;
    private static final int PARTITIONS = 3;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private enum Candidate {
        KAFKA("Apache Kafka " + KafkaBroker.version()) {
            @Override
            TestBroker on(Path data) {
                return new KafkaBroker(data, Map.of());
            }
        },
        LEAT("Leat") {
            @Override
            TestBroker on(Path data) {
                return new LeatBroker(data, Map.of());
            }
        };

        private final String label;

        Candidate(String label) {
            this.label = label;
        }

        abstract TestBroker on(Path data);
    }

    private PowerCutComparison() {}

    /** Runs it: how many cuts for each, and after how many seconds of load. */
    public static void main(String[] args) throws InterruptedException {
        int cuts = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        List<String> summary = new ArrayList<>();
        for (Candidate candidate : Candidate.values()) {
            long acknowledged = 0;
            long lost = 0;
            long gone = 0;
            for (int i = 1; i <= cuts; i++) {
                Verdict verdict = cut(candidate, seconds, i);
                System.out.printf(
                        "%s, cut %d after %d s: %,d records acknowledged, %,d of them lost;"
                                + " %,d seen by consumers, %,d of them gone%n",
                        candidate.label,
                        i,
                        seconds,
                        verdict.acknowledged(),
                        verdict.lost(),
                        verdict.seen(),
                        verdict.gone());
                acknowledged += verdict.acknowledged();
                lost += verdict.lost();
                gone += verdict.gone();
            }
            summary.add(
                    String.format(
                            "%-19s power cut %d times, %,d of %,d acknowledged records lost,"
                                    + " %,d that consumers had seen gone",
                            candidate.label + ":", cuts, lost, acknowledged, gone));
        }
        summary.forEach(System.out::println);
        // Clients of a broker that lost their state would wait for it.
        System.exit(0);
    }

    private static Verdict cut(Candidate candidate, int seconds, int seed)
            throws InterruptedException {
        try (Drive drive = Drive.create(Drive.Kind.VOLATILE, DRIVE_MIB);
                TestBroker broker = candidate.on(drive.files().resolve("data"))) {
            broker.start();
            Workload workload = Workload.start(broker.bootstrap(), PARTITIONS, Map.of(), seed);
            try (workload) {
                workload.awaitCommits(1, LIMIT);
                drive.flush();
                TimeUnit.SECONDS.sleep(seconds);
                drive.belongsTo(broker);
                drive.cutPower(Survivors.none());
                broker.kill();
            }
            broker.start();
            return workload.compareWith(broker.bootstrap(), LIMIT);
        }
    }
}
