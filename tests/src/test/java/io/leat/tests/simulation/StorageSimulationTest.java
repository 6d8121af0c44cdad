package io.leat.tests.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.storage.local.CrashDisk;
import io.leat.tests.harness.Folders;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the seed: what was acknowledged or seen is there after each recovery, and the same; what
 * was trimmed, erased or deleted is not; transactions are whole; look-ups are right.
 *
 * <p>{@code -Dleat.storage.seeds=10000} runs more seeds than the build does; {@code
 * -Dleat.storage.seed=4711} runs one, and both together so many from there on.
 */
@Timeout(7_200)
class StorageSimulationTest {
    private static final long FIRST_SEED = Long.getLong("leat.storage.seed", 1);
    private static final int SEEDS =
            Integer.getInteger(
                    "leat.storage.seeds", Long.getLong("leat.storage.seed") == null ? 200 : 1);
    private static final int CONTROL_SEEDS = 60;

    private final Path folder = Folders.createInMemory("simulation-");

    @Test
    void everySeedHolds() {
        Simulation.Deeds deeds = new Simulation.Deeds();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            try {
                deeds.add(run(seed, disk -> {}).run());
            } catch (AssertionError e) {
                throw new AssertionError(
                        "seed %d fails; -Dleat.storage.seed=%d repeats it".formatted(seed, seed),
                        e);
            } finally {
                Folders.delete(folder);
            }
        }
        System.out.printf("storage simulation, %d seeds: %s%n", SEEDS, deeds);
    }

    /** Each has found a bug once, and is one of the long run's. */
    @ParameterizedTest
    @ValueSource(longs = {22, 93, 106, 1158, 1350, 1402, 1541, 1550, 90_044, 90_113})
    void seedsThatFoundSomethingHold(long seed) {
        var _ = run(seed, disk -> {}).run();
        Folders.delete(folder);
    }

    @Test
    void aSeedDoesTheSameEachTime() {
        for (long seed = 1; seed <= 5; seed++) {
            Simulation one = run(seed, disk -> {});
            var _ = one.run();
            Folders.delete(folder);
            Simulation again = run(seed, disk -> {});
            var _ = again.run();
            Folders.delete(folder);
            assertEquals(one.fingerprint(), again.fingerprint(), "seed " + seed);
        }
    }

    // Without these the first test would prove nothing: each breaks one promise of the engine.

    @Test
    void forcesOfRecordsThatAreSkippedAreFound() {
        requireFound(disk -> disk.lieAbout(path -> path.toString().endsWith(".log")));
    }

    @Test
    void forcesOfDirectoriesThatAreSkippedAreFound() {
        requireFound(disk -> disk.lieAbout(path -> !path.getFileName().toString().contains(".")));
    }

    @Test
    void failedForcesThatAreBelievedAreFound() {
        requireFound(CrashDisk::hideFailedForces);
    }

    private void requireFound(Consumer<CrashDisk> mischief) {
        int found = 0;
        for (long seed = 1; seed <= CONTROL_SEEDS && found < 3; seed++) {
            try {
                var _ = run(seed, mischief).run();
            } catch (AssertionError e) {
                found++;
            } finally {
                Folders.delete(folder);
            }
        }
        assertTrue(found >= 3, "found by " + found + " of " + CONTROL_SEEDS + " seeds");
    }

    private Simulation run(long seed, Consumer<CrashDisk> mischief) {
        return new Simulation(seed, folder.resolve("seed-" + seed), mischief);
    }
}
