package io.leat.broker.group;

import io.leat.broker.group.assign.PartitionSet;
import io.leat.broker.group.consumer.HeartbeatOutcome;
import io.leat.wire.ErrorCode;

/** A client that speaks the consumer protocol. */
final class SimulatedConsumerMember extends SimulatedMember {
    private final boolean isStatic;
    private final String instanceId;
    private String memberId;
    private int epoch;
    private boolean full = true;
    private String pattern = "";
    private boolean wantsBoth;

    SimulatedConsumerMember(ConsumerSimulation simulation, boolean isStatic) {
        super(simulation);
        this.isStatic = isStatic;
        instanceId = "i" + ++simulation.ids;
        memberId = "m" + ++simulation.ids;
    }

    @Override
    String memberId() {
        return memberId;
    }

    @Override
    void act() {
        if (rarely()) {
            leave();
        } else if (rarely()) {
            restart();
        } else if (rarely()) {
            wantsBoth = !wantsBoth;
            pattern = random.nextBoolean() ? "u|v" : "";
            full = true;
            heartbeat();
        } else if (epoch > 0 && random.nextInt(3) == 0) {
            simulation.commit(this, epoch);
        } else {
            heartbeat();
        }
    }

    private void heartbeat() {
        if (lost()) {
            full = true; // never arrived
            return;
        }
        HeartbeatOutcome outcome = beat().send();
        if (simulation.faults && random.nextInt(10) == 0) {
            outcome = beat().send(); // the same once more
        }
        if (lost()) {
            full = true; // the answer never arrived
            return;
        }
        take(outcome);
    }

    private ConsumerFixture.Beat beat() {
        ConsumerFixture.Beat beat = simulation.g.beat(memberId).epoch(epoch);
        if (isStatic) {
            beat.instance(instanceId);
        }
        if (full || epoch == 0) {
            beat.names(wantsBoth ? new String[] {"t", "u"} : new String[] {"t"}).pattern(pattern);
            beat.rebalance();
        }
        return beat.owned(epoch == 0 ? PartitionSet.NONE : owned());
    }

    private void take(HeartbeatOutcome outcome) {
        switch (outcome.error()) {
            case NONE -> {
                simulation.require(
                        outcome.epoch() >= epoch, "EPOCHS: of a member go down: " + outcome);
                epoch = outcome.epoch();
                full = false;
                outcome.assignment().ifPresent(this::own);
            }
            case FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER_ID -> abandon();
            case FENCED_INSTANCE_ID, UNRELEASED_INSTANCE_ID -> {
                abandon(); // it waits until the one before is out
            }
            case COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS -> full = true;
            default -> simulation.require(false, "unexpected answer: " + outcome + " for " + this);
        }
    }

    private void abandon() {
        own(PartitionSet.NONE);
        epoch = 0;
        full = true;
    }

    private void leave() {
        if (epoch > 0) {
            own(PartitionSet.NONE);
            ConsumerFixture.Beat beat =
                    simulation.g.beat(memberId).epoch(isStatic && random.nextBoolean() ? -2 : -1);
            if (isStatic) {
                beat.instance(instanceId);
            }
            if (!lost()) {
                ErrorCode error = beat.send().error();
                simulation.require(
                        error != ErrorCode.INVALID_REQUEST, "unexpected answer: " + error);
            }
        }
        restart();
    }

    /** It comes back as somebody else. */
    private void restart() {
        abandon();
        memberId = "m" + ++simulation.ids;
    }
}
