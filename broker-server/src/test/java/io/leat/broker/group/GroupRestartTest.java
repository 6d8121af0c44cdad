package io.leat.broker.group;

import static io.leat.broker.group.GroupFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.coordinator.Answer;
import io.leat.broker.group.classic.ClassicMembership;
import io.leat.broker.group.classic.JoinOutcome;
import io.leat.broker.group.classic.SyncOutcome;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a group is after the coordinator was killed at the worst time. */
class GroupRestartTest {
    private final GroupFixture f = new GroupFixture();

    @Test
    void stableMembersGoOnAsIfNothingHadHappened() {
        List<JoinOutcome> members = f.stable(3);
        f.commit(members.get(1).memberId(), 1, 2, 42);
        ClassicMembership before = f.membership();
        f.crash();
        assertEquals(before.generation(), f.membership().generation());
        assertEquals(before.leader(), f.membership().leader());
        assertEquals(before.protocolName(), f.membership().protocolName());
        assertEquals(before.members().ids(), f.membership().members().ids());
        for (int i = 0; i < members.size(); i++) {
            assertEquals(ErrorCode.NONE, f.heartbeat(members.get(i).memberId(), 1));
            SyncOutcome sync = f.sync(members.get(i), Map.of()).join();
            assertEquals("" + i, text(sync.assignment()));
        }
        assertEquals(ErrorCode.NONE, f.commit(members.get(1).memberId(), 1, 2, 43));
        assertEquals(Optional.of(43L), f.committed(2));
    }

    @Test
    void membersThatDoNotComeBackAreOutAfterTheirSession() {
        f.stable(2);
        f.crash();
        f.advance(GroupFixture.SESSION - 1);
        assertEquals("Stable", f.phase());
        f.advance(1);
        assertEquals("Empty", f.phase());
    }

    @Test
    void rebalanceThatWasCompletingIsCompleted() {
        var joins = List.of(f.join().send(), f.join().send());
        f.advance(1_000);
        List<JoinOutcome> joined = joins.stream().map(Answer::join).toList();
        f.sync(joined.get(1), Map.of()); // its wait is lost in the crash
        f.crash();
        assertEquals("CompletingRebalance", f.phase());
        // One noticed nothing and syncs; the other's answer was lost, so it joins again.
        Answer<SyncOutcome> follower = f.sync(joined.get(1), Map.of());
        JoinOutcome again = f.join().as(joined.get(0).memberId()).now();
        assertEquals(joined.get(0), again);
        f.sync(again, Map.of(joined.get(1).memberId(), "all"));
        assertEquals("all", text(follower.join().assignment()));
        assertEquals("Stable", f.phase());
    }

    @Test
    void rebalanceThatWasCompletingEndsEvenIfNobodyComesBack() {
        f.join().send();
        f.join().send();
        f.advance(1_000);
        f.crash();
        f.advance(2L * GroupFixture.REBALANCE);
        assertEquals("Empty", f.phase());
    }

    @Test
    void rebalanceBeingPreparedIsPreparedAgain() {
        List<JoinOutcome> members = f.stable(2);
        Answer<JoinOutcome> lost = f.join().as(members.get(0).memberId()).send();
        assertEquals("PreparingRebalance", f.phase());
        f.crash();
        assertEquals("Stable", f.phase());
        assertTrue(!lost.isDone());
        Answer<JoinOutcome> leader = f.join().as(members.get(0).memberId()).send();
        f.join().as(members.get(1).memberId()).send();
        assertEquals(2, leader.join().generation());
    }

    @Test
    void noGenerationIsGivenTwice() {
        f.stable(1);
        Answer<JoinOutcome> second = f.join().send();
        f.join().as(f.membership().leader().orElseThrow()).send();
        assertEquals(2, second.join().generation());
        f.crash(); // nobody has synced
        assertEquals(2, f.membership().generation());
        f.advance(GroupFixture.SESSION);
        assertEquals(3, f.membership().generation());
    }

    @Test
    void lowerLimitIsAppliedByARebalance() {
        List<JoinOutcome> members = f.stable(3);
        f.crash(GroupFixture.membersMax(2));
        assertEquals("PreparingRebalance", f.phase());
        Answer<JoinOutcome> one = f.join().as(members.get(0).memberId()).send();
        Answer<JoinOutcome> two = f.join().as(members.get(2).memberId()).send();
        JoinOutcome three = f.join().as(members.get(1).memberId()).now();
        assertEquals(ErrorCode.GROUP_MAX_SIZE_REACHED, three.error());
        assertEquals(2, one.join().members().size());
        assertEquals(2, two.join().generation());
    }
}
