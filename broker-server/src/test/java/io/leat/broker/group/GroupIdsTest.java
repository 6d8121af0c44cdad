package io.leat.broker.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.config.BrokerConfig;
import io.leat.broker.coordinator.Answer;
import io.leat.broker.coordinator.CoordinatorLoop;
import io.leat.broker.coordinator.ManualTime;
import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.broker.coordinator.ReplyTo;
import io.leat.broker.group.consumer.HeartbeatOutcome;
import io.leat.broker.group.member.Identity;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.broker.group.settings.GroupConfigs;
import io.leat.broker.group.share.ShareGroupMembers;
import io.leat.wire.ErrorCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** An id is that of a share group or of one that consumes, never of both. */
class GroupIdsTest {
    @Test
    void membersOfOtherProtocolsDoNotJoinAShareGroup() {
        ConsumerFixture g = new ConsumerFixture();
        g.f.sharing.add(GroupFixture.GROUP);
        assertEquals(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, g.f.join().send().join().error());
        HeartbeatOutcome refused = g.beat("m").names("t").send();
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND, refused.error());
        assertEquals("Group 'the-group' is a share group", refused.message().orElseThrow());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, g.f.heartbeat("m", 1));
        assertTrue(g.f.groups.get(GroupFixture.GROUP).isEmpty(), "no group was made");
    }

    @Test
    void offsetsAreNotCommittedForAShareGroup() {
        GroupFixture f = new GroupFixture();
        f.sharing.add(GroupFixture.GROUP);
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND, f.commit("", -1, 0, 5));
        Answer<ErrorCode> inTransaction =
                f.ask(
                        to ->
                                new GroupCommand.CommitInTransaction(
                                        1, new Identity("", Optional.empty()), -1, List.of(), to),
                        u -> ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND, inTransaction.join());
        assertTrue(f.groups.get(GroupFixture.GROUP).isEmpty(), "no group was made");
    }

    /** Both ask in one turn of the loop, when neither is there to be seen yet. */
    @Test
    void oneOfTwoThatAskAtOnceIsRefused() {
        for (boolean shareFirst : new boolean[] {true, false}) {
            ManualTime time = new ManualTime();
            MemoryStateStore store = new MemoryStateStore();
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            GroupConfigs settings = new GroupConfigs(BrokerConfig.defaults(), store);
            TestTopics topics = new TestTopics();
            CoordinatorLoop loop = new CoordinatorLoop(store, time, Long.MAX_VALUE);
            Groups groups = new Groups(loop, GroupConfig.DEFAULT, settings, topics, time, meters);
            ShareGroupMembers members =
                    new ShareGroupMembers(
                            loop,
                            BrokerConfig.defaults(),
                            topics,
                            settings::of,
                            groups::inTurn,
                            (group, member) -> {},
                            meters);
            groups.include(directory(members));
            Answer<ErrorCode> early = shareFirst ? establish(members) : commit(groups);
            Answer<ErrorCode> late = shareFirst ? commit(groups) : establish(members);
            loop.turn();
            assertEquals(ErrorCode.NONE, early.join());
            assertEquals(ErrorCode.GROUP_ID_NOT_FOUND, late.join());
            assertEquals(shareFirst, members.find("g").isPresent());
            assertEquals(!shareFirst, groups.find("g").isPresent());
        }
    }

    private static Answer<ErrorCode> establish(ShareGroupMembers members) {
        return new Answer<>(members.establish("g"));
    }

    private static Answer<ErrorCode> commit(Groups groups) {
        Function<ReplyTo<ErrorCode>, GroupCommand> commit =
                to ->
                        new GroupCommand.CommitOffsets(
                                new Identity("", Optional.empty()),
                                -1,
                                OptionalLong.empty(),
                                List.of(),
                                ErrorCode.ILLEGAL_GENERATION,
                                to);
        return new Answer<>(groups.ask("g", commit, error -> error));
    }

    private static ShareGroupDirectory directory(ShareGroupMembers members) {
        return new ShareGroupDirectory() {
            @Override
            public void forEach(BiConsumer<String, String> visitor) {
                members.forEach((id, group) -> visitor.accept(id, group.state()));
            }

            @Override
            public boolean has(String groupId) {
                return members.find(groupId).isPresent();
            }

            @Override
            public boolean inTurn(String groupId) {
                return members.inTurn(groupId);
            }

            @Override
            public CompletionStage<ErrorCode> delete(String groupId) {
                return members.delete(groupId);
            }
        };
    }
}
