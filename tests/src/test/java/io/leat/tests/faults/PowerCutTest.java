package io.leat.tests.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Drive;
import io.leat.tests.harness.NeedsDrive;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The power goes, at random moments, under producers, consumers, commits and erasures of keys:
 * nothing that was acknowledged is lost, nothing that was seen is gone, and nothing is there twice.
 *
 * <p>{@code -Dleat.tests.cuts=200} cuts more often than the build does; {@code -Dleat.tests.seed}
 * repeats a run as far as processes and threads allow it.
 */
@NeedsDrive
@Timeout(3_600)
class PowerCutTest {
    private static final int CUTS = Integer.getInteger("leat.tests.cuts", 10);
    private static final int CUTS_OF_ONE_DRIVE = 20;
    private static final int DRIVE_MIB = 1024;
    private static final long SEED = Long.getLong("leat.tests.seed", System.nanoTime());

    @Test
    void nothingAcknowledgedOrSeenIsLost() {
        List<Long> startMillis = new ArrayList<>();
        long acknowledged = 0;
        long seen = 0;
        for (int done = 0; done < CUTS; done += CUTS_OF_ONE_DRIVE) {
            long seed = SEED + done;
            try (Drive drive = Drive.create(Drive.Kind.VOLATILE, DRIVE_MIB);
                    CrashTrial trial = trial(drive, seed, PowerCutTest::anySurvivors)) {
                Verdict verdict = trial.crash(Math.min(CUTS - done, CUTS_OF_ONE_DRIVE));
                acknowledged += verdict.acknowledged();
                seen += verdict.seen();
                startMillis.addAll(trial.startMillis());
            }
        }
        System.out.printf(
                "power cut %d times: %d records acknowledged and %d seen, none lost;"
                        + " start to ready, ms: %s%n",
                CUTS, acknowledged, seen, startMillis);
    }

    /**
     * A drive that acknowledges flushes without doing them loses records: the test above sees it.
     */
    @Test
    void lossesOfALyingDriveAreFound() {
        try (Drive drive = Drive.create(Drive.Kind.VOLATILE, DRIVE_MIB);
                CrashTrial trial = trial(drive, SEED, random -> Drive.Survivors.none())) {
            // Readers that lag see nothing that was written since: nothing of it can be missed.
            Workload workload = trial.workload().slowDown();
            workload.awaitAcknowledged(100, CrashTrial.LIMIT);
            drive.lie();
            workload.awaitSeenSinceNow(trial.bootstrap(), CrashTrial.LIMIT);
            Verdict verdict = trial.crashOnce();
            assertTrue(verdict.lost() > 0, () -> "lost nothing: " + verdict);
            assertTrue(verdict.gone() > 0, () -> "all that was seen is there: " + verdict);
            assertTrue(verdict.commitsLost() > 0, () -> "lost no commit: " + verdict);
            assertTrue(verdict.contradictions() > 0, () -> "lost no topic: " + verdict);
        }
    }

    private static CrashTrial trial(
            Drive drive, long seed, Function<Random, Drive.Survivors> survivors) {
        return new CrashTrial(
                drive.files().resolve("data"),
                seed,
                (broker, random) -> {
                    Drive.Survivors some = survivors.apply(random);
                    drive.belongsTo(broker);
                    drive.cutPower(some);
                    broker.kill();
                    return some.toString();
                });
    }

    private static Drive.Survivors anySurvivors(Random random) {
        return random.nextBoolean()
                ? Drive.Survivors.none()
                : Drive.Survivors.half(random.nextInt(Integer.MAX_VALUE));
    }
}
