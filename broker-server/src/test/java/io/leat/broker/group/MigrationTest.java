package io.leat.broker.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.coordinator.Answer;
import io.leat.broker.group.assign.PartitionSet;
import io.leat.broker.group.classic.Bytes;
import io.leat.broker.group.classic.ClassicCommand;
import io.leat.broker.group.classic.EmbeddedProtocol;
import io.leat.broker.group.classic.JoinOutcome;
import io.leat.broker.group.classic.Protocol;
import io.leat.broker.group.classic.SyncOutcome;
import io.leat.broker.group.member.Identity;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.ConsumerProtocolAssignment;
import io.leat.wire.message.ConsumerProtocolSubscription;
import io.leat.wire.message.ConsumerProtocolSubscription.TopicPartition;
import io.leat.wire.schema.MessageCodec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A group with members moves between the classic and the consumer protocol, and back. */
class MigrationTest {
    private final ConsumerFixture g = new ConsumerFixture();
    private final GroupFixture f = g.f;

    private static Protocol cooperative(Integer... owned) {
        ConsumerProtocolSubscription subscription =
                new ConsumerProtocolSubscription(
                        List.of("t"),
                        null,
                        owned.length == 0
                                ? List.of()
                                : List.of(new TopicPartition("t", List.of(owned))),
                        -1,
                        null);
        ByteBuffer body =
                MessageCodec.of(ConsumerProtocolSubscription.class).encode(subscription, (short) 3);
        return new Protocol(
                "cooperative-sticky",
                Bytes.of(
                        ByteBuffer.allocate(2 + body.remaining())
                                .putShort((short) 3)
                                .put(body)
                                .array()));
    }

    private static Bytes assignment(Integer... partitions) {
        return EmbeddedProtocol.write(
                new ConsumerProtocolAssignment(
                        List.of(
                                new ConsumerProtocolAssignment.TopicPartition(
                                        "t", List.of(partitions))),
                        null),
                cooperative().metadata());
    }

    private static List<Integer> partitions(SyncOutcome outcome) {
        return EmbeddedProtocol.assignment(outcome.assignment())
                .orElseThrow()
                .assignedPartitions()
                .stream()
                .flatMap(topic -> topic.partitions().stream())
                .toList();
    }

    private Answer<SyncOutcome> sync(String memberId, int generation, Map<String, Bytes> all) {
        return f.askClassic(
                to ->
                        new ClassicCommand.Sync(
                                new Identity(memberId, Optional.empty()),
                                generation,
                                Optional.of("consumer"),
                                Optional.of("cooperative-sticky"),
                                all,
                                to),
                u -> SyncOutcome.refused(ErrorCode.COORDINATOR_NOT_AVAILABLE));
    }

    /** A classic group of one member that owns all six partitions. */
    private JoinOutcome classicMember() {
        Answer<JoinOutcome> joining = f.join().protocols(cooperative()).send();
        f.advance(1_000);
        JoinOutcome joined = joining.join();
        sync(
                        joined.memberId(),
                        joined.generation(),
                        Map.of(joined.memberId(), assignment(0, 1, 2, 3, 4, 5)))
                .join();
        return joined;
    }

    @Test
    void classicGroupIsUpgradedWithItsMembersAndTheirPartitions() {
        JoinOutcome old = classicMember();
        assertEquals(2, g.join("new").epoch());
        assertEquals("Reconciling", g.membership().state());
        assertEquals(6, g.owned(old.memberId()).size());

        // It hears of it in its heartbeat, joins with what it owns, and is told what to keep.
        assertEquals(
                ErrorCode.REBALANCE_IN_PROGRESS, f.heartbeat(old.memberId(), old.generation()));
        JoinOutcome again =
                f.join().as(old.memberId()).protocols(cooperative(0, 1, 2, 3, 4, 5)).now();
        assertEquals(ErrorCode.NONE, again.error());
        assertEquals("", again.leader());
        List<Integer> kept = partitions(sync(old.memberId(), again.generation(), Map.of()).join());
        assertEquals(3, kept.size());
        assertTrue(g.beat("new").epoch(2).ok().assignment().isEmpty());

        // Having given up the rest it joins once more, and the other takes over.
        assertEquals(
                ErrorCode.REBALANCE_IN_PROGRESS, f.heartbeat(old.memberId(), again.generation()));
        JoinOutcome last =
                f.join()
                        .as(old.memberId())
                        .protocols(cooperative(kept.toArray(new Integer[0])))
                        .now();
        assertEquals(2, last.generation());
        assertEquals(kept, partitions(sync(old.memberId(), 2, Map.of()).join()));
        assertEquals(3, g.beat("new").epoch(2).ok().assignment().orElseThrow().size());
        assertEquals("Stable", g.membership().state());
        assertEquals(ErrorCode.NONE, f.heartbeat(old.memberId(), 2));
        assertEquals(ErrorCode.NONE, f.commit(old.memberId(), 2, 0, 1));
        assertEquals(ErrorCode.ILLEGAL_GENERATION, f.commit(old.memberId(), 1, 0, 1));
        assertEquals(ErrorCode.NONE, f.commit("new", 2, 1, 1));
    }

    @Test
    void groupIsDowngradedWhenTheLastMemberOfTheConsumerProtocolIsGone() {
        JoinOutcome old = classicMember();
        g.join("new");
        f.join().as(old.memberId()).protocols(cooperative()).now();
        g.beat("new").epoch(-1).ok();
        assertEquals("PreparingRebalance", f.phase());
        int generation = f.membership().generation();
        f.crash();
        assertEquals("Stable", f.phase(), "after a crash the members go on where they were");
        assertEquals(generation, f.membership().generation());
        JoinOutcome again = f.join().as(old.memberId()).protocols(cooperative()).now();
        assertEquals(generation + 1, again.generation());
        assertEquals(old.memberId(), again.leader());
    }

    @Test
    void silentMemberOfTheConsumerProtocolLeavesAClassicGroupBehind() {
        JoinOutcome old = classicMember();
        g.join("new");
        JoinOutcome again = f.join().as(old.memberId()).protocols(cooperative()).now();
        for (int i = 0; i < 10; i++) {
            f.advance(ConsumerFixture.SESSION / 10);
            f.heartbeat(old.memberId(), again.generation());
            sync(old.memberId(), again.generation(), Map.of());
        }
        assertEquals(Optional.of("cooperative-sticky"), f.membership().protocolName(), f.phase());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, g.beat("new").epoch(2).send().error());
        // It comes back, and the group goes back with it.
        g.join("new");
        assertEquals(2, g.membership().size());
    }

    @Test
    void emptyGroupIsOfTheTypeOfWhoeverJoinsFirst() {
        g.join("a");
        g.beat("a").epoch(-1).ok();
        int epoch = g.membership().epoch();
        Answer<JoinOutcome> joining = f.join().protocols(cooperative()).send();
        f.advance(1_000);
        JoinOutcome joined = joining.join();
        assertEquals(epoch + 1, joined.generation(), "generations go on from the epochs");
        f.leave(joined.memberId());
        assertTrue(g.join("b").epoch() > joined.generation());
        f.crash();
        assertEquals(PartitionSet.NONE, g.owned("b").minus(g.owned("b")));
        assertEquals(1, g.membership().size());
    }

    @Test
    void groupOfAnotherKindOfMembersIsLeftAlone() {
        Answer<JoinOutcome> joining =
                f.join().type("connect").protocols(GroupFixture.protocol("x")).send();
        f.advance(1_000);
        joining.join();
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND, g.beat("a").names("t").send().error());
    }

    @Test
    void classicMemberThatDoesNotJoinInTimeIsOut() {
        JoinOutcome old = classicMember();
        g.join("new");
        for (int i = 0; i < 10; i++) {
            f.heartbeat(old.memberId(), old.generation());
            g.beat("new").epoch(2).ok();
            f.advance(GroupFixture.REBALANCE / 10 + 1);
        }
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, f.heartbeat(old.memberId(), old.generation()));
        assertEquals(6, g.beat("new").epoch(2).ok().assignment().orElseThrow().size());
    }
}
