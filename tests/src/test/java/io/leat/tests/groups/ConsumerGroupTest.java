package io.leat.tests.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Groups of kafka-clients members that join, leave and crash while records flow. In all of them:
 * every record is read, no partition has two owners at a time, and the group settles in time.
 */
class ConsumerGroupTest {
    /** An orderly rebalance has no timeout to wait for. */
    private static final Duration ORDERLY = GroupScenario.SESSION_TIMEOUT;

    /** The session has to run out first; then the others join again at their next heartbeats. */
    private static final Duration AFTER_CRASH =
            GroupScenario.SESSION_TIMEOUT.plus(Duration.ofSeconds(3));

    private static final int UNDER_LOAD = 300;

    private static TestBroker broker;

    @BeforeAll
    static void start() {
        broker = TestBrokers.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RangeAssignor", "CooperativeStickyAssignor"})
    void membersJoinAndLeaveAndEveryRecordIsReadOnce(String assignor) {
        try (var group = scenario("orderly-" + assignor, assignor)) {
            group.join("a");
            group.join("b");
            group.awaitSettled(ORDERLY);
            group.awaitMoreRead(UNDER_LOAD);
            group.join("c");
            group.awaitSettled(ORDERLY);
            group.awaitMoreRead(UNDER_LOAD);
            group.join("d");
            group.join("e");
            group.awaitSettled(ORDERLY);
            group.awaitMoreRead(UNDER_LOAD);
            group.leave("a");
            group.awaitSettled(ORDERLY);
            group.awaitMoreRead(UNDER_LOAD);
            group.leave("c");
            // A client that leaves during a rebalance gives up its partitions without a commit.
            group.awaitSettled(ORDERLY);
            group.leave("e");
            group.awaitSettled(ORDERLY);
            group.awaitMoreRead(UNDER_LOAD);
            group.awaitAllRead();
            group.awaitAllCommitted();
            assertEquals(Map.of(), group.ledger().readAgain(), group.ledger()::toString);
            group.assertNeverOwnedTwice();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RangeAssignor", "CooperativeStickyAssignor"})
    void othersTakeOverFromCrashedMembers(String assignor) {
        try (var group = scenario("crash-" + assignor, assignor)) {
            group.join("a");
            group.join("b");
            group.join("c");
            group.joinFromOtherProcess("d");
            group.joinFromOtherProcess("e");
            group.awaitSettled(Duration.ofSeconds(20));
            group.awaitMoreRead(UNDER_LOAD);
            group.crash("d", "e");
            group.awaitSettled(AFTER_CRASH);
            group.awaitMoreRead(UNDER_LOAD);
            group.awaitAllRead();
            group.awaitAllCommitted();
            group.assertNeverOwnedTwice();
        }
    }

    @Test
    void memberThatSleptThroughItsSessionLosesItsPartitionsAndComesBack() {
        try (var group = scenario("asleep", "RangeAssignor")) {
            group.join("a");
            Member.Remote sleeper = group.joinFromOtherProcess("sleeper");
            group.awaitSettled(Duration.ofSeconds(20));
            group.awaitMoreRead(UNDER_LOAD);
            sleeper.process().signal("STOP");
            group.ledger().memberEnded("sleeper", System.nanoTime());
            group.awaitSettled(AFTER_CRASH, Set.of("a"));
            group.awaitMoreRead(UNDER_LOAD);
            sleeper.process().signal("CONT");
            group.awaitSettled(AFTER_CRASH, Set.of("a", "sleeper"));
            group.awaitMoreRead(UNDER_LOAD);
            group.awaitAllRead();
            group.awaitAllCommitted();
            group.assertNeverOwnedTwice();
        }
    }

    @Test
    void staticMemberThatReturnsInTimeFindsItsPartitionsAndDisturbsNobody() {
        try (var group = scenario("static", "RangeAssignor")) {
            group.join("a", Map.of("group.instance.id", "a"));
            group.join("b", Map.of("group.instance.id", "b"));
            group.join("c", Map.of("group.instance.id", "c"));
            group.awaitSettled(ORDERLY);
            Map<String, Set<Integer>> before = owned(group);
            group.awaitMoreRead(UNDER_LOAD);
            group.leave("b");
            int changes = group.ledger().changes();
            assertEquals(3, group.describe().members().size());
            group.join("b", Map.of("group.instance.id", "b"));
            group.awaitSettled(ORDERLY);
            group.awaitMoreRead(UNDER_LOAD);
            assertEquals(before, owned(group));
            assertEquals(changes + 1, group.ledger().changes(), group.ledger()::toString);
            group.awaitAllRead();
            group.awaitAllCommitted();
            assertEquals(Map.of(), group.ledger().readAgain());
            group.assertNeverOwnedTwice();
        }
    }

    @Test
    void staticMemberThatStaysAwayIsReplacedAfterItsSession() {
        try (var group = scenario("static-gone", "RangeAssignor")) {
            group.join("a", Map.of("group.instance.id", "a"));
            group.join("b", Map.of("group.instance.id", "b"));
            group.awaitSettled(ORDERLY);
            group.awaitMoreRead(UNDER_LOAD);
            group.leave("b");
            group.awaitSettled(AFTER_CRASH);
            group.awaitAllRead();
            group.awaitAllCommitted();
            group.assertNeverOwnedTwice();
        }
    }

    @Test
    void secondMemberOfTheSameInstanceFencesTheFirst() {
        try (var group = scenario("fenced", "RangeAssignor")) {
            Member.Local first = group.join("first", Map.of("group.instance.id", "same"));
            group.awaitSettled(ORDERLY);
            group.awaitMoreRead(UNDER_LOAD);
            Member.Local second = group.join("second", Map.of("group.instance.id", "same"));
            Await.until("fenced", ORDERLY, () -> first.failure().get() != null);
            assertInstanceOf(FencedInstanceIdException.class, first.failure().get());
            group.awaitMoreRead(UNDER_LOAD);
            assertEquals(1, group.describe().members().size());
            assertEquals(null, second.failure().get());
            group.awaitAllRead();
        }
    }

    private static GroupScenario scenario(String name, String assignor) {
        return new GroupScenario(
                broker.bootstrap(),
                name,
                Map.of(
                        "partition.assignment.strategy",
                        "org.apache.kafka.clients.consumer." + assignor));
    }

    private static Map<String, Set<Integer>> owned(GroupScenario group) {
        Map<String, Set<Integer>> owned = new TreeMap<>();
        for (String member : List.of("a", "b", "c")) {
            owned.put(member, group.ledger().owned(member));
        }
        return owned;
    }
}
