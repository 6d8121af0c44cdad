package io.leat.broker.group;

import static io.leat.broker.group.GroupFixture.protocol;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.coordinator.Answer;
import io.leat.broker.group.classic.JoinOutcome;
import io.leat.broker.group.classic.Protocol;
import io.leat.broker.group.classic.SyncOutcome;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JoinRulesTest {
    private final GroupFixture f = new GroupFixture();

    @Test
    void firstMemberLeadsTheFirstGenerationAfterTheInitialDelay() {
        Answer<JoinOutcome> join = f.join().send();
        assertEquals("PreparingRebalance", f.phase());
        f.advance(99);
        assertFalse(join.isDone());
        f.advance(1);
        JoinOutcome joined = join.join();
        assertEquals(ErrorCode.NONE, joined.error());
        assertEquals(1, joined.generation());
        assertEquals(joined.memberId(), joined.leader());
        assertEquals(Optional.of("range"), joined.protocolName());
        assertEquals(Optional.of("consumer"), joined.protocolType());
        assertEquals(1, joined.members().size());
        assertEquals("CompletingRebalance", f.phase());
    }

    @Test
    void initialDelayGrowsWhileMembersComeButNotBeyondTheRebalanceTimeout() {
        Answer<JoinOutcome> first = f.join().rebalance(250).send();
        f.advance(90);
        Answer<JoinOutcome> second = f.join().rebalance(250).send();
        f.advance(10); // at 100: one came, so 100 more
        assertFalse(first.isDone());
        f.advance(50);
        Answer<JoinOutcome> third = f.join().rebalance(250).send();
        f.advance(50); // at 200: another came, but only 50 are left
        assertFalse(first.isDone());
        f.advance(50);
        assertEquals(1, first.join().generation());
        assertEquals(1, second.join().generation());
        assertEquals(1, third.join().generation());
        assertEquals(3, first.join().members().size());
        assertEquals(List.of(), second.join().members());
    }

    @Test
    void newDynamicMemberGetsItsIdFirst() {
        JoinOutcome first = f.join().idFirst().now();
        assertEquals(ErrorCode.MEMBER_ID_REQUIRED, first.error());
        assertFalse(first.memberId().isEmpty());
        assertEquals("Empty", f.phase());

        Answer<JoinOutcome> second = f.join().as(first.memberId()).idFirst().send();
        f.advance(100);
        assertEquals(first.memberId(), second.join().memberId());
        assertEquals(ErrorCode.NONE, second.join().error());
    }

    @Test
    void idThatIsNotUsedInTimeIsForgotten() {
        JoinOutcome first = f.join().idFirst().now();
        f.advance(GroupFixture.SESSION);
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, f.join().as(first.memberId()).now().error());
    }

    @Test
    void rebalanceWaitsForTheOneWhoWasGivenAnId() {
        JoinOutcome old = f.stable(1).getFirst();
        String id = f.join().idFirst().now().memberId();
        assertEquals("Stable", f.phase());
        // The leader rejoins; the group waits for the newcomer until its id expires.
        Answer<JoinOutcome> again = f.join().as(old.memberId()).send();
        assertFalse(again.isDone());
        f.join().as(id).idFirst().send();
        assertEquals(2, again.join().members().size());
    }

    @Test
    void sessionTimeoutHasBounds() {
        assertEquals(ErrorCode.INVALID_SESSION_TIMEOUT, f.join().session(5_999).now().error());
        assertEquals(ErrorCode.INVALID_SESSION_TIMEOUT, f.join().session(1_800_001).now().error());
        assertTrue(f.groups.get(GroupFixture.GROUP).isEmpty());
    }

    @Test
    void memberIdOfAGroupThatIsNotThereIsUnknown() {
        JoinOutcome outcome = f.join().as("someone").now();
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, outcome.error());
        assertEquals("someone", outcome.memberId());
        assertTrue(f.groups.get(GroupFixture.GROUP).isEmpty());
    }

    @Test
    void unknownMemberIdIsRefused() {
        f.stable(1);
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, f.join().as("stranger").now().error());
    }

    @Test
    void groupOfNoTypeOrNoProtocolIsRefused() {
        assertEquals(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, f.join().type("").now().error());
        assertEquals(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, f.join().protocols().now().error());
        assertTrue(f.groups.get(GroupFixture.GROUP).isEmpty());
    }

    @Test
    void typeAndOneProtocolMustBeShared() {
        f.stable(1);
        assertEquals(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, f.join().type("connect").now().error());
        assertEquals(
                ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
                f.join().protocols(protocol("sticky", "t")).now().error());
        assertEquals("Stable", f.phase());
    }

    @Test
    void protocolIsElectedByVoteAmongThoseThatAllSupport() {
        Protocol a = protocol("a", "t");
        Protocol b = protocol("b", "t");
        Protocol c = protocol("c", "t");
        var joins =
                List.of(
                        f.join().protocols(a, b, c).send(),
                        f.join().protocols(b, c).send(),
                        f.join().protocols(c, b).send(),
                        f.join().protocols(c, b, a).send());
        // Only b and c are supported by all: b gets 2 votes (of the first two), c gets 2; b first.
        assertEquals(Optional.of("b"), f.settle(joins).getFirst().protocolName());
    }

    @Test
    void sizeOfAGroupIsBounded() {
        GroupFixture small = new GroupFixture(GroupFixture.membersMax(2));
        small.join().send();
        small.join().send();
        assertEquals(ErrorCode.GROUP_MAX_SIZE_REACHED, small.join().now().error());
        small.advance(1_000);
        assertEquals(ErrorCode.GROUP_MAX_SIZE_REACHED, small.join().now().error());
        assertEquals(2, small.membership().members().size());
    }

    @Test
    void followerWithNothingNewGetsTheGenerationItIsIn() {
        List<JoinOutcome> members = f.stable(2);
        JoinOutcome again = f.join().as(members.get(1).memberId()).now();
        assertEquals(1, again.generation());
        assertEquals(List.of(), again.members());
        assertEquals("Stable", f.phase());
    }

    @Test
    void leaderThatJoinsAgainCausesARebalance() {
        List<JoinOutcome> members = f.stable(2);
        Answer<JoinOutcome> again = f.join().as(members.get(0).memberId()).send();
        assertFalse(again.isDone());
        assertEquals("PreparingRebalance", f.phase());
    }

    @Test
    void followerWithANewSubscriptionCausesARebalance() {
        List<JoinOutcome> members = f.stable(2);
        Answer<JoinOutcome> again =
                f.join()
                        .as(members.get(1).memberId())
                        .protocols(protocol("range", "t", "u"))
                        .send();
        assertEquals("PreparingRebalance", f.phase());
        Answer<JoinOutcome> leader = f.join().as(members.get(0).memberId()).send();
        assertEquals(2, again.join().generation());
        assertEquals(2, leader.join().members().size());
    }

    @Test
    void joinSentTwiceWhileCompletingIsAnsweredAgain() {
        Answer<JoinOutcome> join = f.join().send();
        f.advance(100);
        JoinOutcome again = f.join().as(join.join().memberId()).now();
        assertEquals(join.join(), again);
    }

    @Test
    void changedSubscriptionWhileCompletingStartsOver() {
        var joins = List.of(f.join().send(), f.join().send());
        f.advance(300);
        JoinOutcome leader = joins.get(0).join();
        JoinOutcome follower = joins.get(1).join();
        Answer<SyncOutcome> sync = f.sync(follower, Map.of());
        assertFalse(sync.isDone());
        f.join().as(leader.memberId()).protocols(protocol("range", "u")).send();
        assertEquals(ErrorCode.REBALANCE_IN_PROGRESS, sync.join().error());
        assertEquals("PreparingRebalance", f.phase());
    }

    @Test
    void onlyTheLastJoinOfAMemberIsAnsweredWithAGeneration() {
        List<JoinOutcome> members = f.stable(2);
        Answer<JoinOutcome> first = f.join().as(members.get(0).memberId()).send();
        Answer<JoinOutcome> second = f.join().as(members.get(0).memberId()).send();
        assertEquals(ErrorCode.REBALANCE_IN_PROGRESS, first.join().error());
        f.join().as(members.get(1).memberId()).send();
        assertEquals(2, second.join().generation());
    }

    @Test
    void newcomerThatWaitsTooLongIsLetGo() {
        f.settle(List.of(f.join().session(1_800_000).rebalance(1_000_000).send()));
        Answer<JoinOutcome> newcomer = f.join().rebalance(1_000_000).send();
        f.advance(299_999);
        assertFalse(newcomer.isDone());
        f.advance(1);
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, newcomer.join().error());
        assertEquals("", newcomer.join().memberId());
    }

    @Test
    void newcomerThatHasJoinedStaysForAsLongAsItIsHeard() {
        JoinOutcome member = f.stable(1).getFirst();
        for (int i = 0; i < 50; i++) {
            f.advance(9_000);
            assertEquals(ErrorCode.NONE, f.heartbeat(member.memberId(), 1));
        }
        assertEquals("Stable", f.phase());
    }
}
