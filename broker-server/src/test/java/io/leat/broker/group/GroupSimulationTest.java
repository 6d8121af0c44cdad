package io.leat.broker.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Runs simulations. {@code -Dleat.simulation.seeds=5000} runs more of them, {@code
 * -Dleat.simulation.seed=42} the one that a failure named.
 */
class GroupSimulationTest {
    @Test
    void invariantsHoldWhateverHappens() {
        Long one = Long.getLong("leat.simulation.seed");
        long first = one == null ? 0 : one;
        long count = one == null ? Integer.getInteger("leat.simulation.seeds", 300) : 1;
        int rebalances = 0;
        int commits = 0;
        int crashes = 0;
        for (long seed = first; seed < first + count; seed++) {
            GroupSimulation simulation = new GroupSimulation(seed);
            simulation.run(600);
            rebalances += simulation.promises.rebalances;
            commits += simulation.promises.commits;
            crashes += simulation.crashes;
        }
        System.out.printf(
                "%d simulations: %d generations, %d commits, %d crashes%n",
                count, rebalances, commits, crashes);
        assertTrue(
                one != null || (rebalances > count && commits > count && crashes > count / 2),
                "the simulation does too little");
    }
}
