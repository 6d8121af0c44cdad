package io.leat.broker.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.api.ApiRegistry;
import io.leat.broker.api.BrokerIdentity;
import io.leat.broker.api.Contexts;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.coordinator.Answer;
import io.leat.broker.coordinator.CoordinatorLoop;
import io.leat.broker.coordinator.ManualTime;
import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.broker.group.settings.GroupConfigs;
import io.leat.broker.group.streams.InternalTopic;
import io.leat.broker.group.streams.Status;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.Exchange;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import io.leat.wire.message.StreamsGroupDescribeRequest;
import io.leat.wire.message.StreamsGroupDescribeResponse;
import io.leat.wire.message.StreamsGroupHeartbeatRequest;
import io.leat.wire.message.StreamsGroupHeartbeatRequest.Endpoint;
import io.leat.wire.message.StreamsGroupHeartbeatRequest.KeyValue;
import io.leat.wire.message.StreamsGroupHeartbeatRequest.Subtopology;
import io.leat.wire.message.StreamsGroupHeartbeatRequest.TaskIds;
import io.leat.wire.message.StreamsGroupHeartbeatRequest.TopicInfo;
import io.leat.wire.message.StreamsGroupHeartbeatRequest.Topology;
import io.leat.wire.message.StreamsGroupHeartbeatResponse;
import io.leat.wire.schema.ByteBufferSink;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the APIs of streams groups say, in each of their versions. */
class StreamsHandlersTest {
    private static final int LEAVE = -1;
    private static final byte NOT_STORED = 1;
    private static final Topology TOPOLOGY =
            topology(
                    new Subtopology(
                            "0",
                            List.of("t"),
                            List.of(),
                            List.of(),
                            List.of("app-repartition"),
                            List.of(),
                            List.of()),
                    new Subtopology(
                            "1",
                            List.of(),
                            List.of(),
                            List.of(topic("app-changelog")),
                            List.of(),
                            List.of(topic("app-repartition")),
                            List.of()));

    private final ManualTime time = new ManualTime();
    private final TestTopics topics = new TestTopics();
    private final MemoryStateStore store = new MemoryStateStore();
    private ApiRegistry registry;
    private CoordinatorLoop loop;

    StreamsHandlersTest() {
        topics.add(new UUID(7, 7), "t", 3, 100);
        start();
    }

    /** Knows no more than the store does. */
    private void start() {
        registry = new ApiRegistry();
        loop = new CoordinatorLoop(store, time, Long.MAX_VALUE);
        new Groups(
                        loop,
                        GroupConfig.DEFAULT,
                        new GroupConfigs(BrokerConfig.defaults(), store),
                        topics,
                        time,
                        new SimpleMeterRegistry())
                .register(registry, new BrokerIdentity("cluster", 5, Map.of()), this::create);
    }

    /** One of the topics cannot be made the first time. */
    private CompletionStage<SortedMap<String, String>> create(List<InternalTopic> missing) {
        SortedMap<String, String> failures = new TreeMap<>();
        for (InternalTopic topic : missing) {
            if (missing.size() > 1 && topic.name().endsWith("changelog")) {
                failures.put(topic.name(), "no room");
            } else {
                topics.add(UUID.randomUUID(), topic.name(), topic.partitions(), 0);
            }
        }
        return CompletableFuture.completedFuture(failures);
    }

    private static Topology topology(Subtopology... parts) {
        return new Topology(0, List.of(parts));
    }

    private static TopicInfo topic(String name) {
        return new TopicInfo(name, 0, (short) 0, List.of());
    }

    @SuppressWarnings("unchecked") // the registry pairs requests with their responses
    private <Q extends Record & RequestMessage, R extends Record & ResponseMessage> R ask(
            Exchange<Q, R> exchange, int version, Q request) {
        ApiRegistry.Api<Q, R> api =
                (ApiRegistry.Api<Q, R>) registry.find(exchange.api().id()).orElseThrow();
        Answer<R> answer = new Answer<>(api.handler().handle(Contexts.of(version), request));
        loop.turn();
        R response = answer.join();
        // Refuses what the version has no words for.
        api.responses().encode(response, (short) version, new ByteBufferSink());
        return response;
    }

    private StreamsGroupHeartbeatResponse join(int version, Topology topology) {
        return beat(version, "m", 0, topology, List.of());
    }

    private StreamsGroupHeartbeatResponse goOn(int version, int epoch) {
        return beat(version, "m", epoch, null, null);
    }

    private StreamsGroupHeartbeatResponse beat(
            int version, String member, int epoch, Topology topology, List<TaskIds> owned) {
        return ask(
                Exchange.STREAMS_GROUP_HEARTBEAT,
                version,
                new StreamsGroupHeartbeatRequest(
                        "g",
                        member,
                        epoch,
                        -1,
                        null,
                        null,
                        topology == null ? -1 : 10_000,
                        topology,
                        owned,
                        owned,
                        owned,
                        topology == null ? null : "p",
                        topology == null ? null : new Endpoint("host", 65_000),
                        topology == null ? null : List.of(new KeyValue("zone", "a")),
                        null,
                        null,
                        false));
    }

    private static List<Byte> statuses(StreamsGroupHeartbeatResponse response) {
        return response.status().stream()
                .map(StreamsGroupHeartbeatResponse.Status::statusCode)
                .toList();
    }

    private StreamsGroupDescribeResponse.DescribedGroup describe(int version, String group) {
        return ask(
                        Exchange.STREAMS_GROUP_DESCRIBE,
                        version,
                        new StreamsGroupDescribeRequest(List.of(group), false, version >= 1))
                .groups()
                .getFirst();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void memberComesWaitsForTopicsRunsTasksAndLeaves(int version) {
        StreamsGroupHeartbeatResponse joined = join(version, TOPOLOGY);
        assertEquals(ErrorCode.NONE.code(), joined.errorCode());
        assertEquals(version == 0 ? 10_000 : 0, joined.acceptableRecoveryLagLegacy());
        assertEquals(10_000, joined.acceptableRecoveryLag());
        assertEquals(60_000, joined.taskOffsetIntervalMs());
        assertTrue(statuses(joined).contains(Status.Kind.MISSING_INTERNAL_TOPICS.code()));
        assertTrue(
                joined.status().stream()
                        .anyMatch(status ->
                                status.statusDetail().contains("app-changelog: no room")));
        assertEquals("NotReady", describe(version, "g").groupState());

        time.advance(1_000);
        StreamsGroupHeartbeatResponse again = goOn(version, joined.memberEpoch());
        assertEquals(
                List.of(Status.Kind.MISSING_INTERNAL_TOPICS.code()),
                statuses(again),
                "is made with this one");

        StreamsGroupHeartbeatResponse given = goOn(version, again.memberEpoch());
        assertEquals(List.of(), statuses(given));
        assertEquals(
                List.of(
                        new StreamsGroupHeartbeatResponse.TaskIds("0", List.of(0, 1, 2)),
                        new StreamsGroupHeartbeatResponse.TaskIds("1", List.of(0, 1, 2))),
                given.activeTasks());
        assertEquals(65_000, given.partitionsByUserEndpoint().getFirst().userEndpoint().port());
        describesIt(version);

        StreamsGroupHeartbeatResponse left = beat(version, "m", LEAVE, null, null);
        assertEquals(ErrorCode.NONE.code(), left.errorCode());
        assertEquals("Empty", describe(version, "g").groupState());
    }

    private void describesIt(int version) {
        StreamsGroupDescribeResponse.DescribedGroup group = describe(version, "g");
        assertEquals("Stable", group.groupState());
        assertEquals(version == 0 ? 0 : NOT_STORED, group.topologyDescriptionStatus());
        assertEquals(2, group.topology().subtopologies().size());
        StreamsGroupDescribeResponse.Subtopology part = group.topology().subtopologies().get(1);
        assertEquals("app-changelog", part.stateChangelogTopics().getFirst().name());
        assertEquals(3, part.stateChangelogTopics().getFirst().partitions());
        StreamsGroupDescribeResponse.Member member = group.members().getFirst();
        assertEquals("p", member.processId());
        assertEquals(
                List.of(new StreamsGroupDescribeResponse.KeyValue("zone", "a")),
                member.clientTags());
        assertEquals(2, member.assignment().activeTasks().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void topologyIsDescribedWhoseTopicsAreNotFound(int version) {
        join(
                version,
                topology(
                        new Subtopology(
                                "0",
                                List.of("absent"),
                                List.of(),
                                List.of(topic("app-changelog")),
                                List.of("app-repartition"),
                                List.of(),
                                List.of())));
        assertEquals("NotReady", describe(version, "g").groupState());
        describesAsItCame(version);

        beat(version, "m", LEAVE, null, null);
        start();
        assertEquals("Empty", describe(version, "g").groupState());
        describesAsItCame(version);
    }

    private void describesAsItCame(int version) {
        StreamsGroupDescribeResponse.Subtopology part =
                describe(version, "g").topology().subtopologies().getFirst();
        assertEquals("0", part.subtopologyId());
        assertEquals(List.of("absent"), part.sourceTopics());
        assertEquals(List.of("app-repartition"), part.repartitionSinkTopics());
        assertEquals("app-changelog", part.stateChangelogTopics().getFirst().name());
        assertEquals(List.of(), part.repartitionSourceTopics());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void refusesWhatMakesNoSense(int version) {
        assertEquals(ErrorCode.INVALID_REQUEST.code(), join(version, null).errorCode());
        assertEquals(
                ErrorCode.INVALID_REQUEST.code(),
                beat(version, "", 0, TOPOLOGY, List.of()).errorCode());
        assertEquals(
                ErrorCode.STREAMS_INVALID_TOPOLOGY.code(),
                join(
                                version,
                                topology(
                                        new Subtopology(
                                                "0", List.of(), List.of(), List.of(), List.of(),
                                                List.of(), List.of())))
                        .errorCode());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID.code(), goOn(version, 3).errorCode());
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND.code(), describe(version, "g").errorCode());
    }
}
