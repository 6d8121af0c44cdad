package io.leat.broker.group;

import io.leat.broker.group.streams.HeartbeatOutcome;
import io.leat.broker.group.streams.Task;
import io.leat.broker.group.streams.Tasks;
import io.leat.wire.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** A thread of an application, in outline: what it knows, and what it says next. */
final class SimulatedStreamsMember {
    /** How large the state of each task is. */
    private static final long SIZE = 100_000;

    private final StreamsSimulation simulation;
    private final Random random;
    private final boolean isStatic;
    private final String instanceId;
    private final String process;
    private final Map<Task, Long> states = new HashMap<>();
    private String memberId;
    private int epoch;
    private Tasks owned = Tasks.NONE;

    SimulatedStreamsMember(StreamsSimulation simulation, boolean isStatic) {
        this.simulation = simulation;
        this.isStatic = isStatic;
        random = simulation.random;
        instanceId = "i" + ++simulation.ids;
        memberId = "m" + ++simulation.ids;
        process = "p" + random.nextInt(3);
    }

    String memberId() {
        return memberId;
    }

    Tasks owned() {
        return owned;
    }

    private boolean lost() {
        return simulation.faults && random.nextInt(8) == 0;
    }

    private boolean rarely() {
        return simulation.faults && random.nextInt(40) == 0;
    }

    /** Does the next thing. */
    void act() {
        work();
        if (rarely()) {
            leave();
        } else if (rarely()) {
            restart();
        } else if (epoch > 0 && random.nextInt(3) == 0 && simulation.faults) {
            simulation.commit(this, epoch);
        } else {
            heartbeat();
        }
    }

    /** Builds up the states that it has to. */
    private void work() {
        owned.active().forEach(task -> states.put(task, SIZE));
        owned.standby().forEach(task -> states.merge(task, 30_000L, Long::sum));
        owned.warmup().forEach(task -> states.merge(task, 30_000L, Long::sum));
        states.replaceAll((task, offset) -> Math.min(offset, SIZE));
    }

    private void heartbeat() {
        if (lost()) {
            return; // never arrived
        }
        HeartbeatOutcome outcome = beat().send();
        if (simulation.faults && random.nextInt(10) == 0) {
            outcome = beat().send(); // the same once more
        }
        if (!lost()) {
            take(outcome);
        }
    }

    private StreamsFixture.Beat beat() {
        StreamsFixture.Beat beat =
                simulation.g.beat(memberId).process(process).epoch(epoch).owned(owned);
        if (isStatic) {
            beat.instance(instanceId);
        }
        owned.all().forEach(task -> beat.state(task, states.getOrDefault(task, 0L), SIZE));
        return beat;
    }

    private void take(HeartbeatOutcome outcome) {
        switch (outcome.error()) {
            case NONE -> {
                simulation.require(
                        outcome.epoch() >= epoch, "EPOCHS: of a member go down: " + outcome);
                epoch = outcome.epoch();
                outcome.assignment().ifPresent(tasks -> owned = tasks);
            }
            case FENCED_MEMBER_EPOCH,
                    UNKNOWN_MEMBER_ID,
                    FENCED_INSTANCE_ID,
                    UNRELEASED_INSTANCE_ID ->
                    abandon();
            case COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS -> {}
            default -> simulation.require(false, "unexpected answer: " + outcome + " for " + this);
        }
    }

    private void abandon() {
        owned = Tasks.NONE;
        epoch = 0;
    }

    private void leave() {
        if (epoch > 0) {
            owned = Tasks.NONE;
            StreamsFixture.Beat beat =
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

    /** It comes back as somebody else, in the same process. */
    private void restart() {
        abandon();
        memberId = "m" + ++simulation.ids;
    }

    @Override
    public String toString() {
        return memberId + " of " + process + " in " + epoch + " owns " + owned;
    }
}
