package io.leat.broker.group;

import io.leat.broker.coordinator.Answer;
import io.leat.broker.group.classic.Bytes;
import io.leat.broker.group.classic.ClassicCommand;
import io.leat.broker.group.classic.JoinOutcome;
import io.leat.broker.group.classic.Member;
import io.leat.broker.group.classic.Protocol;
import io.leat.broker.group.classic.SyncOutcome;
import io.leat.broker.group.member.Client;
import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;

/** A consumer like Kafka's, in outline: what it knows, and what it says next. */
final class SimulatedConsumer {
    private final GroupSimulation simulation;
    private final GroupFixture f;
    private final Random random;
    private final GroupPromises promises;
    final Optional<String> instanceId;
    boolean alive;
    boolean asking;
    String memberId = "";
    int incarnation;
    Optional<JoinOutcome> joined = Optional.empty();
    boolean owns;
    long busyUntilMillis;
    List<Protocol> protocols = List.of(GroupFixture.protocol("range", "t"));

    SimulatedConsumer(GroupSimulation simulation, Optional<String> instanceId) {
        this.simulation = simulation;
        this.instanceId = instanceId;
        f = simulation.f;
        random = simulation.random;
        promises = simulation.promises;
    }

    Identity identity() {
        return new Identity(memberId, instanceId);
    }

    String owner() {
        return instanceId.orElse(memberId);
    }

    void start() {
        if (!memberId.isEmpty() && joined.isPresent()) {
            simulation.ghosts.add(new GroupSimulation.Ghost(identity(), joined.get()));
        }
        alive = true;
        asking = false;
        memberId = "";
        forget();
        incarnation++;
    }

    void forget() {
        joined = Optional.empty();
        owns = false;
    }

    /** Answers reach the incarnation that asked, if they are not lost on the way. */
    <R> void await(Answer<R> answer, Consumer<R> then) {
        asking = true;
        promises.hear(memberId);
        int asker = incarnation;
        boolean lost = simulation.faults && random.nextInt(20) == 0;
        simulation.await(
                answer,
                reply -> {
                    if (asker == incarnation) {
                        promises.hear(memberId);
                        asking = false;
                        if (lost) {
                            forget(); // and join again
                        } else {
                            then.accept(reply);
                        }
                    }
                });
    }

    void act() {
        if (asking) {
            return;
        }
        if (joined.isEmpty()) {
            join();
        } else if (f.time.wallMillis() < busyUntilMillis) {
            heartbeat(); // Kafka's client has a thread of its own for that
        } else if (!owns) {
            sync(joined.get());
        } else if (random.nextInt(4) == 0) {
            commit(random.nextInt(GroupSimulation.PARTITIONS));
        } else {
            heartbeat();
        }
    }

    void join() {
        if (simulation.faults && random.nextInt(8) == 0) {
            protocols =
                    random.nextBoolean()
                            ? List.of(GroupFixture.protocol("range", "t"))
                            : List.of(
                                    GroupFixture.protocol("sticky", "t", "u"),
                                    GroupFixture.protocol("range", "t"));
        }
        String newId = "c" + ++simulation.ids;
        await(
                f.askClassic(
                        to ->
                                new ClassicCommand.Join(
                                        identity(),
                                        new Client("c", "/host"),
                                        new Member.Timeouts(
                                                GroupPromises.SESSION, GroupSimulation.REBALANCE),
                                        "consumer",
                                        protocols,
                                        new ClassicCommand.JoinOptions(newId, true, true),
                                        to),
                        u -> JoinOutcome.refused(simulation.unavailable(u), memberId)),
                this::joined);
    }

    private void joined(JoinOutcome outcome) {
        switch (outcome.error()) {
            case NONE -> {
                memberId = outcome.memberId();
                promises.hear(memberId);
                joined = Optional.of(outcome);
                if (simulation.faults && random.nextInt(50) == 0) {
                    dawdle();
                }
                if (outcome.skipAssignment()) {
                    promises.require(!outcome.members().isEmpty(), "a leader without members");
                }
            }
            case MEMBER_ID_REQUIRED -> memberId = outcome.memberId();
            case UNKNOWN_MEMBER_ID -> memberId = "";
            case FENCED_INSTANCE_ID -> alive = false;
            case REBALANCE_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE -> {}
            // One of the old protocols cannot be given up while it is the only one shared.
            case INCONSISTENT_GROUP_PROTOCOL ->
                    protocols =
                            List.of(
                                    GroupFixture.protocol("sticky", "t", "u"),
                                    GroupFixture.protocol("range", "t"));
            default -> promises.require(false, "unexpected answer to a join: " + outcome.error());
        }
    }

    void sync(JoinOutcome generation) {
        Map<String, Bytes> assignments = assign(generation);
        await(
                f.askClassic(
                        to ->
                                new ClassicCommand.Sync(
                                        identity(),
                                        generation.generation(),
                                        generation.protocolType(),
                                        generation.protocolName(),
                                        assignments,
                                        to),
                        u -> SyncOutcome.refused(simulation.unavailable(u))),
                outcome -> synced(generation, outcome));
    }

    /** What a leader assigns: to each its partitions, as "generation:partitions". */
    private Map<String, Bytes> assign(JoinOutcome generation) {
        List<JoinOutcome.Joined> members = generation.members();
        if (members.isEmpty() || generation.skipAssignment()) {
            return Map.of();
        }
        Map<String, String> partitions = new HashMap<>();
        for (int p = 0; p < GroupSimulation.PARTITIONS; p++) {
            String member = members.get((p + simulation.ids) % members.size()).memberId();
            partitions.merge(member, "" + p, String::concat);
        }
        Map<String, Bytes> assignments = new HashMap<>();
        partitions.forEach((id, text) ->
                assignments.put(id, GroupFixture.bytes(generation.generation() + ":" + text)));
        return assignments;
    }

    private void synced(JoinOutcome generation, SyncOutcome outcome) {
        if (outcome.error() == ErrorCode.NONE) {
            owns = true;
            String assigned = GroupFixture.text(outcome.assignment());
            if (!assigned.isEmpty()) {
                promises.given(generation.generation(), owner(), assigned);
            }
        } else {
            failed(outcome.error());
        }
    }

    /** Works on its records for so long that a rebalance goes on without it. */
    void dawdle() {
        busyUntilMillis = f.time.wallMillis() + random.nextInt(2 * GroupSimulation.REBALANCE);
    }

    void heartbeat() {
        int generation = joined.orElseThrow().generation();
        await(
                f.askClassic(
                        to -> new ClassicCommand.Heartbeat(identity(), generation, to),
                        simulation::unavailable),
                error -> {
                    if (error == ErrorCode.NONE) {
                        promises.require(
                                generation == f.membership().generation(),
                                "ONE OWNER: heartbeat of generation %d in %d"
                                        .formatted(generation, f.membership().generation()));
                    } else if (f.time.wallMillis() >= busyUntilMillis) {
                        failed(error);
                    }
                });
    }

    void commit(int partition) {
        commitAs(identity(), joined.orElseThrow().generation(), partition, this::failed);
    }

    private void failed(ErrorCode error) {
        switch (error) {
            case NONE, COORDINATOR_NOT_AVAILABLE -> {}
            case REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION -> forget();
            case UNKNOWN_MEMBER_ID -> {
                forget();
                memberId = "";
            }
            case FENCED_INSTANCE_ID -> alive = false;
            default -> promises.require(false, "unexpected answer: " + error);
        }
    }

    void commitAs(Identity who, int generation, int partition, Consumer<ErrorCode> then) {
        long offset = random.nextInt(1_000_000);
        boolean isMember = promises.isMember(who);
        int current =
                f.groups
                        .get(GroupFixture.GROUP)
                        .map(g -> GroupFixture.classic(g).generation())
                        .orElse(0);
        Answer<ErrorCode> answer =
                f.ask(
                        to ->
                                new GroupCommand.CommitOffsets(
                                        who,
                                        generation,
                                        OptionalLong.empty(),
                                        List.of(
                                                new GroupCommand.Position(
                                                        GroupFixture.TOPIC_ID,
                                                        "t",
                                                        partition,
                                                        offset,
                                                        0,
                                                        "")),
                                        ErrorCode.ILLEGAL_GENERATION,
                                        to),
                        simulation::unavailable);
        if (answer.join() == ErrorCode.NONE) {
            promises.heard(who, isMember);
            promises.committed(generation, current, partition, offset);
        }
        await(answer, then);
    }

    void leave() {
        String id = memberId;
        alive = false;
        if (!id.isEmpty()) {
            f.leave(new Identity(id, instanceId));
        }
    }
}
