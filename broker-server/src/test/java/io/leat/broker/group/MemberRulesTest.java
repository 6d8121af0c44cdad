package io.leat.broker.group;

import static io.leat.broker.group.GroupFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.coordinator.Answer;
import io.leat.broker.group.classic.JoinOutcome;
import io.leat.broker.group.classic.SyncOutcome;
import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemberRulesTest {
    private final GroupFixture f = new GroupFixture();

    /** Three members that have joined and not yet synced. */
    private List<JoinOutcome> completing() {
        var joins = List.of(f.join().send(), f.join().send(), f.join().send());
        f.advance(1_000);
        return joins.stream().map(Answer::join).toList();
    }

    @Test
    void everyoneGetsWhatTheLeaderGivesThem() {
        List<JoinOutcome> joined = completing();
        Answer<SyncOutcome> early = f.sync(joined.get(1), Map.of());
        assertFalse(early.isDone());
        Map<String, String> assignments =
                Map.of(joined.get(0).memberId(), "zero", joined.get(1).memberId(), "one");
        SyncOutcome leader = f.sync(joined.get(0), assignments).join();
        assertEquals("zero", text(leader.assignment()));
        assertEquals(Optional.of("range"), leader.protocolName());
        assertEquals("one", text(early.join().assignment()));
        assertEquals("Stable", f.phase());
        // The leader forgot the third, which is no error: it owns nothing.
        SyncOutcome late = f.sync(joined.get(2), Map.of()).join();
        assertEquals(ErrorCode.NONE, late.error());
        assertEquals("", text(late.assignment()));
    }

    @Test
    void syncOfAnotherGenerationOrProtocolIsRefused() {
        List<JoinOutcome> joined = completing();
        JoinOutcome one = joined.get(1);
        assertEquals(ErrorCode.ILLEGAL_GENERATION, sync(one, 7, "range"));
        assertEquals(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, sync(one, 1, "sticky"));
        JoinOutcome stranger =
                new JoinOutcome(
                        ErrorCode.NONE,
                        1,
                        one.protocolType(),
                        one.protocolName(),
                        one.leader(),
                        false,
                        "stranger",
                        List.of());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, f.sync(stranger, Map.of()).join().error());
    }

    private ErrorCode sync(JoinOutcome member, int generation, String protocol) {
        JoinOutcome asked =
                new JoinOutcome(
                        ErrorCode.NONE,
                        generation,
                        member.protocolType(),
                        Optional.of(protocol),
                        member.leader(),
                        false,
                        member.memberId(),
                        List.of());
        return f.sync(asked, Map.of()).join().error();
    }

    @Test
    void whoLeavesBeforeItHasJoinedTroublesNobody() {
        JoinOutcome member = f.stable(1).getFirst();
        String newcomer = f.join().idFirst().now().memberId();
        assertEquals(List.of(ErrorCode.NONE), f.leave(newcomer).members());
        assertEquals("Stable", f.phase());
        assertEquals(ErrorCode.NONE, f.heartbeat(member.memberId(), 1));
        // Nor does a rebalance wait for it any longer.
        String other = f.join().idFirst().now().memberId();
        Answer<JoinOutcome> again = f.join().as(member.memberId()).send();
        assertFalse(again.isDone());
        f.leave(other);
        assertEquals(2, again.join().generation());
    }

    @Test
    void syncDuringARebalanceIsToldSo() {
        JoinOutcome one = f.stable(2).get(1);
        f.join().send();
        assertEquals(ErrorCode.REBALANCE_IN_PROGRESS, f.sync(one, Map.of()).join().error());
    }

    @Test
    void whoDoesNotSyncInTimeIsOut() {
        List<JoinOutcome> joined = completing();
        Answer<SyncOutcome> one = f.sync(joined.get(1), Map.of());
        keepAlive(joined, GroupFixture.REBALANCE);
        // Neither the leader nor the third synced: they are out, and the one that did joins anew.
        assertEquals(ErrorCode.REBALANCE_IN_PROGRESS, one.join().error());
        assertEquals("PreparingRebalance", f.phase());
        assertEquals(1, f.membership().members().size());
        JoinOutcome again = f.join().as(joined.get(1).memberId()).now();
        assertEquals(2, again.generation());
        assertEquals(again.memberId(), again.leader());
    }

    @Test
    void followerThatDoesNotSyncInAStableGroupIsOutToo() {
        List<JoinOutcome> joined = completing();
        f.sync(joined.get(0), Map.of());
        f.sync(joined.get(1), Map.of());
        assertEquals("Stable", f.phase());
        keepAlive(joined, GroupFixture.REBALANCE);
        assertEquals("PreparingRebalance", f.phase());
        assertEquals(2, f.membership().members().size());
    }

    private void keepAlive(List<JoinOutcome> members, long millis) {
        for (long passed = 0; passed < millis; passed += 3_000) {
            members.forEach(m -> f.heartbeat(m.memberId(), m.generation()));
            f.advance(3_000);
        }
    }

    @Test
    void heartbeatsSayWhatTheGroupIsDoing() {
        List<JoinOutcome> joined = completing();
        String id = joined.get(1).memberId();
        assertEquals(ErrorCode.NONE, f.heartbeat(id, 1));
        f.syncAll(joined);
        assertEquals(ErrorCode.NONE, f.heartbeat(id, 1));
        assertEquals(ErrorCode.ILLEGAL_GENERATION, f.heartbeat(id, 2));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, f.heartbeat("stranger", 1));
        f.join().send();
        assertEquals(ErrorCode.REBALANCE_IN_PROGRESS, f.heartbeat(id, 1));
    }

    @Test
    void heartbeatWritesNothingAndChangesNothing() {
        JoinOutcome member = f.stable(1).getFirst();
        int writes = f.store.writeCount();
        Group before = f.group();
        assertEquals(ErrorCode.NONE, f.heartbeat(member.memberId(), 1));
        assertSame(before, f.group());
        assertEquals(writes, f.store.writeCount());
    }

    @Test
    void silentMemberIsOutWhenItsSessionEnds() {
        List<JoinOutcome> joined = f.stable(2);
        f.advance(GroupFixture.SESSION - 1);
        assertEquals(ErrorCode.NONE, f.heartbeat(joined.get(0).memberId(), 1));
        f.advance(1);
        assertEquals("PreparingRebalance", f.phase());
        assertEquals(1, f.membership().members().size());
        JoinOutcome again = f.join().as(joined.get(0).memberId()).now();
        assertEquals(2, again.generation());
    }

    @Test
    void groupIsEmptyWhenItsLastMemberIsSilent() {
        f.stable(2);
        f.advance(GroupFixture.SESSION);
        assertEquals("Empty", f.phase());
        assertEquals(2, f.membership().generation());
        assertEquals(Optional.of("consumer"), f.membership().protocolType());
    }

    @Test
    void memberThatWaitsForTheRebalanceNeedsNoHeartbeats() {
        List<JoinOutcome> joined = f.stable(2);
        Answer<JoinOutcome> waiting = f.join().as(joined.get(0).memberId()).send();
        keepAlive(List.of(joined.get(1)), 3L * GroupFixture.SESSION);
        assertFalse(waiting.isDone());
        f.join().as(joined.get(1).memberId()).send();
        assertEquals(2, waiting.join().members().size());
    }

    @Test
    void whoDoesNotRejoinInTimeIsOut() {
        List<JoinOutcome> joined = f.stable(2);
        Answer<JoinOutcome> waiting = f.join().as(joined.get(0).memberId()).send();
        keepAlive(List.of(joined.get(1)), GroupFixture.REBALANCE);
        assertEquals(1, waiting.join().members().size());
        assertEquals(2, waiting.join().generation());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, f.heartbeat(joined.get(1).memberId(), 1));
    }

    @Test
    void leaderThatDoesNotRejoinLosesTheLead() {
        List<JoinOutcome> joined = f.stable(2);
        Answer<JoinOutcome> follower =
                f.join()
                        .as(joined.get(1).memberId())
                        .protocols(GroupFixture.protocol("range", "u"))
                        .send();
        f.advance(GroupFixture.REBALANCE);
        assertEquals(joined.get(1).memberId(), follower.join().leader());
    }

    @Test
    void leavingIsNoticedByTheOthersAtOnce() {
        List<JoinOutcome> joined = f.stable(3);
        assertEquals(List.of(ErrorCode.NONE), f.leave(joined.get(0).memberId()).members());
        assertEquals(ErrorCode.REBALANCE_IN_PROGRESS, f.heartbeat(joined.get(1).memberId(), 1));
        f.join().as(joined.get(1).memberId()).send();
        JoinOutcome last = f.join().as(joined.get(2).memberId()).now();
        assertEquals(2, last.generation());
        assertEquals(joined.get(1).memberId(), last.leader());
    }

    @Test
    void lastOneToLeaveEmptiesTheGroup() {
        JoinOutcome only = f.stable(1).getFirst();
        f.leave(only.memberId());
        assertEquals("Empty", f.phase());
        assertEquals(2, f.membership().generation());
        assertEquals(List.of(ErrorCode.UNKNOWN_MEMBER_ID), f.leave(only.memberId()).members());
    }

    @Test
    void leavingMemberThatWaitedIsAnswered() {
        List<JoinOutcome> joined = f.stable(2);
        Answer<JoinOutcome> waiting = f.join().as(joined.get(0).memberId()).send();
        f.leave(joined.get(0).memberId());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, waiting.join().error());
    }

    @Test
    void oneWhoNeverUsedItsIdMayGiveItBack() {
        String id = f.join().idFirst().now().memberId();
        assertEquals(List.of(ErrorCode.NONE), f.leave(id).members());
        assertEquals(List.of(ErrorCode.UNKNOWN_MEMBER_ID), f.leave(id).members());
    }

    @Test
    void strangersOfAGroupThatIsNotThere() {
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, f.heartbeat("someone", 1));
        assertEquals(
                List.of(ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.UNKNOWN_MEMBER_ID),
                f.leave(
                                new Identity("someone", Optional.empty()),
                                new Identity("", Optional.of("instance")))
                        .members());
        assertTrue(f.groups.get(GroupFixture.GROUP).isEmpty());
    }
}
