package io.leat.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Drive;
import io.leat.tests.harness.Drive.Failing;
import io.leat.tests.harness.Drive.Survivors;
import io.leat.tests.harness.Health;
import io.leat.tests.harness.LeatBroker;
import io.leat.tests.harness.NeedsDrive;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A drive that fails writes or flushes under load. After the first failed force a log acknowledges
 * nothing until it was read again from the disk: the page cache may hold what the disk has not. A
 * power cut afterwards tells the truth about every acknowledgement.
 */
@NeedsDrive
class DriveErrorsTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int DRIVE_MIB = 512;
    private static final int PARTITIONS = 3;
    private static final long SEED = Long.getLong("leat.tests.seed", System.nanoTime());
    private static final Map<String, String> SETTINGS =
            Map.of("group.initial.rebalance.delay.ms", "0");

    /** On a file system without a journal, which does not go read-only when the drive fails. */
    @ParameterizedTest
    @EnumSource(names = {"WRITES", "FLUSHES"})
    void healsWithoutARestartAndThenLosesNothing(Failing failing) {
        try (var scene = new Scene(Drive.Kind.UNJOURNALED)) {
            scene.workload.awaitAcknowledged(500, LIMIT);
            scene.workload.awaitCommits(1, LIMIT);
            scene.workload.slowDown();
            scene.drive.fail(failing);
            String words = scene.health.awaitNotReady(LIMIT);
            assertTrue(words.contains("partition numbers"), words);
            scene.drive.fail(Failing.NOTHING);
            scene.workload.awaitAcknowledged(500, LIMIT);
            scene.workload.awaitCommits(10, LIMIT);
            scene.health.awaitReady(LIMIT);
            scene.cutAndExamine();
        }
    }

    /** An ext4 with a journal is read-only once the drive failed; reads go on. */
    @ParameterizedTest
    @EnumSource(names = {"WRITES", "FLUSHES"})
    void losesNothingWhenThePowerFailsNext(Failing failing) {
        try (var scene = new Scene(Drive.Kind.VOLATILE)) {
            scene.workload.awaitAcknowledged(500, LIMIT);
            scene.drive.fail(failing);
            scene.health.awaitNotReady(LIMIT);
            scene.workload.requireReads(scene.broker.bootstrap(), LIMIT);
            scene.cutAndExamine();
        }
    }

    @Test
    void readsGoOnWhenTheFileSystemBecomesReadOnly() {
        try (var scene = new Scene(Drive.Kind.LOOP)) {
            scene.workload.awaitAcknowledged(500, LIMIT);
            scene.drive.makeReadOnly();
            String words = scene.health.awaitNotReady(LIMIT);
            // Whether a log meets it at a write, or in the midst of a force, is a matter of luck.
            assertTrue(words.contains("ead-only") || words.contains("output error"), words);
            scene.workload.requireReads(scene.broker.bootstrap(), LIMIT);
            scene.broker.kill();
            scene.drive.replace();
            scene.examine();
        }
    }

    @Test
    void refusesAReadOnlyDataDirectoryInOneLine() {
        try (Drive drive = Drive.create(Drive.Kind.LOOP, 64);
                LeatBroker broker = new LeatBroker(drive.files().resolve("data"), SETTINGS)) {
            drive.makeReadOnly();
            broker.launch();
            assertEquals(1, broker.process().awaitExit(LIMIT));
            List<String> lines = broker.process().lines();
            assertEquals(1, lines.size(), lines::toString);
            assertTrue(lines.getFirst().contains("ead-only"), lines::toString);
            assertTrue(lines.getFirst().contains(drive.files().toString()), lines::toString);
        }
    }

    /** A broker on a drive, with load on it. */
    private static final class Scene implements AutoCloseable {
        private final Drive drive;
        private final LeatBroker broker;
        private final LeatBroker examiner;
        private final Health health;
        private final Workload workload;

        private Scene(Drive.Kind kind) {
            drive = Drive.create(kind, DRIVE_MIB);
            broker = new LeatBroker(drive.files().resolve("data"), SETTINGS);
            examiner = new LeatBroker(drive.files().resolve("data"), SETTINGS);
            health = new Health(broker);
            try {
                broker.start();
                workload =
                        Workload.start(broker.bootstrap(), PARTITIONS, Map.of(), SEED)
                                .describing(
                                        () -> health.answer() + " " + broker.process().describe());
            } catch (Throwable e) {
                closeAllButClients();
                throw e;
            }
        }

        void cutAndExamine() {
            drive.belongsTo(broker);
            drive.cutPower(Survivors.none());
            broker.kill();
            examine();
        }

        /** Nothing is lost, and the clients go on after a restart until they are done. */
        void examine() {
            examiner.start();
            workload.compareWith(examiner.bootstrap(), LIMIT).requireFlawless("examined");
            examiner.kill();
            broker.start();
            workload.awaitAcknowledged(100, LIMIT);
            workload.finish(LIMIT);
            workload.compareWith(broker.bootstrap(), LIMIT).requireFlawless("finished");
        }

        @Override
        public void close() {
            workload.close();
            closeAllButClients();
        }

        private void closeAllButClients() {
            health.close();
            examiner.close();
            broker.close();
            drive.close();
        }
    }
}
