package io.leat.broker.group;

import io.leat.broker.group.classic.ClassicMembership;
import io.leat.broker.group.classic.Phase;
import io.leat.broker.group.member.Identity;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a group has promised its consumers, and must keep.
 *
 * <ul>
 *   <li>ONE OWNER: in a generation no partition is given to two consumers, no consumer is given two
 *       different answers, and what it is given is of that generation.
 *   <li>NO GHOSTS: one whose place is taken, or who was removed, is not heard any more.
 *   <li>GENERATIONS RISE: the group's generation never goes back, crash or not.
 *   <li>NO LOST OFFSET: what is committed is what was acknowledged last, crash or not.
 *   <li>NO OLD OFFSET: only the current generation commits.
 *   <li>NOBODY IS STUCK: every join and sync is answered within the rebalance timeout.
 *   <li>THE SILENT GO, THE OTHERS STAY: members are out when they were not heard of for their
 *       session, and not before.
 *   <li>SETTLES: once the faults end, the group is stable with just the living consumers.
 * </ul>
 */
final class GroupPromises {
    static final int SESSION = 10_000;

    /** Failed writes are tried again after half a second, and may fail again. */
    static final int SLACK = 3_000;

    private final long seed;
    private final GroupFixture f;
    private final Map<Integer, Map<String, String>> given = new HashMap<>();
    private final Map<Integer, Long> acknowledged = new TreeMap<>();
    private final Map<String, Long> heardMillis = new HashMap<>();
    private long crashMillis;
    private int highestGeneration;
    private int lastCommitGeneration;

    // What happened, so that a test can tell that something did.
    int rebalances;
    int commits;

    GroupPromises(long seed, GroupFixture f) {
        this.seed = seed;
        this.f = f;
    }

    void require(boolean holds, String promise) {
        if (!holds) {
            throw new AssertionError("seed " + seed + ": " + promise);
        }
    }

    /** Whether the group knows {@code who}; to be asked before it speaks. */
    boolean isMember(Identity who) {
        return f.groups
                .get(GroupFixture.GROUP)
                .filter(group -> GroupFixture.classic(group).members().contains(who.memberId()))
                .isPresent();
    }

    void heard(Identity who, boolean isMember) {
        require(isMember, "NO GHOSTS: " + who + " is heard");
    }

    void hear(String memberId) {
        heardMillis.put(memberId, f.time.wallMillis());
    }

    void crashed() {
        crashMillis = f.time.wallMillis();
    }

    /** A consumer was told "generation:partitions". */
    void given(int generation, String owner, String assigned) {
        require(
                assigned.startsWith(generation + ":"),
                "ONE OWNER: generation %d gives what was assigned in %s"
                        .formatted(generation, assigned));
        String partitions = assigned.substring(assigned.indexOf(':') + 1);
        Map<String, String> owners = given.computeIfAbsent(generation, g -> new HashMap<>());
        String before = owners.putIfAbsent(owner, partitions);
        require(
                before == null || before.equals(partitions),
                "ONE OWNER: %s was given %s and %s in generation %d"
                        .formatted(owner, before, partitions, generation));
        Set<Integer> seen = new HashSet<>();
        String all = String.join("", owners.values());
        require(
                all.chars().allMatch(seen::add),
                "ONE OWNER: generation %d gives %s".formatted(generation, owners));
    }

    void committed(int generation, int current, int partition, long offset) {
        require(
                generation == current && generation >= lastCommitGeneration,
                "NO OLD OFFSET: generation %d commits in %d after %d"
                        .formatted(generation, current, lastCommitGeneration));
        lastCommitGeneration = generation;
        acknowledged.put(partition, offset);
        commits++;
    }

    void check() {
        Optional<Group> group = f.groups.get(GroupFixture.GROUP);
        if (group.isEmpty()) {
            require(acknowledged.isEmpty(), "NO LOST OFFSET: the group is gone");
            highestGeneration = 0;
            return;
        }
        int generation = GroupFixture.classic(group.get()).generation();
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
        checkSilence(GroupFixture.classic(group.get()));
    }

    private void checkSilence(ClassicMembership membership) {
        if (!(membership.phase() instanceof Phase.Stable)) {
            return;
        }
        for (String member : membership.members().ids()) {
            long renewed =
                    Math.max(
                            heardMillis.getOrDefault(member, 0L),
                            Math.max(crashMillis, membership.sinceMillis()));
            require(
                    f.time.wallMillis() - renewed <= SESSION + SLACK,
                    "THE SILENT GO: " + member + " is still a member");
        }
    }
}
