package io.leat.tests.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.tests.harness.Await;
import io.leat.tests.harness.ChildProcess;
import io.leat.tests.harness.Folders;
import io.leat.tests.harness.Launcher;
import io.leat.tests.harness.TestBroker;
import io.leat.tests.harness.TestBrokers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListStreamsGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupMemberAssignment;
import org.apache.kafka.clients.admin.StreamsGroupMemberAssignment.TaskIds;
import org.apache.kafka.clients.admin.StreamsGroupMemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two instances of an application in a streams group (KIP-1071), as the official admin client and
 * the application itself see it.
 */
@Timeout(300)
class StreamsGroupTest {
    private static final String GROUP = CountingApplication.GROUP;
    private static final int PARTITIONS = 3;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Path folder = Folders.createTemporary("streams-group-");
    private TestBroker broker;
    private Admin admin;
    private CountingApplication application;

    @BeforeEach
    void start() throws Exception {
        broker =
                TestBrokers.start(
                        Map.of(
                                "group.streams.min.heartbeat.interval.ms", "100",
                                "group.streams.heartbeat.interval.ms", "300",
                                "group.streams.min.session.timeout.ms", "1000",
                                "group.streams.session.timeout.ms", "3000"));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
        admin.createTopics(List.of(new NewTopic("lines", PARTITIONS, (short) 1))).all().get();
        application = new CountingApplication(broker.bootstrap(), admin, folder);
    }

    @AfterEach
    void stop() {
        application.leave();
        admin.close();
        broker.close();
        Folders.delete(folder);
    }

    private static Set<String> tasks(
            Collection<StreamsGroupMemberDescription> members,
            Function<StreamsGroupMemberAssignment, List<TaskIds>> role) {
        Set<String> tasks = new HashSet<>();
        for (StreamsGroupMemberDescription member : members) {
            for (TaskIds ids : role.apply(member.assignment())) {
                for (int partition : ids.partitions()) {
                    assertTrue(tasks.add(ids.subtopologyId() + "_" + partition), "twice");
                }
            }
        }
        return tasks;
    }

    private static Set<String> expected(int... subtopologies) {
        return IntStream.of(subtopologies)
                .boxed()
                .flatMap(id -> IntStream.range(0, PARTITIONS).mapToObj(p -> id + "_" + p))
                .collect(Collectors.toSet());
    }

    @Test
    void adminsAndTheApplicationSeeTheGroup() throws Exception {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, GROUP);
        admin.incrementalAlterConfigs(
                        Map.of(
                                group,
                                List.of(
                                        new AlterConfigOp(
                                                new ConfigEntry(
                                                        "streams.num.standby.replicas", "1"),
                                                AlterConfigOp.OpType.SET))))
                .all()
                .get();
        KafkaStreams first = application.start(1001);
        application.start(1002);
        StreamsGroupDescription described = application.awaitStable(2);
        assertEquals(2, described.subtopologies().size());
        assertEquals(
                expected(0, 1),
                tasks(described.members(), StreamsGroupMemberAssignment::activeTasks));
        assertEquals(
                expected(1),
                tasks(described.members(), StreamsGroupMemberAssignment::standbyTasks));
        assertEquals(
                Set.of(1001, 1002),
                described.members().stream()
                        .map(member -> member.userEndpoint().orElseThrow().port())
                        .collect(Collectors.toSet()));
        seesItself(first);
        checkInternalTopics();
        checkOtherApis();
        checkCommands();
    }

    private void send() {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrap()),
                        new StringSerializer(),
                        new StringSerializer())) {
            var _ = producer.send(new ProducerRecord<>("lines", "k", "word"));
        }
    }

    /** Interactive queries: where each key is. */
    private void seesItself(KafkaStreams streams) {
        send();
        Await.until(
                () -> "both instances, not " + streams.metadataForAllStreamsClients(),
                LIMIT,
                () -> {
                    Collection<StreamsMetadata> all = streams.streamsMetadataForStore("counts");
                    Set<TopicPartition> active =
                            all.stream()
                                    .flatMap(each -> each.topicPartitions().stream())
                                    .collect(Collectors.toSet());
                    return all.stream()
                                    .map(StreamsMetadata::hostInfo)
                                    .collect(Collectors.toSet())
                                    .equals(
                                            Set.of(
                                                    new HostInfo("localhost", 1001),
                                                    new HostInfo("localhost", 1002)))
                            && IntStream.range(0, PARTITIONS)
                                    .mapToObj(p ->
                                            new TopicPartition(GROUP + "-counts-repartition", p))
                                    .allMatch(active::contains);
                });
    }

    private void checkInternalTopics() throws Exception {
        String changelog = GROUP + "-counts-changelog";
        String repartition = GROUP + "-counts-repartition";
        assertEquals(
                Map.of(changelog, PARTITIONS, repartition, PARTITIONS),
                admin
                        .describeTopics(List.of(changelog, repartition))
                        .allTopicNames()
                        .get()
                        .values()
                        .stream()
                        .collect(
                                Collectors.toMap(
                                        topic -> topic.name(),
                                        topic -> topic.partitions().size())));
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, changelog);
        Config config = admin.describeConfigs(List.of(topic)).all().get().get(topic);
        assertEquals("compact", config.get("cleanup.policy").value());
    }

    private void checkOtherApis() throws Exception {
        assertEquals(
                GroupType.STREAMS,
                admin.listGroups().all().get().stream()
                        .filter(listed -> listed.groupId().equals(GROUP))
                        .findFirst()
                        .orElseThrow()
                        .type()
                        .orElseThrow());
        assertCause(
                GroupIdNotFoundException.class,
                () -> admin.describeConsumerGroups(List.of(GROUP)).all().get());
        assertCause(
                GroupNotEmptyException.class,
                () -> admin.deleteStreamsGroups(List.of(GROUP)).all().get());
        Await.until(
                "committed offsets",
                LIMIT,
                () -> {
                    try {
                        return !admin.listConsumerGroupOffsets(GROUP)
                                .partitionsToOffsetAndMetadata()
                                .get()
                                .isEmpty();
                    } catch (ExecutionException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
        assertCause(
                GroupSubscribedToTopicException.class,
                () ->
                        admin.deleteStreamsGroupOffsets(
                                        GROUP, Set.of(new TopicPartition("lines", 0)))
                                .all()
                                .get());
    }

    /** The command shows and changes it as any other group. */
    private void checkCommands() throws Exception {
        assertTrue(
                leat("groups", "list").stream()
                        .anyMatch(line -> line.startsWith(GROUP + "\tstreams\tStable\tstreams\t")));
        List<String> shown = leat("groups", "describe", GROUP);
        assertTrue(shown.contains("Type\tstreams"), shown::toString);
        String member = application.awaitStable(2).members().iterator().next().memberId();
        assertTrue(
                shown.stream()
                        .anyMatch(line -> line.matches(member + "\t.*(lines|repartition)-\\d.*")),
                shown::toString);
        application.leave();
        application.awaitEmpty();
        leat("groups", "reset-offsets", GROUP, "-t", "lines", "--to-earliest", "-y");
        Map<TopicPartition, OffsetAndMetadata> offsets =
                admin.listStreamsGroupOffsets(Map.of(GROUP, new ListStreamsGroupOffsetsSpec()))
                        .partitionsToOffsetAndMetadata(GROUP)
                        .get();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            assertEquals(0, offsets.get(new TopicPartition("lines", partition)).offset());
        }
        leat("groups", "delete", GROUP, "-y");
        assertEquals(Optional.empty(), application.describe());
    }

    private List<String> leat(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Launcher.path().toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--bootstrap", broker.bootstrap()));
        try (ChildProcess process = ChildProcess.start("leat", Folders.target(), command)) {
            process.awaitSuccess(LIMIT);
            return process.lines();
        }
    }

    private interface Asking {
        void ask() throws Exception;
    }

    private static void assertCause(Class<? extends Throwable> expected, Asking asking) {
        ExecutionException e = assertThrows(ExecutionException.class, asking::ask);
        assertInstanceOf(expected, e.getCause());
    }

    @Test
    void tasksAreTakenOverWhenAnInstanceLeavesOrIsSilent() throws Exception {
        KafkaStreams first = application.start(1001);
        application.awaitStable(1);
        KafkaStreams second = application.start(1002);
        StreamsGroupDescription both = application.awaitStable(2);
        assertEquals(
                expected(0, 1), tasks(both.members(), StreamsGroupMemberAssignment::activeTasks));
        assertTrue(
                both.members().stream()
                        .allMatch(member -> !member.assignment().activeTasks().isEmpty()));
        CountingApplication.stop(first, GroupMembershipOperation.LEAVE_GROUP);
        hasAllTasks(application.awaitStable(1));
        application.start(1003);
        application.awaitStable(2);
        // Its session has to end first.
        CountingApplication.stop(second, GroupMembershipOperation.REMAIN_IN_GROUP);
        hasAllTasks(application.awaitStable(1));
        application.leave();
        application.awaitEmpty();
        admin.deleteStreamsGroups(List.of(GROUP)).all().get();
        assertEquals(Optional.empty(), application.describe());
    }

    private static void hasAllTasks(StreamsGroupDescription group) {
        assertEquals(
                expected(0, 1), tasks(group.members(), StreamsGroupMemberAssignment::activeTasks));
    }

    /** The application is stopped, and goes on by the other protocol where it was. */
    @Test
    void applicationMovesBetweenTheProtocols() {
        long count = 0;
        for (String protocol : List.of("classic", "streams", "classic")) {
            KafkaStreams instance = application.start(1001, protocol);
            CountingApplication.awaitCount(instance, "word", count);
            send();
            CountingApplication.awaitCount(instance, "word", ++count);
            CountingApplication.stop(instance, GroupMembershipOperation.LEAVE_GROUP);
        }
    }
}
