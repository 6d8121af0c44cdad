package io.leat.tests.faults;

import io.leat.tests.harness.Folders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code kill -9} at random moments, under producers, consumers, commits, compaction and erasures
 * of keys: nothing that was acknowledged is lost, nothing that was seen is gone, and nothing is
 * there twice.
 *
 * <p>{@code -Dleat.tests.kills=200} kills more often than the build does; {@code -Dleat.tests.seed}
 * repeats a run as far as processes and threads allow it.
 */
@Timeout(3_600)
class KillTest {
    private static final int KILLS = Integer.getInteger("leat.tests.kills", 6);
    private static final int KILLS_OF_ONE_FOLDER = 20;
    private static final long SEED = Long.getLong("leat.tests.seed", System.nanoTime());

    @Test
    void nothingAcknowledgedOrSeenIsLost() {
        List<Long> startMillis = new ArrayList<>();
        long acknowledged = 0;
        for (int done = 0; done < KILLS; done += KILLS_OF_ONE_FOLDER) {
            long seed = SEED + done;
            Path folder = Folders.createTemporary("kill-");
            try (CrashTrial trial =
                    new CrashTrial(
                            folder,
                            seed,
                            (broker, random) -> {
                                broker.kill();
                                return "kill -9";
                            })) {
                Verdict verdict = trial.crash(Math.min(KILLS - done, KILLS_OF_ONE_FOLDER));
                acknowledged += verdict.acknowledged();
                startMillis.addAll(trial.startMillis());
            } finally {
                Folders.delete(folder);
            }
        }
        System.out.printf(
                "kill -9 %d times: %d records acknowledged, none lost; start to ready, ms: %s%n",
                KILLS, acknowledged, startMillis);
    }
}
