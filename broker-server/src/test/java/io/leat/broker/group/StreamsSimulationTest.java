package io.leat.broker.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Runs {@link StreamsSimulation} from many seeds: {@code -Dleat.simulation.seeds=5000} runs more,
 * {@code -Dleat.simulation.seed=17} one.
 */
class StreamsSimulationTest {
    @Test
    void promisesHoldWhateverHappens() {
        Long one = Long.getLong("leat.simulation.seed");
        long first = one == null ? 0 : one;
        long count = one == null ? Integer.getInteger("leat.simulation.seeds", 150) : 1;
        int epochs = 0;
        int commits = 0;
        int crashes = 0;
        int warmUps = 0;
        for (long seed = first; seed < first + count; seed++) {
            StreamsSimulation simulation = new StreamsSimulation(seed);
            simulation.run(400);
            epochs += simulation.epochs;
            commits += simulation.commits;
            crashes += simulation.crashes;
            warmUps += simulation.warmUps;
        }
        System.out.printf(
                "%d simulations: %d epochs, %d commits, %d crashes, %d looks at tasks that warm"
                        + " up%n",
                count, epochs, commits, crashes, warmUps);
        assertTrue(
                one != null
                        || (epochs > count
                                && commits > count
                                && crashes > count
                                && warmUps > count),
                "the simulation does too little");
    }
}
