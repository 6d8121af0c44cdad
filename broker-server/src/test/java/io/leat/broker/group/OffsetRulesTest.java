package io.leat.broker.group;

import static io.leat.broker.group.GroupFixture.GROUP;
import static io.leat.broker.group.GroupFixture.TOPIC_ID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.group.GroupCommand.DeleteOffsets;
import io.leat.broker.group.GroupCommand.ForgetTopics;
import io.leat.broker.group.GroupCommand.TopicPartitions;
import io.leat.broker.group.classic.JoinOutcome;
import io.leat.broker.group.member.Identity;
import io.leat.broker.group.offset.CommittedOffset;
import io.leat.wire.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OffsetRulesTest {
    private static final long DAY = 86_400_000;
    private final GroupFixture f = new GroupFixture();

    private ErrorCode deleteGroup() {
        return f.ask(GroupCommand.DeleteGroup::new, u -> ErrorCode.COORDINATOR_NOT_AVAILABLE)
                .join();
    }

    private DeleteOffsetsOutcome deleteOffsets(TopicPartitions... topics) {
        return f.ask(
                        to -> new DeleteOffsets(List.of(topics), to),
                        u ->
                                new DeleteOffsetsOutcome(
                                        ErrorCode.COORDINATOR_NOT_AVAILABLE, Set.of()))
                .join();
    }

    @Test
    void membersOfTheGenerationCommit() {
        JoinOutcome member = f.stable(1).getFirst();
        assertEquals(ErrorCode.NONE, f.commit(member.memberId(), 1, 4, 100));
        CommittedOffset offset = f.group().offsets().get(TOPIC_ID, 4).orElseThrow();
        assertEquals(100, offset.offset());
        assertEquals(3, offset.leaderEpoch());
        assertEquals("note", offset.metadata());
        assertEquals(f.time.wallMillis(), offset.committedMillis());
        assertEquals(Optional.empty(), f.committed(3));
        assertEquals(Optional.empty(), f.committed(5));
    }

    /** Of two transactions that overlap, the one that ends last need not be the one that counts. */
    @Test
    void theLaterOfTwoCommitsInTransactionsCounts() {
        commitInTransaction(1, 10);
        f.time.advance(5);
        commitInTransaction(2, 20);
        end(2, true);
        assertEquals(Optional.of(20L), f.committed(0));
        end(1, true);
        assertEquals(Optional.of(20L), f.committed(0));
        f.crash();
        assertEquals(Optional.of(20L), f.committed(0));

        commitInTransaction(1, 30);
        f.time.advance(5);
        commitInTransaction(2, 40);
        end(2, false);
        end(1, true);
        assertEquals(Optional.of(30L), f.committed(0));
    }

    private void commitInTransaction(long producerId, long offset) {
        GroupCommand.Position position =
                new GroupCommand.Position(TOPIC_ID, "t", 0, offset, 3, "note");
        ErrorCode answer =
                f.<ErrorCode>ask(
                                to ->
                                        new GroupCommand.CommitInTransaction(
                                                producerId,
                                                new Identity("", Optional.empty()),
                                                -1,
                                                List.of(position),
                                                to),
                                u -> ErrorCode.COORDINATOR_NOT_AVAILABLE)
                        .join();
        assertEquals(ErrorCode.NONE, answer);
    }

    private void end(long producerId, boolean committed) {
        ErrorCode answer =
                f.<ErrorCode>ask(
                                to -> new GroupCommand.EndTransaction(producerId, committed, to),
                                u -> ErrorCode.COORDINATOR_NOT_AVAILABLE)
                        .join();
        assertEquals(ErrorCode.NONE, answer);
    }

    @Test
    void othersDoNot() {
        JoinOutcome member = f.stable(1).getFirst();
        assertEquals(ErrorCode.ILLEGAL_GENERATION, f.commit(member.memberId(), 0, 0, 1));
        assertEquals(ErrorCode.ILLEGAL_GENERATION, f.commit(member.memberId(), 2, 0, 1));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, f.commit("stranger", 1, 0, 1));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, f.commit("", -1, 0, 1));
        assertEquals(Optional.empty(), f.committed(0));
    }

    @Test
    void commitOfTheGenerationBeforeIsAcceptedUntilTheNextIsMade() {
        List<JoinOutcome> members = f.stable(2);
        f.join().as(members.get(0).memberId()).send();
        assertEquals("PreparingRebalance", f.phase());
        assertEquals(ErrorCode.NONE, f.commit(members.get(1).memberId(), 1, 0, 7));
        f.join().as(members.get(1).memberId()).send();
        assertEquals("CompletingRebalance", f.phase());
        assertEquals(ErrorCode.ILLEGAL_GENERATION, f.commit(members.get(1).memberId(), 1, 0, 8));
        assertEquals(ErrorCode.REBALANCE_IN_PROGRESS, f.commit(members.get(1).memberId(), 2, 0, 9));
        assertEquals(Optional.of(7L), f.committed(0));
    }

    @Test
    void commitKeepsTheSessionAlive() {
        JoinOutcome member = f.stable(1).getFirst();
        for (int i = 0; i < 5; i++) {
            f.advance(GroupFixture.SESSION - 1);
            assertEquals(ErrorCode.NONE, f.commit(member.memberId(), 1, 0, i));
        }
        assertEquals("Stable", f.phase());
    }

    @Test
    void simpleConsumerCommitsToAGroupWithoutMembers() {
        assertEquals(ErrorCode.NONE, f.commit("", -1, 0, 5));
        assertEquals("Empty", f.phase());
        assertEquals(Optional.empty(), f.membership().protocolType());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, f.commit("m", 1, 0, 6));
        f.crash();
        assertEquals(Optional.of(5L), f.committed(0));
    }

    @Test
    void generationOfAGroupThatIsNotThereIsRefusedAsTheVersionWantsIt() {
        assertEquals(ErrorCode.ILLEGAL_GENERATION, f.commit("m", 1, 0, 6));
        assertTrue(f.groups.get(GROUP).isEmpty());
    }

    @Test
    void offsetsOfAnEmptyGroupExpireAfterItHasBeenEmptyForTheRetention() {
        JoinOutcome member = f.stable(1).getFirst();
        f.commit(member.memberId(), 1, 0, 5);
        for (int hour = 0; hour < 24; hour++) {
            keepAliveFor(member, 3_600_000);
        }
        f.leave(member.memberId());
        f.advance(7 * DAY - 600_000);
        assertEquals(Optional.of(5L), f.committed(0));
        f.advance(1_200_000);
        assertTrue(f.groups.get(GROUP).isEmpty(), "and the group is gone too");
        assertEquals(0, f.store.size());
    }

    private void keepAliveFor(JoinOutcome member, long millis) {
        for (long passed = 0; passed < millis; passed += 9_000) {
            f.heartbeat(member.memberId(), member.generation());
            f.advance(9_000);
        }
    }

    @Test
    void offsetsOfASimpleConsumerExpireAfterTheirCommit() {
        f.commit("", -1, 0, 5);
        f.advance(3 * DAY);
        f.commit("", -1, 1, 6);
        f.advance(5 * DAY);
        assertEquals(Optional.empty(), f.committed(0));
        assertEquals(Optional.of(6L), f.committed(1));
        f.advance(3 * DAY);
        assertTrue(f.groups.get(GROUP).isEmpty());
    }

    @Test
    void clientMayAskForARetentionOfItsOwn() {
        f.commit("", -1, 0, 5, OptionalLong.of(1_000_000));
        f.commit("", -1, 1, 5, OptionalLong.of(20 * DAY));
        f.advance(1_800_000);
        assertEquals(Optional.empty(), f.committed(0));
        f.advance(8 * DAY);
        assertEquals(Optional.of(5L), f.committed(1));
    }

    @Test
    void topicsThatMembersAreNotSubscribedToExpire() {
        JoinOutcome member =
                f.settle(
                                List.of(
                                        f.join()
                                                .session(1_800_000)
                                                .protocols(GroupFixture.protocol("range", "u"))
                                                .send()))
                        .getFirst();
        f.commit(member.memberId(), 1, 0, 5); // topic t
        for (int i = 0; i < 7 * 24 * 2 + 2; i++) {
            f.heartbeat(member.memberId(), 1);
            f.advance(1_799_000);
        }
        assertEquals("Stable", f.phase());
        assertEquals(Optional.empty(), f.committed(0));
    }

    @Test
    void topicsThatMembersAreSubscribedToDoNot() {
        JoinOutcome member = f.settle(List.of(f.join().session(1_800_000).send())).getFirst();
        f.commit(member.memberId(), 1, 0, 5);
        for (int i = 0; i < 8 * 24 * 2; i++) {
            f.heartbeat(member.memberId(), 1);
            f.advance(1_799_000);
        }
        assertEquals(Optional.of(5L), f.committed(0));
    }

    @Test
    void emptyGroupWithoutOffsetsGoesAtTheNextCheck() {
        JoinOutcome member = f.stable(1).getFirst();
        f.leave(member.memberId());
        f.advance(600_000);
        assertTrue(f.groups.get(GROUP).isEmpty());
        assertEquals(0, f.store.size());
    }

    @Test
    void onlyAnEmptyGroupIsDeleted() {
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND, deleteGroup());
        JoinOutcome member = f.stable(1).getFirst();
        f.commit(member.memberId(), 1, 0, 5);
        assertEquals(ErrorCode.NON_EMPTY_GROUP, deleteGroup());
        f.leave(member.memberId());
        assertEquals(ErrorCode.NONE, deleteGroup());
        assertTrue(f.groups.get(GROUP).isEmpty());
        assertEquals(0, f.store.size());
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND, deleteGroup());
    }

    @Test
    void offsetsOfSubscribedTopicsAreNotDeleted() {
        UUID other = new UUID(3, 4);
        assertEquals(
                ErrorCode.GROUP_ID_NOT_FOUND,
                deleteOffsets(new TopicPartitions(TOPIC_ID, "t", List.of(0))).error());
        JoinOutcome member = f.stable(1).getFirst();
        f.commit(member.memberId(), 1, 0, 5);
        f.commit(member.memberId(), 1, 1, 6);
        DeleteOffsetsOutcome outcome =
                deleteOffsets(
                        new TopicPartitions(TOPIC_ID, "t", List.of(0)),
                        new TopicPartitions(other, "u", List.of(0)));
        assertEquals(ErrorCode.NONE, outcome.error());
        assertEquals(Set.of(TOPIC_ID), outcome.subscribed());
        f.leave(member.memberId());
        outcome = deleteOffsets(new TopicPartitions(TOPIC_ID, "t", List.of(0, 9)));
        assertEquals(Set.of(), outcome.subscribed());
        assertEquals(Optional.empty(), f.committed(0));
        assertEquals(Optional.of(6L), f.committed(1));
    }

    @Test
    void offsetsOfAGroupOfAnotherKindAreNotDeletedWhileItHasMembers() {
        f.settle(List.of(f.join().type("connect").send()));
        assertEquals(
                ErrorCode.NON_EMPTY_GROUP,
                deleteOffsets(new TopicPartitions(TOPIC_ID, "t", List.of(0))).error());
    }

    @Test
    void offsetsOfDeletedTopicsAreForgotten() {
        f.commit("", -1, 0, 5);
        f.commit("", -1, 7, 5);
        f.ask(
                to -> new ForgetTopics(Set.of(TOPIC_ID), to),
                u -> ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertTrue(f.group().offsets().isEmpty());
        assertEquals(0, f.store.size());
    }

    @Test
    void commitThatCannotBeWrittenIsNotSeen() {
        f.commit("", -1, 0, 5);
        f.store.failWrites(1);
        assertEquals(ErrorCode.COORDINATOR_NOT_AVAILABLE, f.commit("", -1, 0, 6));
        assertEquals(Optional.of(5L), f.committed(0));
        assertEquals(ErrorCode.NONE, f.commit("", -1, 0, 7));
        assertEquals(Optional.of(7L), f.committed(0));
    }
}
