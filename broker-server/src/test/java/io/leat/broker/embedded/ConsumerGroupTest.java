package io.leat.broker.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.group.PartitionLag;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Groups of Apache Kafka's own consumers. */
class ConsumerGroupTest {
    private static final int PARTITIONS = 10;
    private static final int RECORDS = 3_000;

    private static EmbeddedBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() throws IOException {
        broker =
                EmbeddedBroker.start(
                        Map.of(
                                "listeners",
                                "PLAINTEXT://127.0.0.1:" + freePort(),
                                "group.min.session.timeout.ms",
                                "1000"));
        admin = broker.admin();
    }

    /** A restarted broker must be where its clients left it. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    private static void topic(String name) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1))).all().get();
    }

    private static void produce(String topic, int count) {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            for (int i = 0; i < count; i++) {
                var _ =
                        producer.send(
                                new ProducerRecord<>(topic, i % PARTITIONS, null, new byte[10]));
            }
        }
    }

    private static GroupUnderTest group(String name, Class<?> assignor) {
        return new GroupUnderTest(
                broker, name, name, Map.of("partition.assignment.strategy", assignor.getName()));
    }

    @ParameterizedTest
    @CsvSource({
        "range, 2",
        "range, 5",
        "roundrobin, 3",
        "cooperative-sticky, 2",
        "cooperative-sticky, 3",
        "cooperative-sticky, 5"
    })
    void membersComeLeaveAndCrash(String strategy, int count) throws Exception {
        Class<?> assignor =
                switch (strategy) {
                    case "range" -> RangeAssignor.class;
                    case "roundrobin" -> RoundRobinAssignor.class;
                    default -> CooperativeStickyAssignor.class;
                };
        String name = strategy + "-" + count;
        topic(name);
        try (GroupUnderTest group = group(name, assignor)) {
            produce(name, RECORDS);
            GroupUnderTest.Member first = group.join("m0");
            group.awaitBalance(PARTITIONS);
            for (int i = 1; i < count; i++) {
                group.join("m" + i);
            }
            group.awaitBalance(PARTITIONS);
            produce(name, RECORDS);

            first.stop(); // the leader leaves
            group.awaitBalance(PARTITIONS);
            produce(name, RECORDS);

            GroupUnderTest.Member victim = group.join("victim");
            group.awaitBalance(PARTITIONS);
            long begin = System.nanoTime();
            victim.crash();
            group.awaitBalance(PARTITIONS);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            assertTrue(
                    millis < GroupUnderTest.SESSION_MILLIS + 5_000,
                    "settled only after " + millis + " ms");

            GroupUnderTest.await("all records", () -> group.read.size() == 3 * RECORDS);
            GroupUnderTest.await("no lag", () -> lag(name) == 0);
            assertEquals(List.of(), group.errors);
        }
        ConsumerGroupDescription after = describe(name);
        assertEquals(GroupState.EMPTY, after.groupState());
    }

    private static void awaitOneGeneration(
            GroupUnderTest.Member first, GroupUnderTest.Member second) {
        GroupUnderTest.await(
                "one generation",
                () -> first.generation > 0 && first.generation == second.generation);
    }

    private static long lag(String group) {
        List<PartitionLag> lags = broker.broker().groups().lag(group);
        return lags.size() < PARTITIONS ? -1 : lags.stream().mapToLong(PartitionLag::lag).sum();
    }

    private static ConsumerGroupDescription describe(String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group)).all().get().get(group);
    }

    @Test
    void staticMembersRestartWithoutARebalance() throws Exception {
        topic("static");
        try (GroupUnderTest group = group("static", CooperativeStickyAssignor.class)) {
            Map<String, String> one = Map.of("group.instance.id", "one");
            Map<String, String> two = Map.of("group.instance.id", "two");
            GroupUnderTest.Member first = group.join("m1", one);
            GroupUnderTest.Member second = group.join("m2", two);
            group.awaitBalance(PARTITIONS);
            awaitOneGeneration(first, second);
            int generation = first.generation;
            int assignments = first.assignments.get();

            second.stop();
            assertEquals(PARTITIONS / 2, group.owners.size(), "its partitions wait for it");
            GroupUnderTest.Member back = group.join("m2-again", two);
            group.awaitBalance(PARTITIONS);
            assertEquals(PARTITIONS / 2, back.owned());
            produce("static", RECORDS);
            GroupUnderTest.await("all records", () -> group.read.size() == RECORDS);
            GroupUnderTest.await("its generation", () -> back.generation > 0);
            assertEquals(generation, back.generation);
            assertEquals(generation, first.generation);
            assertEquals(assignments, first.assignments.get());

            // The leader too, which is told to leave the assignment as it is.
            first.stop();
            GroupUnderTest.Member leader = group.join("m1-again", one);
            group.awaitBalance(PARTITIONS);
            assertEquals(PARTITIONS / 2, leader.owned());
            assertEquals(generation, back.generation);
            assertEquals(List.of(), group.errors);

            admin.removeMembersFromConsumerGroup(
                            "static",
                            new RemoveMembersFromConsumerGroupOptions(
                                    Set.of(new MemberToRemove("two"))))
                    .all()
                    .get();
            GroupUnderTest.await("a rebalance", () -> leader.generation > generation);
        }
    }

    @Test
    void groupGoesOnWhenTheBrokerIsBack() throws Exception {
        topic("restart");
        try (GroupUnderTest group = group("restart", CooperativeStickyAssignor.class)) {
            // A client that starts over with its metadata has its leader join again.
            Map<String, String> patient = Map.of("metadata.recovery.strategy", "none");
            GroupUnderTest.Member first = group.join("m1", patient);
            GroupUnderTest.Member second = group.join("m2", patient);
            group.awaitBalance(PARTITIONS);
            produce("restart", RECORDS);
            GroupUnderTest.await("all records", () -> group.read.size() == RECORDS);
            GroupUnderTest.await("no lag", () -> lag("restart") == 0);
            awaitOneGeneration(first, second);
            int generation = first.generation;
            int assignments = first.assignments.get();

            broker.restart();
            assertEquals(0, lag("restart"), "offsets are there");
            produce("restart", RECORDS);
            GroupUnderTest.await("all records", () -> group.read.size() == 2 * RECORDS);
            GroupUnderTest.await("no lag", () -> lag("restart") == 0);
            assertEquals(generation, first.generation);
            assertEquals(generation, second.generation);
            assertEquals(assignments, first.assignments.get());
            assertEquals(List.of(), group.errors);
        }
    }

    @Test
    void administratorsSeeAndChangeGroups() throws Exception {
        topic("admin");
        produce("admin", RECORDS);
        TopicPartition partition = new TopicPartition("admin", 0);
        try (GroupUnderTest group = group("admin", RangeAssignor.class)) {
            group.join("m1");
            group.awaitBalance(PARTITIONS);
            GroupUnderTest.await("no lag", () -> lag("admin") == 0);

            ConsumerGroupDescription description = describe("admin");
            assertEquals(GroupState.STABLE, description.groupState());
            assertEquals("range", description.partitionAssignor());
            var member = description.members().iterator().next();
            assertEquals("m1", member.clientId());
            assertEquals("/127.0.0.1", member.host());
            assertEquals(PARTITIONS, member.assignment().topicPartitions().size());
            assertEquals(
                    0,
                    broker.meters()
                            .get("leat.consumer.lag")
                            .tags("group", "admin", "topic", "admin", "partition", "0")
                            .gauge()
                            .value());

            assertTrue(listed(Set.of(GroupState.STABLE)).contains("admin"));
            assertTrue(!listed(Set.of(GroupState.EMPTY)).contains("admin"));
            assertCause(
                    GroupNotEmptyException.class,
                    () -> admin.deleteConsumerGroups(List.of("admin")).all().get());
            assertCause(
                    GroupSubscribedToTopicException.class,
                    () -> admin.deleteConsumerGroupOffsets("admin", Set.of(partition)).all().get());
        }
        admin.alterConsumerGroupOffsets(
                        "admin", Map.of(partition, new OffsetAndMetadata(7, "seven")))
                .all()
                .get();
        OffsetAndMetadata offset =
                admin.listConsumerGroupOffsets("admin")
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(partition);
        assertEquals(7, offset.offset());
        assertEquals("seven", offset.metadata());
        assertEquals(RECORDS / PARTITIONS - 7, lag("admin"));

        admin.deleteConsumerGroupOffsets("admin", Set.of(partition)).all().get();
        assertEquals(
                PARTITIONS - 1,
                admin.listConsumerGroupOffsets("admin")
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .size());
        admin.deleteTopics(List.of("admin")).all().get();
        GroupUnderTest.await(
                "the topic's offsets to go", () -> broker.broker().groups().lag("admin").isEmpty());
        admin.deleteConsumerGroups(List.of("admin")).all().get();
        assertCause(GroupIdNotFoundException.class, () -> describe("admin"));
    }

    private static Set<String> listed(Set<GroupState> states) throws Exception {
        return admin.listGroups(new ListGroupsOptions().inGroupStates(states)).all().get().stream()
                .map(listing -> listing.groupId())
                .collect(Collectors.toSet());
    }

    private static void assertCause(
            Class<? extends Throwable> cause, org.junit.jupiter.api.function.Executable call) {
        ExecutionException e = assertThrows(ExecutionException.class, call);
        assertEquals(cause, e.getCause().getClass());
    }
}
