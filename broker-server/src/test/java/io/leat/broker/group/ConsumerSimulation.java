package io.leat.broker.group;

import io.leat.broker.coordinator.Answer;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.assign.PartitionSet;
import io.leat.broker.group.consumer.ConsumerMember;
import io.leat.broker.group.consumer.ConsumerMembership;
import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;

/**
 * A consumer group whose members speak both protocols, with lost requests and answers, repeated
 * requests, members that fall silent and come back, topics that change, and crashes of the broker.
 * All from a seed.
 *
 * <p>Requests of one client arrive in their order, as on a connection.
 *
 * <p>Promises, checked after every step:
 *
 * <ul>
 *   <li>ONE OWNER: no partition is held by two members, and who is a member believes to own only
 *       what is held for it.
 *   <li>NO WAY BACK: a committed offset that counts is never lower than the one before, and only
 *       the holder of a partition can commit it.
 *   <li>EPOCHS: those of the group never go down, whatever protocol it lives by.
 *   <li>DURABLE: after a crash everything is as it was answered.
 *   <li>CONVERGES: when faults stop, members own all partitions, each one, and nothing moves.
 * </ul>
 */
final class ConsumerSimulation {
    static final UUID T = ConsumerFixture.T;
    static final UUID U = new UUID(1, 2);

    final Random random;
    final ConsumerFixture g;
    final GroupFixture f;
    final List<SimulatedMember> members = new ArrayList<>();
    boolean faults = true;
    int ids;
    int epochs;
    int commits;
    int crashes;
    int migrations;
    private int epoch;
    private String type = "";
    private final Map<Integer, Long> committed = new HashMap<>();
    private final String name;

    ConsumerSimulation(long seed) {
        name = "seed " + seed + ": ";
        random = new Random(seed);
        g = new ConsumerFixture();
        f = g.f;
        f.topics.add(T, "t", 1 + random.nextInt(8), 0);
        f.topics.add(U, "u", 1 + random.nextInt(4), 0);
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            boolean classic = random.nextInt(3) == 0;
            members.add(
                    classic
                            ? new SimulatedClassicMember(this)
                            : new SimulatedConsumerMember(this, random.nextInt(3) == 0));
        }
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
        // Whom nobody has heard of for long may still be thrown out: hear of everybody first.
        for (int i = 0; i < 400 && (i < 10 || !converged()); i++) {
            f.advance(1_000);
            members.forEach(SimulatedMember::act);
            check();
        }
        require(converged(), "CONVERGES: " + f.groups.get(GroupFixture.GROUP) + " " + members);
        if (consumer().isEmpty()) {
            return; // a classic group, which has a simulation of its own
        }
        int settled = epoch;
        for (int i = 0; i < 20; i++) {
            f.advance(1_000);
            members.forEach(SimulatedMember::act);
            check();
        }
        require(settled == epoch, "CONVERGES: it goes on without a cause");
    }

    private void step() {
        switch (random.nextInt(60)) {
            case 0 -> {
                f.crash();
                crashes++;
            }
            case 1 -> f.topics.add(T, "t", 1 + random.nextInt(10), 0);
            case 2 -> f.topics.add(U, "u", 1 + random.nextInt(5), 0);
            case 3 -> f.advance(random.nextInt(60_000));
            case 4 -> f.store.failWrites(1 + random.nextInt(2));
            default -> {
                f.advance(random.nextInt(1_500));
                members.get(random.nextInt(members.size())).act();
            }
        }
    }

    /** The member of the group with that id, whatever protocol the group lives by now. */
    Optional<PartitionSet> heldFor(String memberId) {
        return consumer()
                .flatMap(membership -> membership.get(memberId))
                .map(member -> member.standing().held());
    }

    Optional<ConsumerMembership> consumer() {
        return f.groups
                .get(GroupFixture.GROUP)
                .map(Group::membership)
                .flatMap(membership ->
                        membership instanceof Membership.Consumer it
                                ? Optional.of(it.consumer())
                                : Optional.empty());
    }

    private void check() {
        Optional<Group> group = f.groups.get(GroupFixture.GROUP);
        if (group.isEmpty()) {
            return;
        }
        Membership membership = group.get().membership();
        int now = membership.roster().epoch();
        require(now >= epoch, "EPOCHS: %d after %d".formatted(now, epoch));
        epochs += now - epoch;
        epoch = now;
        if (!type.equals(membership.type().noun())) {
            type = membership.type().noun();
            migrations++;
        }
        consumer().ifPresent(ConsumerMembership::checkOwners);
        for (SimulatedMember member : members) {
            heldFor(member.memberId())
                    .filter(held -> !held.containsAll(member.owned()))
                    .ifPresent(held ->
                            require(
                                    false,
                                    "ONE OWNER: %s believes to own %s, held for it is %s"
                                            .formatted(member, member.owned(), held)));
        }
    }

    /** A member commits what it has read of a partition that it believes to own. */
    void commit(SimulatedMember member, int epoch) {
        List<Integer> own = member.owned().of(T);
        if (own.isEmpty()) {
            return;
        }
        int partition = own.get(random.nextInt(own.size()));
        long offset = member.position(partition) + 1 + random.nextInt(5);
        boolean holds =
                heldFor(member.memberId()).map(held -> held.contains(T, partition)).orElse(true);
        ErrorCode error = commit(member.memberId(), epoch, partition, offset);
        if (error == ErrorCode.NONE) {
            require(holds, "NO WAY BACK: %s does not hold %d".formatted(member, partition));
            require(
                    offset > committed.getOrDefault(partition, -1L),
                    "NO WAY BACK: %d after %d".formatted(offset, committed.get(partition)));
            committed.put(partition, offset);
            member.position(partition, offset);
            commits++;
        }
    }

    private ErrorCode commit(String memberId, int epoch, int partition, long offset) {
        GroupCommand.Position position =
                new GroupCommand.Position(T, "t", partition, offset, -1, "");
        return new Answer<>(f.askLater(to -> commitOf(memberId, epoch, position, to))).join();
    }

    private static GroupCommand commitOf(
            String memberId, int epoch, GroupCommand.Position position, ReplyTo<ErrorCode> to) {
        return new GroupCommand.CommitOffsets(
                new Identity(memberId, Optional.empty()),
                epoch,
                OptionalLong.empty(),
                List.of(position),
                ErrorCode.ILLEGAL_GENERATION,
                to);
    }

    long committed(int partition) {
        return f.groups
                .get(GroupFixture.GROUP)
                .flatMap(group -> group.offsets().get(T, partition))
                .map(offset -> offset.offset())
                .orElse(-1L);
    }

    private boolean converged() {
        Optional<ConsumerMembership> membership = consumer();
        if (members.stream().allMatch(SimulatedClassicMember.class::isInstance)) {
            return f.groups.get(GroupFixture.GROUP).isPresent() && membership.isEmpty();
        }
        if (membership.isEmpty() || !membership.get().state().equals("Stable")) {
            return false;
        }
        if (membership.get().topics().version() != f.topics.image().version()) {
            return false; // topics have changed, and no member has been heard of since
        }
        PartitionSet all = PartitionSet.NONE;
        for (SimulatedMember member : members) {
            Optional<ConsumerMember> known = membership.get().get(member.memberId());
            if (known.isEmpty() || !known.get().standing().assigned().equals(member.owned())) {
                return false;
            }
            all = all.plus(member.owned());
        }
        int wanted =
                membership.get().topics().partitions().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum();
        return membership.get().size() == members.size() && all.size() == wanted;
    }
}
