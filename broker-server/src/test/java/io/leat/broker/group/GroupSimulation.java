package io.leat.broker.group;

import io.leat.broker.coordinator.Answer;
import io.leat.broker.group.GroupCommand.Identity;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Consumers that come, go, crash, fall silent, miss answers and repeat themselves, before a
 * coordinator that crashes and a disk that fails, all drawn from one seed, in virtual time.
 *
 * <p>Checks, after every step:
 *
 * <ul>
 *   <li>ONE OWNER: in a generation no partition is given to two consumers, and no consumer is given
 *       two different answers.
 *   <li>GENERATIONS RISE: the group's generation never goes back, crash or not.
 *   <li>NO LOST OFFSET: what is committed is what was acknowledged last, crash or not.
 *   <li>NO OLD OFFSET: only the current generation commits.
 *   <li>NOBODY IS STUCK: every join and sync is answered within the rebalance timeout.
 *   <li>SETTLES: once the faults end, the group is stable with just the living consumers.
 * </ul>
 */
final class GroupSimulation {
    private static final int PARTITIONS = 7;
    private static final int SESSION = 10_000;
    private static final int REBALANCE = 30_000;

    /** Failed writes are tried again after half a second. */
    private static final int SLACK = 3_000;

    private final long seed;
    private final Random random;
    private final GroupFixture f = new GroupFixture();
    private final List<Client> consumers = new ArrayList<>();
    private final List<Pending<?>> pending = new ArrayList<>();

    // What has been promised.
    private final Map<Integer, Map<String, String>> given = new HashMap<>();
    private final Map<Integer, Long> acknowledged = new TreeMap<>();
    private int highestGeneration;
    private int lastCommitGeneration;
    private int ids;
    private boolean faults = true;

    // What happened, so that a test can tell that something did.
    int rebalances;
    int commits;
    int crashes;

    GroupSimulation(long seed) {
        this.seed = seed;
        random = new Random(seed);
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            boolean isStatic = random.nextInt(3) == 0;
            consumers.add(new Client(isStatic ? Optional.of("instance" + i) : Optional.empty()));
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
                require(
                        f.time.wallMillis() - askedMillis <= REBALANCE + SLACK,
                        "NOBODY IS STUCK: an answer is overdue");
                return false;
            }
            then.accept(answer.join());
            return true;
        }
    }

    /** A client like Kafka's, in outline. */
    private final class Client {
        final Optional<String> instanceId;
        boolean alive;
        boolean asking;
        String memberId = "";
        int incarnation;
        Optional<JoinOutcome> joined = Optional.empty();
        boolean owns;
        List<Protocol> protocols = List.of(GroupFixture.protocol("range", "t"));

        Client(Optional<String> instanceId) {
            this.instanceId = instanceId;
        }

        Identity identity() {
            return new Identity(memberId, instanceId);
        }

        String owner() {
            return instanceId.orElse(memberId);
        }

        void start() {
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
            int asker = incarnation;
            boolean lost = faults && random.nextInt(20) == 0;
            pending.add(
                    new Pending<>(
                            answer,
                            reply -> {
                                if (asker == incarnation) {
                                    asking = false;
                                    if (lost) {
                                        forget(); // and join again
                                    } else {
                                        then.accept(reply);
                                    }
                                }
                            }));
        }

        void act() {
            if (asking) {
                return;
            }
            if (joined.isEmpty()) {
                join();
            } else if (!owns) {
                sync(joined.get());
            } else if (random.nextInt(4) == 0) {
                commit(random.nextInt(PARTITIONS));
            } else {
                heartbeat();
            }
        }

        void join() {
            if (faults && random.nextInt(8) == 0) {
                protocols =
                        random.nextBoolean()
                                ? List.of(GroupFixture.protocol("range", "t"))
                                : List.of(
                                        GroupFixture.protocol("sticky", "t", "u"),
                                        GroupFixture.protocol("range", "t"));
            }
            String newId = "c" + ++ids;
            await(
                    f.ask(
                            to ->
                                    new GroupCommand.Join(
                                            identity(),
                                            new Member.Client("c", "/host"),
                                            new Member.Timeouts(SESSION, REBALANCE),
                                            "consumer",
                                            protocols,
                                            new GroupCommand.JoinOptions(newId, true, true),
                                            to),
                            u ->
                                    JoinOutcome.refused(
                                            ErrorCode.COORDINATOR_NOT_AVAILABLE, memberId)),
                    this::joined);
        }

        private void joined(JoinOutcome outcome) {
            switch (outcome.error()) {
                case NONE -> {
                    memberId = outcome.memberId();
                    joined = Optional.of(outcome);
                    if (outcome.skipAssignment()) {
                        require(!outcome.members().isEmpty(), "a leader without members");
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
                default -> require(false, "unexpected answer to a join: " + outcome.error());
            }
        }

        void sync(JoinOutcome generation) {
            Map<String, Bytes> assignments = new HashMap<>();
            if (!generation.members().isEmpty() && !generation.skipAssignment()) {
                for (int p = 0; p < PARTITIONS; p++) {
                    List<JoinOutcome.Joined> members = generation.members();
                    String member = members.get((p + ids) % members.size()).memberId();
                    Bytes before = assignments.getOrDefault(member, Bytes.EMPTY);
                    assignments.put(member, GroupFixture.bytes(GroupFixture.text(before) + p));
                }
            }
            await(
                    f.ask(
                            to ->
                                    new GroupCommand.Sync(
                                            identity(),
                                            generation.generation(),
                                            generation.protocolType(),
                                            generation.protocolName(),
                                            assignments,
                                            to),
                            u -> SyncOutcome.refused(ErrorCode.COORDINATOR_NOT_AVAILABLE)),
                    outcome -> synced(generation, outcome));
        }

        private void synced(JoinOutcome generation, SyncOutcome outcome) {
            if (outcome.error() == ErrorCode.NONE) {
                owns = true;
                note(generation.generation(), owner(), GroupFixture.text(outcome.assignment()));
            } else {
                failed(outcome.error());
            }
        }

        void heartbeat() {
            int generation = joined.orElseThrow().generation();
            await(
                    f.ask(
                            to -> new GroupCommand.Heartbeat(identity(), generation, to),
                            u -> ErrorCode.COORDINATOR_NOT_AVAILABLE),
                    error -> {
                        if (error == ErrorCode.NONE) {
                            require(
                                    generation == f.membership().generation(),
                                    "ONE OWNER: heartbeat of generation %d in %d"
                                            .formatted(generation, f.membership().generation()));
                        } else {
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
                default -> require(false, "unexpected answer: " + error);
            }
        }

        void commitAs(Identity who, int generation, int partition, Consumer<ErrorCode> then) {
            long offset = random.nextInt(1_000_000);
            int current =
                    f.groups
                            .get(GroupFixture.GROUP)
                            .map(g -> g.membership().generation())
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
                            u -> ErrorCode.COORDINATOR_NOT_AVAILABLE);
            if (answer.join() == ErrorCode.NONE) {
                require(
                        generation == current && generation >= lastCommitGeneration,
                        "NO OLD OFFSET: generation %d commits in %d after %d"
                                .formatted(generation, current, lastCommitGeneration));
                lastCommitGeneration = generation;
                acknowledged.put(partition, offset);
                commits++;
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

    /** Runs it all; throws an AssertionError that names the seed. */
    void run(int steps) {
        try {
            for (int i = 0; i < steps; i++) {
                step();
                check();
            }
            calmDown();
        } catch (AssertionError e) {
            throw e;
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e, e);
        }
    }

    private void step() {
        Client someone = consumers.get(random.nextInt(consumers.size()));
        int draw = random.nextInt(1_000);
        if (draw < 4) {
            crash();
        } else if (draw < 10) {
            f.store.failWrites(1 + random.nextInt(2));
        } else if (draw < 30) {
            someone.alive = false; // crashes without a word
        } else if (draw < 45) {
            someone.leave();
        } else if (draw < 60 && someone.joined.isPresent()) {
            speakOutOfTurn(someone);
        } else if (draw < 70) {
            pass(random.nextInt(2 * SESSION));
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
    private void speakOutOfTurn(Client someone) {
        JoinOutcome old = someone.joined.orElseThrow();
        Identity identity = someone.identity();
        int generation = old.generation() - random.nextInt(3);
        int asker = someone.incarnation;
        boolean asking = someone.asking;
        switch (random.nextInt(3)) {
            case 0 -> someone.commitAs(identity, generation, random.nextInt(PARTITIONS), e -> {});
            case 1 -> f.heartbeat(identity, generation);
            default -> someone.join();
        }
        if (asker == someone.incarnation) {
            someone.asking = asking || someone.asking;
        }
    }

    private void pass(long millis) {
        long end = f.time.wallMillis() + millis;
        while (f.time.wallMillis() < end) {
            f.advance(Math.min(500, end - f.time.wallMillis()));
            settle();
        }
    }

    private void crash() {
        Optional<Membership> before = f.groups.get(GroupFixture.GROUP).map(Group::membership);
        f.crash();
        crashes++;
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
                require(
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

    private void check() {
        Optional<Group> group = f.groups.get(GroupFixture.GROUP);
        if (group.isEmpty()) {
            require(acknowledged.isEmpty(), "NO LOST OFFSET: the group is gone");
            highestGeneration = 0;
            return;
        }
        int generation = group.get().membership().generation();
        require(
                generation >= highestGeneration,
                "GENERATIONS RISE: from %d to %d".formatted(highestGeneration, generation));
        if (generation > highestGeneration) {
            highestGeneration = generation;
            rebalances++;
        }
        Map<Integer, Long> committed = new TreeMap<>();
        group.get().offsets().forEach((id, topic, p, o) -> committed.put(p, o.offset()));
        require(
                committed.equals(acknowledged),
                "NO LOST OFFSET: acknowledged %s, committed %s".formatted(acknowledged, committed));
    }

    private void note(int generation, String owner, String partitions) {
        Map<String, String> owners = given.computeIfAbsent(generation, g -> new HashMap<>());
        String before = owners.putIfAbsent(owner, partitions);
        require(
                before == null || before.equals(partitions),
                "ONE OWNER: %s was given %s and %s in generation %d"
                        .formatted(owner, before, partitions, generation));
        Set<Integer> seen = new HashSet<>();
        owners.values()
                .forEach(all ->
                        all.chars()
                                .forEach(p ->
                                        require(
                                                seen.add(p),
                                                "ONE OWNER: generation %d gives %s"
                                                        .formatted(generation, owners))));
    }

    /** No more faults: the living must get all partitions, and nobody else any. */
    private void calmDown() {
        faults = false;
        f.store.failWrites(0);
        pass(2L * SLACK);
        consumers.getFirst().start();
        long end = f.time.wallMillis() + 4L * REBALANCE;
        while (!settled()) {
            require(f.time.wallMillis() < end, "SETTLES: still " + f.group());
            for (Client consumer : consumers) {
                if (consumer.alive) {
                    consumer.act();
                    settle();
                }
            }
            pass(500);
            check();
        }
    }

    private boolean settled() {
        List<Client> living = consumers.stream().filter(c -> c.alive).toList();
        return f.phase().equals("Stable")
                && f.membership().members().size() == living.size()
                && living.stream()
                        .allMatch(c ->
                                c.owns
                                        && c.joined.orElseThrow().generation()
                                                == f.membership().generation());
    }

    private void require(boolean holds, String invariant) {
        if (!holds) {
            throw new AssertionError("seed " + seed + ": " + invariant);
        }
    }
}
