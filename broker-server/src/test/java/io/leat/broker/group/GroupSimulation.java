package io.leat.broker.group;

import io.leat.broker.coordinator.Answer;
import io.leat.broker.coordinator.Unavailable;
import io.leat.broker.group.classic.Bytes;
import io.leat.broker.group.classic.ClassicCommand;
import io.leat.broker.group.classic.ClassicMembership;
import io.leat.broker.group.classic.JoinOutcome;
import io.leat.broker.group.classic.Phase;
import io.leat.broker.group.classic.SyncOutcome;
import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Consumers that come, go, crash, dawdle, miss answers and repeat themselves, before a coordinator
 * that crashes and a disk that fails, all drawn from one seed, in virtual time.
 *
 * <p>{@link GroupPromises} says what must hold after every step. In the end there are no more
 * faults, and the group must settle.
 */
final class GroupSimulation {
    static final int PARTITIONS = 7;
    static final int REBALANCE = 30_000;

    private final long seed;
    final Random random;
    final GroupFixture f = new GroupFixture();
    private final List<SimulatedConsumer> consumers = new ArrayList<>();
    private final List<Pending<?>> pending = new ArrayList<>();
    final List<Ghost> ghosts = new ArrayList<>();
    int ids;
    boolean faults = true;
    final GroupPromises promises;
    int crashes;

    GroupSimulation(long seed) {
        this.seed = seed;
        promises = new GroupPromises(seed, f);
        random = new Random(seed);
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            boolean isStatic = random.nextInt(3) == 0;
            consumers.add(
                    new SimulatedConsumer(
                            this, isStatic ? Optional.of("instance" + i) : Optional.empty()));
        }
    }

    private final class Pending<R> {
        final Answer<R> answer;
        final Consumer<R> then;
        final long askedMillis = f.time.wallMillis();

        Pending(Answer<R> answer, Consumer<R> then) {
            this.answer = answer;
            this.then = then;
        }

        boolean settle() {
            if (!answer.isDone()) {
                promises.require(
                        f.time.wallMillis() - askedMillis <= REBALANCE + GroupPromises.SLACK,
                        "NOBODY IS STUCK: an answer is overdue");
                return false;
            }
            R reply = answer.join();
            if (reply instanceof JoinOutcome outcome) {
                promises.hear(outcome.memberId()); // also when the answer is lost on its way
            }
            then.accept(reply);
            return true;
        }
    }

    /** Who a consumer was before it started anew. */
    record Ghost(Identity identity, JoinOutcome joined) {}

    /** Runs it all; throws an AssertionError that names the seed. */
    void run(int steps) {
        try {
            for (int i = 0; i < steps; i++) {
                step();
                promises.check();
            }
            calmDown();
        } catch (AssertionError e) {
            throw e;
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e, e);
        }
    }

    private void step() {
        SimulatedConsumer someone = consumers.get(random.nextInt(consumers.size()));
        int draw = random.nextInt(1_000);
        if (draw < 4) {
            if (random.nextInt(3) == 0) {
                someone.alive = false;
            }
            crash();
        } else if (draw < 10) {
            f.store.failWrites(1 + random.nextInt(2));
        } else if (draw < 30) {
            someone.alive = false; // crashes without a word
        } else if (draw < 45) {
            someone.leave();
        } else if (draw < 60 && someone.joined.isPresent()) {
            speakOutOfTurn(someone);
        } else if (draw < 66) {
            someone.dawdle();
        } else if (draw < 76 && !ghosts.isEmpty()) {
            haunt(ghosts.get(random.nextInt(ghosts.size())));
        } else if (draw < 84) {
            pass(random.nextInt(2 * GroupPromises.SESSION));
        } else if (draw < 300) {
            pass(random.nextInt(3_000));
        } else if (!someone.alive) {
            if (random.nextInt(5) == 0) {
                someone.start();
            }
        } else {
            someone.act();
        }
        settle();
    }

    /** Requests that were delayed, doubled, or sent by one who does not know better. */
    private void speakOutOfTurn(SimulatedConsumer someone) {
        JoinOutcome old = someone.joined.orElseThrow();
        Identity identity = someone.identity();
        promises.hear(identity.memberId());
        int generation = Math.max(0, old.generation() - random.nextInt(3));
        int asker = someone.incarnation;
        boolean asking = someone.asking;
        switch (random.nextInt(4)) {
            case 0 -> someone.commitAs(identity, generation, random.nextInt(PARTITIONS), e -> {});
            case 1 -> f.heartbeat(identity, generation);
            case 2 -> syncLate(identity, generation, old);
            default -> someone.join();
        }
        if (asker == someone.incarnation) {
            someone.asking = asking || someone.asking;
        }
    }

    /** The leader's word on a generation that may be over. */
    private void syncLate(Identity identity, int generation, JoinOutcome old) {
        Map<String, Bytes> everything = new HashMap<>();
        for (JoinOutcome.Joined member : old.members()) {
            everything.put(member.memberId(), GroupFixture.bytes("late:0123456"));
        }
        if (generation != old.generation()) {
            f.askClassic(
                    to ->
                            new ClassicCommand.Sync(
                                    identity,
                                    generation,
                                    old.protocolType(),
                                    old.protocolName(),
                                    everything,
                                    to),
                    u -> SyncOutcome.refused(unavailable(u)));
        }
    }

    private void haunt(Ghost ghost) {
        JoinOutcome joined = ghost.joined();
        promises.hear(ghost.identity().memberId());
        boolean isMember = promises.isMember(ghost.identity());
        if (f.heartbeat(ghost.identity(), joined.generation()) == ErrorCode.NONE) {
            promises.heard(ghost.identity(), isMember);
        }
        consumers.getFirst().commitAs(ghost.identity(), joined.generation(), 0, error -> {});
    }

    ErrorCode unavailable(Unavailable reason) {
        promises.require(reason == Unavailable.STORAGE_FAILED, "no decision: " + reason);
        return ErrorCode.COORDINATOR_NOT_AVAILABLE;
    }

    <R> void await(Answer<R> answer, Consumer<R> then) {
        pending.add(new Pending<>(answer, then));
    }

    private void pass(long millis) {
        long end = f.time.wallMillis() + millis;
        while (f.time.wallMillis() < end) {
            f.advance(Math.min(500, end - f.time.wallMillis()));
            settle();
        }
    }

    private void crash() {
        Optional<ClassicMembership> before =
                f.groups.get(GroupFixture.GROUP).map(GroupFixture::classic);
        f.crash();
        crashes++;
        promises.crashed();
        pending.clear();
        consumers.forEach(consumer -> {
            consumer.asking = false;
            if (!consumer.owns) {
                consumer.forget();
            }
        });
        before.ifPresent(m -> {
            boolean written =
                    m.phase() instanceof Phase.Stable
                            || m.phase() instanceof Phase.CompletingRebalance;
            if (written) {
                promises.require(
                        f.phase().equals(m.phase().displayName())
                                && f.membership().members().ids().equals(m.members().ids()),
                        "a crash changed the group");
            }
        });
    }

    private void settle() {
        for (boolean again = true; again; ) {
            again = pending.removeIf(Pending::settle);
        }
    }

    /** No more faults: the living must get all partitions, and nobody else any. */
    private void calmDown() {
        faults = false;
        f.store.failWrites(0);
        pass(2L * GroupPromises.SLACK);
        consumers.forEach(consumer -> consumer.busyUntilMillis = 0);
        consumers.getFirst().start();
        long end = f.time.wallMillis() + 4L * REBALANCE;
        while (!settled()) {
            promises.require(f.time.wallMillis() < end, "SETTLES: still " + f.group());
            everyoneActs();
        }
        int generation = f.membership().generation();
        for (int i = 0; i < 6 * GroupPromises.SESSION / 1_000; i++) {
            everyoneActs();
            promises.require(
                    generation == f.membership().generation(),
                    "THE OTHERS STAY: a rebalance without a reason");
        }
    }

    private void everyoneActs() {
        for (SimulatedConsumer client : consumers) {
            if (client.alive) {
                client.act();
                settle();
            }
        }
        pass(500);
        promises.check();
    }

    private boolean settled() {
        List<SimulatedConsumer> living = consumers.stream().filter(c -> c.alive).toList();
        return f.phase().equals("Stable")
                && f.membership().members().size() == living.size()
                && living.stream()
                        .allMatch(c ->
                                c.owns
                                        && c.joined.orElseThrow().generation()
                                                == f.membership().generation());
    }
}
