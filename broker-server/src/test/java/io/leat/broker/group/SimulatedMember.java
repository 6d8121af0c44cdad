package io.leat.broker.group;

import io.leat.broker.group.assign.PartitionSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** A client of {@link ConsumerSimulation}: what both protocols have in common. */
abstract class SimulatedMember {
    final ConsumerSimulation simulation;
    final Random random;
    private final Map<Integer, Long> positions = new HashMap<>();
    private PartitionSet owned = PartitionSet.NONE;

    SimulatedMember(ConsumerSimulation simulation) {
        this.simulation = simulation;
        this.random = simulation.random;
    }

    /** Does the next thing. */
    abstract void act();

    abstract String memberId();

    PartitionSet owned() {
        return owned;
    }

    /** Takes over what is new, from where it was committed, and lets go of the rest. */
    void own(PartitionSet partitions) {
        for (int partition : partitions.minus(owned).of(ConsumerSimulation.T)) {
            positions.put(partition, simulation.committed(partition));
        }
        owned = partitions;
    }

    long position(int partition) {
        return positions.getOrDefault(partition, -1L);
    }

    void position(int partition, long offset) {
        positions.put(partition, offset);
    }

    boolean lost() {
        return simulation.faults && random.nextInt(8) == 0;
    }

    boolean rarely() {
        return simulation.faults && random.nextInt(40) == 0;
    }

    @Override
    public String toString() {
        return memberId() + " owns " + owned;
    }
}
