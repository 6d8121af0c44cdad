package io.leat.broker.share;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Runs simulations: a few in the build; {@code -Dleat.simulation.seeds=5000} is the long form,
 * {@code -Dleat.simulation.seed=42} the one that a failure named.
 */
class ShareSimulationTest {
    @Test
    void invariantsHoldWhateverHappens() {
        Long one = Long.getLong("leat.simulation.seed");
        long first = one == null ? 0 : one;
        long count = one == null ? Integer.getInteger("leat.simulation.seeds", 40) : 1;
        long deliveries = 0;
        long letters = 0;
        int crashes = 0;
        for (long seed = first; seed < first + count; seed++) {
            ShareSimulation simulation = new ShareSimulation(seed);
            simulation.run(600);
            deliveries += simulation.deliveries;
            letters += simulation.letters;
            crashes += simulation.crashes;
        }
        System.out.printf(
                "%d simulations: %d deliveries, %d dead letters, %d crashes%n",
                count, deliveries, letters, crashes);
        assertTrue(
                one != null || (deliveries > 100 * count && letters > count && crashes > count / 2),
                "the simulation does too little");
    }
}
