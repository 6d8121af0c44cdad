package io.leat.broker.group;

import static io.leat.broker.group.ConsumerFixture.T;
import static io.leat.broker.group.ConsumerFixture.partitions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.group.assign.PartitionSet;
import io.leat.broker.group.consumer.HeartbeatOutcome;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.wire.ErrorCode;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Members of consumer groups join, move to their targets, and go. */
class ConsumerRulesTest {
    private final ConsumerFixture g = new ConsumerFixture();

    @Test
    void firstMemberGetsAllAtOnce() {
        HeartbeatOutcome joined = g.join("a");
        assertEquals(Optional.of(partitions(0, 1, 2, 3, 4, 5)), joined.assignment());
        assertEquals(1, joined.epoch());
        assertEquals("Stable", g.membership().state());
        assertEquals(5_000, joined.intervalMillis());
    }

    @Test
    void newcomerWaitsUntilOthersHaveGivenUp() {
        g.join("a");
        HeartbeatOutcome joined = g.join("b");
        assertEquals(Optional.of(PartitionSet.NONE), joined.assignment());
        assertEquals(2, joined.epoch());
        assertTrue(joined.intervalMillis() < 5_000, "it is to ask again soon");

        HeartbeatOutcome told = g.beat("a").epoch(1).ok();
        assertEquals(1, told.epoch());
        PartitionSet kept = told.assignment().orElseThrow();
        assertEquals(3, kept.size());
        assertEquals(PartitionSet.NONE, g.owned("b"));

        // It has not given up yet: b gets nothing.
        g.beat("a").epoch(1).owned(partitions(0, 1, 2, 3, 4, 5)).ok();
        assertTrue(g.beat("b").epoch(2).ok().assignment().isEmpty());

        assertEquals(2, g.beat("a").epoch(1).owned(kept).ok().epoch());
        PartitionSet taken = g.beat("b").epoch(2).ok().assignment().orElseThrow();
        assertEquals(partitions(0, 1, 2, 3, 4, 5), kept.plus(taken));
        assertEquals("Stable", g.membership().state());
    }

    @Test
    void missedAnswerIsMadeUpFor() {
        g.join("a");
        g.join("b");
        PartitionSet kept = g.beat("a").epoch(1).ok().assignment().orElseThrow();
        g.beat("a").epoch(1).owned(kept).ok(); // the answer, epoch 2, is lost
        assertEquals(2, g.beat("a").epoch(1).owned(kept).ok().epoch());
        assertEquals(
                ErrorCode.FENCED_MEMBER_EPOCH,
                g.beat("a").epoch(1).owned(partitions(0, 1, 2, 3, 4, 5)).send().error());
    }

    @Test
    void joinCanBeRepeated() {
        HeartbeatOutcome first = g.join("a");
        HeartbeatOutcome again = g.join("a");
        assertEquals(first.assignment(), again.assignment());
        assertEquals(1, g.membership().size());
    }

    @Test
    void clockThatIsSetBackKeepsNobodyFromPartitions() {
        g.join("a");
        g.f.time.advance(-3_600_000);
        g.join("b");
        g.settle("a", "b");
        assertEquals(3, g.owned("b").size());
    }

    @Test
    void wrongEpochsAreFenced() {
        g.join("a");
        assertEquals(ErrorCode.FENCED_MEMBER_EPOCH, g.beat("a").epoch(9).send().error());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, g.beat("x").epoch(1).send().error());
        assertEquals(ErrorCode.NONE, g.beat("a").epoch(1).send().error());
    }

    @Test
    void silentMemberIsOutAndItsPartitionsGoToTheOthers() {
        g.join("a");
        g.join("b");
        g.settle("a", "b");
        g.f.advance(ConsumerFixture.SESSION - 1_000);
        g.beat("a").epoch(g.epochOf("a")).ok();
        g.f.advance(1_000);
        assertEquals(1, g.membership().size());
        HeartbeatOutcome told = g.beat("a").epoch(g.epochOf("a")).ok();
        assertEquals(6, told.assignment().orElseThrow().size());
    }

    @Test
    void whoTakesTooLongToGiveUpIsOut() {
        g.join("a");
        g.join("b");
        g.beat("a").epoch(1).ok();
        for (int i = 0; i < 4; i++) {
            g.f.advance(ConsumerFixture.REBALANCE / 4);
            g.beat("b").epoch(g.epochOf("b")).ok();
        }
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, g.beat("a").epoch(1).send().error());
        g.beat("b").epoch(g.epochOf("b")).ok();
        assertEquals(6, g.owned("b").size());
    }

    @Test
    void leaverIsOutAtOnce() {
        g.join("a");
        g.join("b");
        g.settle("a", "b");
        g.beat("b").epoch(-1).ok();
        assertEquals(1, g.membership().size());
        assertEquals(6, g.beat("a").epoch(g.epochOf("a")).ok().assignment().orElseThrow().size());
    }

    @Test
    void staticMemberComesBackToWhatItHad() {
        g.beat("a1").instance("a").names("t").ok();
        g.beat("b1").instance("b").names("t").ok();
        PartitionSet kept = g.beat("a1").instance("a").epoch(1).ok().assignment().orElseThrow();
        g.beat("a1").instance("a").epoch(1).owned(kept).ok();
        g.beat("b1").instance("b").epoch(2).ok();
        int epoch = g.membership().epoch();

        assertEquals(
                ErrorCode.UNRELEASED_INSTANCE_ID,
                g.beat("a2").instance("a").names("t").send().error());
        g.beat("a1").instance("a").epoch(-2).ok();
        assertEquals(2, g.membership().size());
        HeartbeatOutcome back = g.beat("a2").instance("a").names("t").ok();
        assertEquals(Optional.of(kept), back.assignment());
        assertEquals(epoch, g.membership().epoch(), "nothing is assigned anew");
        assertEquals(
                ErrorCode.FENCED_INSTANCE_ID, g.beat("a1").instance("a").epoch(2).send().error());
    }

    @Test
    void staticMemberThatStaysAwayIsOut() {
        g.beat("a1").instance("a").names("t").ok();
        g.beat("a1").instance("a").epoch(-2).ok();
        g.f.advance(ConsumerFixture.SESSION);
        assertTrue(g.membership().isEmpty());
    }

    @Test
    void patternFollowsTopics() {
        UUID x = new UUID(0, 8);
        HeartbeatOutcome joined = g.beat("a").pattern("t|x.*").ok();
        assertEquals(6, joined.assignment().orElseThrow().size());
        g.f.topics.add(x, "x1", 2, 0);
        HeartbeatOutcome told = g.beat("a").epoch(1).ok();
        assertEquals(8, told.assignment().orElseThrow().size());
        assertEquals(2, told.epoch());
        g.f.topics.add(x, "x1", 3, 0);
        assertEquals(9, g.beat("a").epoch(2).ok().assignment().orElseThrow().size());
        g.f.topics.remove(x);
        PartitionSet rest = g.beat("a").epoch(3).ok().assignment().orElseThrow();
        assertEquals(6, rest.size());
        g.f.topics.add(new UUID(0, 9), "y", 3, 0);
        assertEquals(4, g.beat("a").epoch(3).owned(rest).ok().epoch());
        assertTrue(g.membership().mayRead("t"));
        assertFalse(g.membership().mayRead("y"));
    }

    @Test
    void topicThatComesLaterIsAssigned() {
        g.beat("a").names("t", "later").ok();
        g.f.topics.add(new UUID(0, 9), "later", 1, 0);
        assertEquals(7, g.beat("a").epoch(1).ok().assignment().orElseThrow().size());
    }

    @Test
    void membersChooseTheAssignor() {
        g.beat("a").names("t").assignor("range").ok();
        assertEquals("range", g.membership().assignor());
        g.join("b");
        g.settle("a", "b");
        assertEquals(partitions(0, 1, 2), g.owned("a"));
    }

    @Test
    void fullGroupTakesNobody() {
        GroupConfig d = GroupConfig.DEFAULT;
        ConsumerFixture small =
                new ConsumerFixture(
                        new GroupConfig(
                                d.sessionTimeoutMillisMin(),
                                d.sessionTimeoutMillisMax(),
                                d.membersMax(),
                                1,
                                d.consumerAssignors(),
                                d.streamsMembersMax(),
                                d.migration(),
                                d.initialRebalanceDelayMillis(),
                                d.offsetMetadataMax(),
                                d.offsetsRetentionMillis(),
                                d.offsetsRetentionCheckMillis()));
        small.join("a");
        assertEquals(ErrorCode.GROUP_MAX_SIZE_REACHED, small.beat("b").names("t").send().error());
        small.join("a");
    }

    @Test
    void restartLosesNothing() {
        g.beat("a").names("t").ok();
        g.beat("b").pattern("t").ok();
        PartitionSet kept = g.beat("a").epoch(1).ok().assignment().orElseThrow();
        var before = g.membership();
        g.f.crash();
        var after = g.membership();
        assertEquals(before.members(), after.members());
        assertEquals(before.target().epoch(), after.target().epoch());
        assertEquals(before.target().of("b"), after.target().of("b"));
        assertEquals(before.epoch(), after.epoch());
        assertEquals(2, g.beat("a").epoch(1).owned(kept).ok().epoch());
        g.beat("b").epoch(2).ok();
        assertEquals("Stable", g.membership().state());
        assertEquals(2, g.membership().epoch(), "a restart assigns nothing anew");
        g.f.crash();
        g.f.advance(ConsumerFixture.SESSION);
        assertTrue(g.membership().isEmpty());
        g.f.crash();
        assertTrue(g.membership().isEmpty());
    }

    @Test
    void commitsAreFencedByEpoch() {
        g.join("a");
        assertEquals(ErrorCode.NONE, g.f.commit("a", 1, 0, 5));
        assertEquals(ErrorCode.STALE_MEMBER_EPOCH, g.f.commit("a", 0, 0, 6));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, g.f.commit("x", 1, 0, 6));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, g.f.commit("", -1, 0, 6));
        g.beat("a").epoch(-1).ok();
        assertEquals(ErrorCode.NONE, g.f.commit("", -1, 0, 7));
    }

    @Test
    void partitionHasOneOwner() {
        g.join("a");
        g.join("b");
        g.join("c");
        g.membership().checkOwners();
        g.settle("a", "b", "c");
        g.membership().checkOwners();
        assertTrue(
                g.owned("a").contains(T, 0)
                        ^ g.owned("b").contains(T, 0)
                        ^ g.owned("c").contains(T, 0));
    }
}
