package io.leat.broker.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.ConfigChange;
import io.leat.broker.group.settings.GroupConfigs;
import io.leat.broker.group.streams.HeartbeatOutcome;
import io.leat.broker.group.streams.Standing;
import io.leat.broker.group.streams.Status;
import io.leat.broker.group.streams.StreamsMembership;
import io.leat.broker.group.streams.StreamsTarget;
import io.leat.broker.group.streams.TaskSet;
import io.leat.broker.group.streams.Tasks;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Members of streams groups, their tasks and what they are told. */
class StreamsRulesTest {
    private final StreamsFixture g = new StreamsFixture();

    private static boolean says(HeartbeatOutcome outcome, Status.Kind kind) {
        return outcome.statuses().stream().anyMatch(status -> status.kind() == kind);
    }

    private void both() {
        g.join("a");
        g.join("b");
        g.waitForMore();
        g.settle("a", "b");
    }

    private static Tasks active(int... partitions) {
        return new Tasks(StreamsFixture.tasks(partitions), TaskSet.NONE, TaskSet.NONE);
    }

    @Test
    void firstMemberWaitsForOthersAndThenEachHasItsShare() {
        HeartbeatOutcome first = g.join("a");
        assertTrue(says(first, Status.Kind.ASSIGNMENT_DELAYED));
        assertTrue(first.epoch() > 0);
        assertEquals(Tasks.NONE, first.assignment().orElseThrow());
        assertEquals("Assigning", g.membership().state());
        g.join("b");
        g.waitForMore();
        g.settle("a", "b");
        assertEquals(3, g.owned("a").active().size());
        assertEquals(
                StreamsFixture.tasks(0, 1, 2, 3, 4, 5),
                g.owned("a").active().plus(g.owned("b").active()));
        HeartbeatOutcome quiet = g.goOn("a");
        assertTrue(quiet.statuses().isEmpty());
        assertTrue(quiet.assignment().isEmpty());
        assertEquals(5_000, quiet.pace().intervalMillis());
    }

    @Test
    void taskIsTakenWhenItWasGivenUpAndNotBefore() {
        g.join("a");
        g.waitForMore();
        g.settle("a");
        int old = g.member("a").standing().epoch();
        HeartbeatOutcome b = g.join("b");
        assertEquals(Tasks.NONE, b.assignment().orElseThrow());
        Tasks all = g.owned("a");
        HeartbeatOutcome told = g.beat("a").epoch(old).owned(all).ok();
        assertEquals(3, told.assignment().orElseThrow().active().size());
        assertEquals(old, told.epoch());
        assertEquals(Standing.State.UNREVOKED, g.member("a").standing().state());
        g.goOn("b");
        assertEquals(Tasks.NONE, g.owned("b"));
        g.goOn("a");
        g.goOn("b");
        assertEquals(3, g.owned("b").active().size());
        assertEquals("Stable", g.membership().state());
    }

    @Test
    void whoDoesNotGiveUpIsOut() {
        g.join("a");
        g.waitForMore();
        g.settle("a");
        int old = g.member("a").standing().epoch();
        Tasks all = g.owned("a");
        g.join("b");
        g.beat("a").epoch(old).owned(all).ok();
        for (int i = 0; i < 3; i++) {
            g.f.advance(StreamsFixture.REBALANCE / 3);
            g.goOn("b");
        }
        assertTrue(g.membership().get("a").isEmpty());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, g.beat("a").epoch(old).owned(all).send().error());
        assertEquals(6, g.owned("b").active().size());
    }

    @Test
    void silentMembersAreOut() {
        both();
        for (int i = 0; i < 5; i++) {
            g.f.advance(StreamsFixture.SESSION / 5);
            g.goOn("b");
        }
        assertTrue(g.membership().get("a").isEmpty());
        assertEquals(6, g.owned("b").active().size());
    }

    @Test
    void membersInOtherEpochsAreFenced() {
        both();
        int epoch = g.member("a").standing().epoch();
        assertEquals(ErrorCode.FENCED_MEMBER_EPOCH, g.beat("a").epoch(epoch + 1).send().error());
        assertEquals(
                ErrorCode.FENCED_MEMBER_EPOCH,
                g.beat("a").epoch(1).owned(active(5)).send().error());
        // One that missed an answer says what it owns, and hears again.
        int previous = g.member("a").standing().previousEpoch();
        HeartbeatOutcome again = g.beat("a").epoch(previous).owned(Tasks.NONE).ok();
        assertEquals(g.owned("a"), again.assignment().orElseThrow());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, g.beat("c").epoch(epoch).send().error());
    }

    @Test
    void staticMemberKeepsItsTasksWhileItIsAway() {
        g.beat("a").instance("i").ok();
        g.join("b");
        g.waitForMore();
        for (int i = 0; i < 4; i++) {
            g.beat("a")
                    .instance("i")
                    .epoch(g.member("a").standing().epoch())
                    .owned(g.owned("a"))
                    .ok();
            g.goOn("b");
        }
        Tasks own = g.owned("a");
        int epoch = g.membership().epoch();
        assertEquals(ErrorCode.UNRELEASED_INSTANCE_ID, g.beat("c").instance("i").send().error());
        g.beat("a").instance("i").epoch(Standing.AWAY).ok();
        g.goOn("b");
        assertEquals(own, g.owned("a"));
        HeartbeatOutcome back = g.beat("c").instance("i").process("process of a").ok();
        assertEquals(own, back.assignment().orElseThrow());
        assertEquals(epoch, g.membership().epoch());
        assertEquals(
                ErrorCode.FENCED_INSTANCE_ID,
                g.beat("a").instance("i").epoch(epoch).send().error());
    }

    @Test
    void missingTopicsAreToldUntilTheyAreThere() {
        g.f.topics.remove(StreamsFixture.STATE);
        HeartbeatOutcome first = g.join("a");
        assertTrue(says(first, Status.Kind.MISSING_INTERNAL_TOPICS));
        assertEquals(6, first.toCreate().getFirst().partitions());
        assertEquals(500, first.pace().intervalMillis());
        assertEquals("NotReady", g.membership().state());
        g.f.topics.add(StreamsFixture.STATE, "state", 6, 0);
        g.waitForMore();
        g.settle("a");
        assertEquals(6, g.owned("a").active().size());
        g.f.topics.remove(StreamsFixture.IN);
        HeartbeatOutcome gone = g.goOn("a");
        assertTrue(says(gone, Status.Kind.MISSING_SOURCE_TOPICS));
        assertEquals(Tasks.NONE, gone.assignment().orElseThrow());
    }

    @Test
    void topologyChangesOnlyWhenNobodyElseRunsIt() {
        both();
        HeartbeatOutcome other = g.beat("c").topology(StreamsFixture.topology(0, "other")).send();
        assertEquals(ErrorCode.STREAMS_INVALID_TOPOLOGY_EPOCH, other.error());
        assertEquals(
                ErrorCode.STREAMS_INVALID_TOPOLOGY_EPOCH,
                g.beat("c").topology(StreamsFixture.topology(1, "other")).send().error());
        assertTrue(g.membership().get("c").isEmpty());
        g.beat("a").epoch(-1).ok();
        g.beat("b").epoch(-1).ok();
        g.beat("c").topology(StreamsFixture.topology(1, "in")).ok();
        HeartbeatOutcome stale = g.beat("d").ok();
        assertTrue(says(stale, Status.Kind.STALE_TOPOLOGY));
        g.waitForMore();
        g.settle("c", "d");
        assertEquals(6, g.owned("c").active().size());
        assertTrue(g.owned("d").isEmpty());
    }

    @Test
    void oneMemberCanStopThemAll() {
        both();
        assertFalse(says(g.goOn("b"), Status.Kind.SHUTDOWN_APPLICATION));
        g.beat("a").epoch(g.member("a").standing().epoch()).shutdown().ok();
        assertTrue(says(g.goOn("b"), Status.Kind.SHUTDOWN_APPLICATION));
        g.beat("a").epoch(-1).ok();
        assertTrue(says(g.goOn("b"), Status.Kind.SHUTDOWN_APPLICATION));
        g.beat("b").epoch(-1).ok();
        assertFalse(says(g.join("c"), Status.Kind.SHUTDOWN_APPLICATION));
    }

    @Test
    void endpointsAreToldToWhoDoesNotKnowThem() {
        g.beat("a").endpoint("host", 99).ok();
        g.join("b");
        g.waitForMore();
        g.settle("a", "b");
        HeartbeatOutcome told = g.goOn("b");
        var endpoints = told.endpoints().orElseThrow();
        assertEquals(1, endpoints.size());
        assertEquals(99, endpoints.getFirst().endpoint().port());
        assertEquals(
                Map.of("in", List.copyOf(g.owned("a").active().bySubtopology().get("0"))),
                endpoints.getFirst().active());
        int epoch = g.member("b").standing().epoch();
        assertTrue(
                g.beat("b")
                        .epoch(epoch)
                        .knowsEndpoints(told.endpointEpoch())
                        .ok()
                        .endpoints()
                        .isEmpty());
        g.beat("a").epoch(-1).ok();
        assertEquals(
                List.of(),
                g.beat("b")
                        .epoch(epoch)
                        .knowsEndpoints(told.endpointEpoch())
                        .ok()
                        .endpoints()
                        .orElseThrow());
    }

    @Test
    void standbysAreHeldInOtherProcessesAndTakeOver() {
        new GroupConfigs(BrokerConfig.defaults(), g.f.store)
                .configure(
                        StreamsFixture.GROUP,
                        settings ->
                                settings.with(
                                        List.of(
                                                new ConfigChange(
                                                        "streams.num.standby.replicas",
                                                        ConfigChange.Kind.SET,
                                                        Optional.of("1")))));
        g.f.crash();
        both();
        assertEquals(g.owned("a").active(), g.owned("b").standby());
        assertEquals(g.owned("b").active(), g.owned("a").standby());
        g.beat("a").epoch(-1).ok();
        g.settle("b");
        assertEquals(6, g.owned("b").active().size());
        assertTrue(g.owned("b").standby().isEmpty());
    }

    /** Lets one who has joined run all, and another warm up what that is to run. */
    private TaskSet warmUp() {
        g.waitForMore();
        g.settle("a");
        Tasks all = g.owned("a");
        g.beat("a")
                .epoch(g.member("a").standing().epoch())
                .owned(all)
                .progress(1_000_000, 1_000_000, all.active())
                .ok();
        g.join("b");
        g.settle("a", "b");
        return g.owned("b").warmup();
    }

    @Test
    void stateIsWarmedUpBeforeItsTaskMoves() {
        g.join("a");
        TaskSet warm = warmUp();
        assertEquals(6, g.owned("a").active().size());
        assertEquals(2, warm.size());
        assertTrue(g.owned("b").active().isEmpty());
        g.beat("b")
                .epoch(g.member("b").standing().epoch())
                .owned(g.owned("b"))
                .progress(999_000, 1_000_000, warm)
                .ok();
        g.settle("a", "b");
        assertEquals(warm, g.owned("b").active());
        assertEquals(4, g.owned("a").active().size());
        assertEquals(1, g.owned("b").warmup().size());
        g.beat("a").epoch(-1).ok(); // who waits for nothing any more gets it at once
        g.settle("b");
        assertEquals(6, g.owned("b").active().size());
    }

    @Test
    void warmUpGoesOnAfterARestart() {
        g.join("a");
        warmUp();
        StreamsTarget before = g.membership().target();
        g.f.crash();
        g.goOn("b");
        g.goOn("a");
        assertEquals(before, g.membership().target());
        // With one more it is worked out anew, and still nobody has told how far states are.
        g.join("c");
        g.settle("a", "b", "c");
        assertEquals(6, g.owned("a").active().size());
        passOffsetIntervals("a", "b", "c");
        g.settle("a", "b", "c");
        assertEquals(2, g.owned("a").active().size());
    }

    @Test
    void warmUpGoesOnWhileAStaticMemberIsAway() {
        g.beat("a").instance("i").ok();
        TaskSet warm = warmUp();
        StreamsTarget before = g.membership().target();
        g.beat("a").instance("i").epoch(Standing.AWAY).ok();
        g.goOn("b");
        assertEquals(before, g.membership().target());
        g.beat("c").instance("i").process("process of a").ok();
        g.goOn("b");
        assertEquals(6, g.owned("c").active().size());
        assertEquals(warm, g.owned("b").warmup());
    }

    @Test
    void whoNeverTellsHowFarItIsGetsItsTasksInTheEnd() {
        g.join("a");
        warmUp();
        g.goOn("b");
        assertTrue(g.owned("b").active().isEmpty());
        passOffsetIntervals("a", "b");
        g.settle("a", "b");
        assertEquals(3, g.owned("b").active().size());
    }

    /** Lets two of the intervals pass in which members tell how far their states are. */
    private void passOffsetIntervals(String... memberIds) {
        for (int i = 0; i < 4; i++) {
            g.f.advance(30_000);
            for (String id : memberIds) {
                g.goOn(id);
            }
        }
    }

    @Test
    void clockThatIsSetBackKeepsNobodyFromTasks() {
        g.join("a");
        g.f.time.advance(-3_600_000);
        g.goOn("a");
        g.settle("a");
        assertEquals(6, g.owned("a").active().size());
        g.f.time.advance(-3_600_000);
        g.join("b");
        g.settle("a", "b");
        assertEquals(3, g.owned("b").active().size());
    }

    @Test
    void offsetsOfTopicsThatMatchAPatternStayWhileOthersAreMissing() {
        assertEquals(ErrorCode.NONE, g.f.commit("", -1, 0, 7, OptionalLong.of(60_000)));
        g.beat("a").topology(StreamsFixture.topology(0, "absent", "t.*")).ok();
        for (int i = 0; i < 25; i++) {
            g.f.advance(30_000);
            g.goOn("a");
        }
        assertEquals("NotReady", g.membership().state());
        assertEquals(Optional.of(7L), g.f.committed(0));
    }

    @Test
    void commitsHoldWhileNothingWasGivenUpSince() {
        g.join("a");
        g.waitForMore();
        g.settle("a");
        int first = g.member("a").standing().epoch();
        assertEquals(ErrorCode.NONE, commit("a", first, 1));
        assertEquals(ErrorCode.STALE_MEMBER_EPOCH, commit("a", first + 1, 2));
        g.join("b");
        g.settle("a", "b");
        assertTrue(g.member("a").standing().epoch() > first);
        assertEquals(ErrorCode.STALE_MEMBER_EPOCH, commit("a", first, 3));
        int second = g.member("a").standing().epoch();
        g.beat("b").epoch(-1).ok();
        g.settle("a");
        assertTrue(g.member("a").standing().epoch() > second);
        assertEquals(ErrorCode.NONE, commit("a", second, 4)); // it got more and lost nothing
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, commit("b", second, 5));
    }

    @Test
    void whoComesAgainIsNotWhoItWas() {
        both();
        int old = g.member("a").standing().epoch();
        g.beat("a").epoch(-1).ok();
        g.join("a");
        g.settle("a", "b");
        assertEquals(ErrorCode.STALE_MEMBER_EPOCH, commit("a", old, 1));
    }

    private ErrorCode commit(String memberId, int epoch, long offset) {
        return g.f.commit(memberId, epoch, 0, offset);
    }

    @Test
    void commitFromAnEarlierLifeInTheSameEpochDoesNotHold() {
        g.join("a");
        g.waitForMore();
        g.settle("a");
        int before = g.member("a").standing().epoch();
        g.f.advance(StreamsFixture.SESSION);
        assertTrue(g.membership().isEmpty());
        // The group waits for more members, so it is still in the epoch in which it lost this one.
        assertEquals(before, g.join("a").epoch());
        assertEquals(ErrorCode.STALE_MEMBER_EPOCH, commit("a", before, 1));
        g.waitForMore();
        g.settle("a");
        assertEquals(ErrorCode.STALE_MEMBER_EPOCH, commit("a", before, 1));
        assertEquals(ErrorCode.NONE, commit("a", g.member("a").standing().epoch(), 1));
    }

    @Test
    void restartLosesNothing() {
        g.beat("a").endpoint("host", 1).ok();
        g.join("b");
        g.waitForMore();
        g.goOn("a");
        StreamsMembership before = g.membership();
        g.f.crash();
        StreamsMembership after = g.membership();
        assertEquals(before.members(), after.members());
        assertEquals(before.target(), after.target());
        assertEquals(before.topology(), after.topology());
        assertEquals(before.epoch(), after.epoch());
        assertEquals(before.resolved().tasks(), after.resolved().tasks());
        g.settle("a", "b");
        assertEquals(before.epoch(), g.membership().epoch());
    }

    @Test
    void groupIsOfOneTypeWhileItHasMembers() {
        both();
        assertEquals(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, g.f.join().send().join().error());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, g.f.heartbeat("a", 1));
        int epoch = g.membership().epoch();
        g.beat("a").epoch(-1).ok();
        g.beat("b").epoch(-1).ok();
        assertEquals("Empty", g.membership().state());
        var joined = g.f.stable(1).getFirst();
        assertTrue(g.f.membership().generation() > epoch);
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND, g.beat("a").send().error());
        g.f.leave(joined.memberId());
        g.join("a");
        g.f.crash();
        assertEquals(new TreeSet<>(List.of("a")), new TreeSet<>(g.membership().members().keySet()));
    }
}
