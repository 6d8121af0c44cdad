package io.leat.broker.group;

import static io.leat.broker.group.GroupFixture.protocol;
import static io.leat.broker.group.GroupFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.coordinator.Answer;
import io.leat.broker.group.classic.JoinOutcome;
import io.leat.broker.group.classic.LeaveOutcome;
import io.leat.broker.group.classic.Protocol;
import io.leat.broker.group.classic.SyncOutcome;
import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** KIP-345: members with a {@code group.instance.id}. */
class StaticMemberTest {
    private final GroupFixture f = new GroupFixture();

    private List<JoinOutcome> pair() {
        return f.settle(List.of(f.join().instance("one").send(), f.join().instance("two").send()));
    }

    private static Identity identity(String memberId, String instance) {
        return new Identity(memberId, Optional.of(instance));
    }

    @Test
    void staticMemberJoinsWithoutBeingGivenItsIdFirst() {
        Answer<JoinOutcome> join = f.join().instance("one").idFirst().send();
        f.advance(100);
        assertEquals(ErrorCode.NONE, join.join().error());
        assertTrue(join.join().memberId().startsWith("one-"));
        assertEquals(Optional.of("one"), join.join().members().getFirst().instanceId());
    }

    @Test
    void restartedFollowerTakesItsPlaceWithoutARebalance() {
        List<JoinOutcome> before = pair();
        JoinOutcome back = f.join().instance("two").now();
        assertEquals(ErrorCode.NONE, back.error());
        assertEquals(1, back.generation());
        assertNotEquals(before.get(1).memberId(), back.memberId());
        assertEquals(before.get(0).memberId(), back.leader());
        assertEquals("Stable", f.phase());
        SyncOutcome sync = f.sync(identity(back.memberId(), "two"), back, Map.of()).join();
        assertEquals("1", text(sync.assignment()));

        // The one it replaced is shut out.
        Identity old = identity(before.get(1).memberId(), "two");
        assertEquals(ErrorCode.FENCED_INSTANCE_ID, f.heartbeat(old, 1));
        assertEquals(
                ErrorCode.FENCED_INSTANCE_ID, f.sync(old, before.get(1), Map.of()).join().error());
        assertEquals(
                ErrorCode.FENCED_INSTANCE_ID,
                f.join().as(old.memberId()).instance("two").now().error());
        assertEquals(ErrorCode.FENCED_INSTANCE_ID, f.leave(old).members().getFirst());
        assertEquals(ErrorCode.NONE, f.heartbeat(identity(back.memberId(), "two"), 1));
    }

    @Test
    void restartedLeaderIsToldToKeepTheAssignment() {
        pair();
        JoinOutcome back = f.join().instance("one").now();
        assertTrue(back.skipAssignment());
        assertEquals(back.memberId(), back.leader());
        assertEquals(2, back.members().size());
        assertEquals("Stable", f.phase());
    }

    @Test
    void restartedLeaderThatCannotSkipIsNotToldThatItLeads() {
        List<JoinOutcome> before = pair();
        JoinOutcome back = f.join().instance("one").cannotSkip().now();
        assertFalse(back.skipAssignment());
        assertEquals(before.get(0).memberId(), back.leader());
        assertEquals(List.of(), back.members());
    }

    @Test
    void otherTopicsCauseARebalance() {
        List<JoinOutcome> before = pair();
        Answer<JoinOutcome> back =
                f.join().instance("two").protocols(protocol("range", "t", "u")).send();
        assertFalse(back.isDone());
        assertEquals("PreparingRebalance", f.phase());
        f.join().as(before.get(0).memberId()).instance("one").send();
        assertEquals(2, back.join().generation());
    }

    @Test
    void otherProtocolInFrontCausesARebalanceOnlyWhenItWins() {
        Protocol a = protocol("a", "t");
        Protocol b = protocol("b", "t");
        f.settle(
                List.of(
                        f.join().instance("one").protocols(a, b).send(),
                        f.join().instance("two").protocols(a, b).send(),
                        f.join().instance("three").protocols(b, a).send()));
        assertEquals(1, f.join().instance("three").protocols(b, a).now().generation());
        assertEquals(Optional.of("a"), f.membership().protocolName());
        assertFalse(f.join().instance("two").protocols(b, a).send().isDone());
        assertEquals("PreparingRebalance", f.phase());
    }

    @Test
    void replacedWhileItWaitsIsFencedAtOnce() {
        List<JoinOutcome> before = pair();
        Answer<JoinOutcome> join = f.join().as(before.get(0).memberId()).instance("one").send();
        Answer<JoinOutcome> twin = f.join().instance("one").send();
        assertEquals(ErrorCode.FENCED_INSTANCE_ID, join.join().error());
        f.join().as(before.get(1).memberId()).instance("two").send();
        assertEquals(2, twin.join().generation());
    }

    @Test
    void replacedWhileCompletingStartsOver() {
        var joins = List.of(f.join().instance("one").send(), f.join().instance("two").send());
        f.advance(300);
        JoinOutcome two = joins.get(1).join();
        Answer<SyncOutcome> sync = f.sync(identity(two.memberId(), "two"), two, Map.of());
        Answer<JoinOutcome> back = f.join().instance("two").send();
        assertEquals(ErrorCode.FENCED_INSTANCE_ID, sync.join().error());
        assertEquals("PreparingRebalance", f.phase());
        f.join().as(joins.get(0).join().memberId()).instance("one").send();
        assertEquals(2, back.join().generation());
    }

    @Test
    void staysInTheGroupWhenItMissesARebalanceUntilItsSessionEnds() {
        List<JoinOutcome> before =
                f.settle(
                        List.of(
                                f.join().rebalance(6_000).send(),
                                f.join().instance("two").session(60_000).rebalance(6_000).send()));
        Answer<JoinOutcome> leader = f.join().as(before.get(0).memberId()).rebalance(6_000).send();
        f.advance(6_000);
        assertEquals(2, leader.join().members().size());
        assertEquals(2, leader.join().generation());
        assertTrue(f.membership().members().withInstance("two").isPresent());
    }

    @Test
    void rebalanceWaitsWhenNobodyJoinsAndOnlyStaticMembersAreLeft() {
        var joins =
                List.of(
                        f.join().instance("one").session(60_000).rebalance(6_000).send(),
                        f.join().instance("two").session(60_000).rebalance(6_000).send());
        List<JoinOutcome> before = f.settle(joins);
        f.leave(identity("", "one"));
        assertEquals("PreparingRebalance", f.phase());
        f.advance(20_000);
        assertEquals("PreparingRebalance", f.phase());
        Answer<JoinOutcome> back =
                f.join().as(before.get(1).memberId()).instance("two").rebalance(6_000).send();
        assertEquals(2, back.join().generation());
    }

    @Test
    void administratorRemovesItByInstanceIdAlone() {
        pair();
        LeaveOutcome outcome = f.leave(identity("", "two"), identity("", "nobody"));
        assertEquals(List.of(ErrorCode.NONE, ErrorCode.UNKNOWN_MEMBER_ID), outcome.members());
        assertEquals("PreparingRebalance", f.phase());
        assertEquals(1, f.membership().members().size());
    }

    @Test
    void unknownInstanceIsUnknownNotFenced() {
        List<JoinOutcome> before = pair();
        assertEquals(
                ErrorCode.UNKNOWN_MEMBER_ID,
                f.heartbeat(identity(before.get(0).memberId(), "three"), 1));
    }

    @Test
    void comesBackIntoAFullGroup() {
        GroupFixture small = new GroupFixture(GroupFixture.membersMax(1));
        small.settle(List.of(small.join().instance("one").send()));
        assertEquals(ErrorCode.NONE, small.join().instance("one").now().error());
        assertEquals(ErrorCode.GROUP_MAX_SIZE_REACHED, small.join().instance("two").now().error());
    }

    @Test
    void newIdIsKeptOverACrash() {
        pair();
        JoinOutcome back = f.join().instance("two").now();
        f.crash();
        assertEquals(ErrorCode.NONE, f.heartbeat(identity(back.memberId(), "two"), 1));
        assertEquals(1, f.join().instance("two").now().generation());
    }
}
