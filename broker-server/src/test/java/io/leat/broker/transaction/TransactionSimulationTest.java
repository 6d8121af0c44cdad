package io.leat.broker.transaction;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs simulations. {@code -Dleat.simulation.seeds=5000} runs more of them, {@code
 * -Dleat.simulation.seed=42} the one that a failure named.
 */
@Timeout(7_200)
class TransactionSimulationTest {
    @Test
    void invariantsHoldWhateverHappens() {
        Long one = Long.getLong("leat.simulation.seed");
        long first = one == null ? 0 : one;
        long count = one == null ? Integer.getInteger("leat.simulation.seeds", 200) : 1;
        int commits = 0;
        int aborts = 0;
        int crashes = 0;
        for (long seed = first; seed < first + count; seed++) {
            TransactionSimulation simulation = new TransactionSimulation(seed);
            simulation.run(600);
            commits += simulation.commits;
            aborts += simulation.aborts;
            crashes += simulation.crashes;
        }
        System.out.printf(
                "%d simulations: %d commits, %d aborts, %d crashes%n",
                count, commits, aborts, crashes);
        assertTrue(
                one != null || (commits > 5 * count && aborts > count && crashes > count),
                "the simulation does too little");
    }
}
