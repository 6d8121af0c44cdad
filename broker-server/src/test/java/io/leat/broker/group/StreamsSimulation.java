package io.leat.broker.group;

import io.leat.broker.group.streams.StreamsMember;
import io.leat.broker.group.streams.StreamsMembership;
import io.leat.broker.group.streams.Task;
import io.leat.broker.group.streams.Tasks;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A streams group with lost requests and answers, repeated requests, members that fall silent and
 * come back, topics that come and go, and crashes of the broker. All from a seed.
 *
 * <p>Promises, checked after every step:
 *
 * <ul>
 *   <li>ONE OWNER: no task is run by two members, nor held twice in a process, and who is a member
 *       believes to own only what is held for it.
 *   <li>COMMITS: only who runs a task can commit what it read there, whenever its commit arrives.
 *   <li>EPOCHS: those of the group and of members never go down.
 *   <li>DURABLE: after a crash everything is as it was answered.
 *   <li>CONVERGES: when faults stop, members run all tasks, each one, and nothing moves.
 * </ul>
 */
final class StreamsSimulation {
    final Random random;
    final StreamsFixture g = new StreamsFixture();
    final GroupFixture f = g.f;
    final List<SimulatedStreamsMember> members = new ArrayList<>();
    boolean faults = true;
    int ids;
    int epochs;
    int commits;
    int crashes;
    int warmUps;
    private int epoch;
    private final String name;
    private final List<Commit> underway = new ArrayList<>();

    /** A commit that was sent and has not arrived. */
    private record Commit(String memberId, int epoch, Task task) {}

    StreamsSimulation(long seed) {
        name = "seed " + seed + ": ";
        random = new Random(seed);
        partitions(1 + random.nextInt(8));
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            members.add(new SimulatedStreamsMember(this, random.nextInt(3) == 0));
        }
    }

    /** How many partitions the topic has that is read, and the changelog with it. */
    private void partitions(int count) {
        f.topics.add(StreamsFixture.IN, "in", count, 0);
        f.topics.add(StreamsFixture.STATE, "state", count, 0);
    }

    void require(boolean condition, String promise) {
        if (!condition) {
            throw new AssertionError(name + promise);
        }
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
            check();
        }
        faults = false;
        partitions(1 + random.nextInt(8));
        for (int i = 0; i < 400 && !converged(); i++) {
            f.advance(1_000);
            members.forEach(SimulatedStreamsMember::act);
            check();
        }
        require(converged(), "CONVERGES: " + f.groups.get(GroupFixture.GROUP) + " " + members);
        int settled = epoch;
        for (int i = 0; i < 20; i++) {
            f.advance(1_000);
            members.forEach(SimulatedStreamsMember::act);
            check();
        }
        require(settled == epoch, "CONVERGES: it goes on without a cause");
    }

    private void step() {
        switch (random.nextInt(60)) {
            case 0 -> {
                Optional<StreamsMembership> before = streams();
                f.crash();
                crashes++;
                require(
                        before.map(StreamsMembership::members)
                                .equals(streams().map(StreamsMembership::members)),
                        "DURABLE: %s became %s".formatted(before, streams()));
            }
            case 1 -> partitions(1 + random.nextInt(10));
            case 2 -> f.topics.remove(StreamsFixture.STATE);
            case 3 -> f.advance(random.nextInt(60_000));
            case 4 -> f.store.failWrites(1 + random.nextInt(2));
            case 5, 6, 7 -> {
                if (!underway.isEmpty()) {
                    arrive(underway.remove(random.nextInt(underway.size())));
                }
            }
            default -> {
                f.advance(random.nextInt(1_500));
                members.get(random.nextInt(members.size())).act();
            }
        }
    }

    Optional<StreamsMembership> streams() {
        return f.groups
                .get(GroupFixture.GROUP)
                .map(Group::membership)
                .flatMap(membership ->
                        membership instanceof Membership.Streams it
                                ? Optional.of(it.streams())
                                : Optional.empty());
    }

    private Optional<Tasks> heldFor(String memberId) {
        return streams()
                .flatMap(membership -> membership.get(memberId))
                .map(member -> member.standing().held());
    }

    private void check() {
        Optional<StreamsMembership> group = streams();
        if (group.isEmpty()) {
            return;
        }
        int now = group.get().epoch();
        require(now >= epoch, "EPOCHS: %d after %d".formatted(now, epoch));
        epochs += now - epoch;
        epoch = now;
        group.get().checkOwners();
        for (SimulatedStreamsMember member : members) {
            heldFor(member.memberId())
                    .filter(held -> !held.containsAll(member.owned()))
                    .ifPresent(held ->
                            require(
                                    false,
                                    "ONE OWNER: %s believes to own %s, held for it is %s"
                                            .formatted(member, member.owned(), held)));
            warmUps += member.owned().warmup().size();
        }
    }

    /** A member commits what it has read with a task that it believes to run. */
    void commit(SimulatedStreamsMember member, int memberEpoch) {
        if (member.owned().active().isEmpty()) {
            return;
        }
        List<Task> own = List.copyOf(member.owned().active().tasks());
        Task task = own.get(random.nextInt(own.size()));
        Commit commit = new Commit(member.memberId(), memberEpoch, task);
        if (random.nextInt(3) == 0) {
            underway.add(commit);
        } else {
            arrive(commit);
        }
    }

    private void arrive(Commit commit) {
        boolean holds =
                heldFor(commit.memberId())
                        .map(held -> held.active().contains(commit.task()))
                        .orElse(false);
        ErrorCode error =
                f.commit(commit.memberId(), commit.epoch(), commit.task().partition(), ++commits);
        require(error != ErrorCode.NONE || holds, "COMMITS: not run there any more: " + commit);
    }

    private boolean converged() {
        Optional<StreamsMembership> group = streams();
        if (group.isEmpty() || !group.get().state().equals("Stable")) {
            return false;
        }
        if (group.get().resolved().version() != f.topics.image().version()) {
            return false; // topics have changed, and no member has been heard of since
        }
        Set<Task> run = new HashSet<>();
        for (SimulatedStreamsMember member : members) {
            Optional<StreamsMember> known = group.get().get(member.memberId());
            if (known.isEmpty() || !known.get().standing().assigned().equals(member.owned())) {
                return false;
            }
            if (!member.owned().warmup().isEmpty()) {
                return false; // something is still to move
            }
            member.owned().active().forEach(run::add);
        }
        int wanted = group.get().resolved().tasks().values().stream().mapToInt(each -> each).sum();
        return group.get().size() == members.size() && run.size() == wanted;
    }
}
