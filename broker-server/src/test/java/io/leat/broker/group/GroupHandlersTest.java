package io.leat.broker.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leat.broker.api.ApiRegistry;
import io.leat.broker.api.BrokerIdentity;
import io.leat.broker.api.Contexts;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.coordinator.Answer;
import io.leat.broker.coordinator.CoordinatorLoop;
import io.leat.broker.coordinator.ManualTime;
import io.leat.broker.coordinator.MemoryStateStore;
import io.leat.broker.group.classic.Member;
import io.leat.broker.group.settings.GroupConfig;
import io.leat.broker.group.settings.GroupConfigs;
import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.message.DeleteGroupsRequest;
import io.leat.wire.message.DeleteGroupsResponse;
import io.leat.wire.message.DescribeGroupsRequest;
import io.leat.wire.message.DescribeGroupsResponse;
import io.leat.wire.message.Exchange;
import io.leat.wire.message.FindCoordinatorRequest;
import io.leat.wire.message.FindCoordinatorResponse;
import io.leat.wire.message.HeartbeatRequest;
import io.leat.wire.message.HeartbeatResponse;
import io.leat.wire.message.JoinGroupRequest;
import io.leat.wire.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.leat.wire.message.JoinGroupResponse;
import io.leat.wire.message.LeaveGroupRequest;
import io.leat.wire.message.LeaveGroupRequest.MemberIdentity;
import io.leat.wire.message.LeaveGroupResponse;
import io.leat.wire.message.ListGroupsRequest;
import io.leat.wire.message.ListGroupsResponse;
import io.leat.wire.message.OffsetCommitRequest;
import io.leat.wire.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.leat.wire.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.leat.wire.message.OffsetCommitResponse;
import io.leat.wire.message.OffsetDeleteRequest;
import io.leat.wire.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.leat.wire.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.leat.wire.message.OffsetDeleteResponse;
import io.leat.wire.message.OffsetFetchRequest;
import io.leat.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.leat.wire.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.leat.wire.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.leat.wire.message.OffsetFetchResponse;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import io.leat.wire.message.SyncGroupRequest;
import io.leat.wire.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.leat.wire.message.SyncGroupResponse;
import io.leat.wire.schema.ByteBufferSink;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the group APIs say in their many versions. */
class GroupHandlersTest {
    private static final UUID NO_ID = new UUID(0, 0);
    private static final UUID T = new UUID(7, 7);

    private final ManualTime time = new ManualTime();
    private final MemoryStateStore store = new MemoryStateStore();
    private final TestTopics topics = new TestTopics();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ApiRegistry registry = new ApiRegistry();
    private CoordinatorLoop loop;
    private Groups groups;

    GroupHandlersTest() {
        topics.add(T, "t", 3, 100);
        loop = new CoordinatorLoop(store, time, Long.MAX_VALUE);
        groups = groups(meters);
        groups.register(
                registry,
                new BrokerIdentity("cluster", 5, Map.of()),
                missing -> CompletableFuture.completedFuture(new TreeMap<>()));
    }

    private Groups groups(SimpleMeterRegistry registry) {
        GroupConfigs settings = new GroupConfigs(BrokerConfig.defaults(), store);
        return new Groups(loop, GroupConfig.DEFAULT, settings, topics, time, registry);
    }

    @SuppressWarnings("unchecked") // the registry pairs requests with their responses
    private <Q extends Record & RequestMessage, R extends Record & ResponseMessage> Answer<R> send(
            Exchange<Q, R> exchange, int version, Q request) {
        ApiRegistry.Api<Q, R> api =
                (ApiRegistry.Api<Q, R>) registry.find(exchange.api().id()).orElseThrow();
        Answer<R> answer =
                new Answer<>(
                        api.handler()
                                .handle(Contexts.of(version), request)
                                .thenApply(response -> {
                                    // Refuses what the version has no words for.
                                    api.responses()
                                            .encode(
                                                    response,
                                                    (short) version,
                                                    new ByteBufferSink());
                                    return response;
                                }));
        loop.turn();
        return answer;
    }

    private <Q extends Record & RequestMessage, R extends Record & ResponseMessage> R ask(
            Exchange<Q, R> exchange, int version, Q request) {
        return send(exchange, version, request).join();
    }

    private Answer<JoinGroupResponse> join(int version, String group, String member, String type) {
        ByteBuffer metadata = GroupFixture.protocol("range", "t").metadata().view();
        return send(
                Exchange.JOIN_GROUP,
                version,
                new JoinGroupRequest(
                        group,
                        10_000,
                        version == 0 ? -1 : 20_000,
                        member,
                        null,
                        type,
                        List.of(new JoinGroupRequestProtocol("range", metadata)),
                        null));
    }

    /** A stable group of one, by version 0. */
    private String stable(String group) {
        Answer<JoinGroupResponse> join = join(0, group, "", "consumer");
        time.advance(100);
        loop.turn();
        String id = join.join().memberId();
        SyncGroupResponse sync =
                ask(
                        Exchange.SYNC_GROUP,
                        0,
                        new SyncGroupRequest(
                                group,
                                1,
                                id,
                                null,
                                null,
                                null,
                                List.of(
                                        new SyncGroupRequestAssignment(
                                                id, ByteBuffer.wrap(new byte[] {1, 2})))));
        assertEquals(0, sync.errorCode());
        assertEquals(ByteBuffer.wrap(new byte[] {1, 2}), sync.assignment());
        return id;
    }

    private OffsetCommitResponse commit(
            int version, String group, String member, int generation, int partition, String note) {
        return ask(
                Exchange.OFFSET_COMMIT,
                version,
                new OffsetCommitRequest(
                        group,
                        generation,
                        member,
                        null,
                        -1,
                        List.of(
                                new OffsetCommitRequestTopic(
                                        version >= 10 ? "" : "t",
                                        version >= 10 ? T : NO_ID,
                                        List.of(
                                                new OffsetCommitRequestPartition(
                                                        partition, 40, -1, note))))));
    }

    private static ErrorCode error(OffsetCommitResponse response) {
        return ErrorCode.of(response.topics().getFirst().partitions().getFirst().errorCode());
    }

    @Test
    void everyGroupApiIsServedInAllVersions() {
        Map<ApiKey, Integer> highest = new HashMap<>();
        registry.all().forEach(api -> highest.put(api.key(), (int) api.highestVersion()));
        assertEquals(
                Map.ofEntries(
                        Map.entry(ApiKey.OFFSET_COMMIT, 10),
                        Map.entry(ApiKey.OFFSET_FETCH, 10),
                        Map.entry(ApiKey.FIND_COORDINATOR, 6),
                        Map.entry(ApiKey.JOIN_GROUP, 9),
                        Map.entry(ApiKey.HEARTBEAT, 4),
                        Map.entry(ApiKey.LEAVE_GROUP, 5),
                        Map.entry(ApiKey.SYNC_GROUP, 5),
                        Map.entry(ApiKey.DESCRIBE_GROUPS, 6),
                        Map.entry(ApiKey.LIST_GROUPS, 5),
                        Map.entry(ApiKey.DELETE_GROUPS, 3),
                        Map.entry(ApiKey.CONSUMER_GROUP_HEARTBEAT, 1),
                        Map.entry(ApiKey.CONSUMER_GROUP_DESCRIBE, 1),
                        Map.entry(ApiKey.STREAMS_GROUP_HEARTBEAT, 1),
                        Map.entry(ApiKey.STREAMS_GROUP_DESCRIBE, 1),
                        Map.entry(ApiKey.OFFSET_DELETE, 0)),
                highest);
    }

    @Test
    void joinNamesTheMemberAfterItsClientAndAsksNewerOnesToComeBackWithTheId() {
        JoinGroupResponse required = join(4, "g", "", "consumer").join();
        assertEquals(ErrorCode.MEMBER_ID_REQUIRED.code(), required.errorCode());
        assertTrue(required.memberId().matches("client-[0-9a-f-]{36}"), required.memberId());
        assertEquals(-1, required.generationId());

        Answer<JoinGroupResponse> older = join(3, "old", "", "consumer");
        time.advance(100);
        loop.turn();
        assertEquals(0, older.join().errorCode());
    }

    @Test
    void protocolNameIsEmptyInOldErrorsAndNullInNewOnes() {
        assertEquals("", join(6, "", "", "consumer").join().protocolName());
        assertNull(join(7, "", "", "consumer").join().protocolName());
        assertEquals(
                ErrorCode.INVALID_GROUP_ID.code(), join(7, "", "m", "consumer").join().errorCode());
    }

    @Test
    void oldestJoinTakesItsSessionTimeoutForItsRebalanceTimeout() {
        stable("g");
        Member member =
                GroupFixture.classic(groups.find("g").orElseThrow())
                        .members()
                        .all()
                        .iterator()
                        .next();
        assertEquals(new Member.Timeouts(10_000, 10_000), member.timeouts());
        assertEquals("here", member.client().host());
    }

    @Test
    void syncMustNameItsProtocolFromVersion5() {
        SyncGroupRequest request = new SyncGroupRequest("g", 1, "m", null, null, null, List.of());
        SyncGroupResponse newer = ask(Exchange.SYNC_GROUP, 5, request);
        assertEquals(ErrorCode.INCONSISTENT_GROUP_PROTOCOL.code(), newer.errorCode());
        SyncGroupResponse older = ask(Exchange.SYNC_GROUP, 4, request);
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID.code(), older.errorCode());
    }

    @Test
    void heartbeatAndLeaveOfNoGroup() {
        HeartbeatResponse heartbeat =
                ask(Exchange.HEARTBEAT, 4, new HeartbeatRequest("", 1, "m", null));
        assertEquals(ErrorCode.INVALID_GROUP_ID.code(), heartbeat.errorCode());
        LeaveGroupResponse leave =
                ask(Exchange.LEAVE_GROUP, 4, new LeaveGroupRequest("", "", List.of()));
        assertEquals(ErrorCode.INVALID_GROUP_ID.code(), leave.errorCode());
    }

    @Test
    void leaveSaysItAtTheTopUpToVersion2AndForEachFrom3() {
        String id = stable("g");
        LeaveGroupResponse unknown =
                ask(Exchange.LEAVE_GROUP, 2, new LeaveGroupRequest("g", "m", List.of()));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID.code(), unknown.errorCode());
        LeaveGroupResponse many =
                ask(
                        Exchange.LEAVE_GROUP,
                        3,
                        new LeaveGroupRequest(
                                "g",
                                "",
                                List.of(
                                        new MemberIdentity("m", null, null),
                                        new MemberIdentity(id, null, null))));
        assertEquals(0, many.errorCode());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID.code(), many.members().get(0).errorCode());
        assertEquals(0, many.members().get(1).errorCode());
        assertEquals(id, many.members().get(1).memberId());
    }

    @Test
    void commitNamesTopicsByNameOrId() {
        assertEquals(ErrorCode.NONE, error(commit(2, "g", "", -1, 0, null)));
        OffsetCommitResponse byId = commit(10, "g", "", -1, 1, "x");
        assertEquals(ErrorCode.NONE, error(byId));
        assertEquals(T, byId.topics().getFirst().topicId());
        assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, error(commit(9, "g", "", -1, 3, "x")));
        assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, error(commit(9, "g", "", -1, -1, "x")));
        assertEquals(
                ErrorCode.OFFSET_METADATA_TOO_LARGE,
                error(commit(9, "g", "", -1, 0, "x".repeat(4097))));
        assertEquals(ErrorCode.NONE, error(commit(9, "g", "", -1, 0, "x".repeat(4096))));
        topics.clear();
        assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, error(commit(9, "g", "", -1, 0, "x")));
        assertEquals(ErrorCode.UNKNOWN_TOPIC_ID, error(commit(10, "g", "", -1, 0, "x")));
    }

    @Test
    void commitToAGroupThatIsNotThere() {
        assertEquals(ErrorCode.ILLEGAL_GENERATION, error(commit(8, "g", "m", 3, 0, "")));
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND, error(commit(9, "g", "m", 3, 0, "")));
    }

    @Test
    void fetchOfOneGroup() {
        commit(9, "g", "", -1, 1, "note");
        OffsetFetchResponse some =
                ask(
                        Exchange.OFFSET_FETCH,
                        1,
                        new OffsetFetchRequest(
                                "g",
                                List.of(
                                        new OffsetFetchRequestTopic("t", List.of(0, 1)),
                                        new OffsetFetchRequestTopic("u", List.of(0))),
                                List.of(),
                                false));
        var t = some.topics().get(0);
        assertEquals(-1, t.partitions().get(0).committedOffset());
        assertEquals(40, t.partitions().get(1).committedOffset());
        assertEquals("note", t.partitions().get(1).metadata());
        assertEquals(-1, some.topics().get(1).partitions().get(0).committedOffset());
        assertEquals(0, some.topics().get(1).partitions().get(0).errorCode());

        OffsetFetchResponse all =
                ask(Exchange.OFFSET_FETCH, 7, new OffsetFetchRequest("g", null, List.of(), true));
        assertEquals(1, all.topics().size());
        assertEquals(1, all.topics().getFirst().partitions().size());
        OffsetFetchResponse none =
                ask(Exchange.OFFSET_FETCH, 2, new OffsetFetchRequest("h", null, List.of(), false));
        assertEquals(List.of(), none.topics());
        assertEquals(0, none.errorCode());
    }

    @Test
    void fetchOfManyGroupsByNameAndById() {
        commit(9, "g", "", -1, 1, "note");
        OffsetFetchResponse byName =
                ask(
                        Exchange.OFFSET_FETCH,
                        8,
                        new OffsetFetchRequest(
                                "",
                                List.of(),
                                List.of(
                                        new OffsetFetchRequestGroup("g", null, -1, null),
                                        new OffsetFetchRequestGroup(
                                                "h",
                                                null,
                                                -1,
                                                List.of(
                                                        new OffsetFetchRequestTopics(
                                                                "t", NO_ID, List.of(1))))),
                                false));
        assertEquals("t", byName.groups().get(0).topics().getFirst().name());
        assertEquals(
                40,
                byName.groups()
                        .get(0)
                        .topics()
                        .getFirst()
                        .partitions()
                        .getFirst()
                        .committedOffset());
        assertEquals(
                -1,
                byName.groups()
                        .get(1)
                        .topics()
                        .getFirst()
                        .partitions()
                        .getFirst()
                        .committedOffset());

        OffsetFetchResponse byId =
                ask(
                        Exchange.OFFSET_FETCH,
                        10,
                        new OffsetFetchRequest(
                                "",
                                List.of(),
                                List.of(
                                        new OffsetFetchRequestGroup(
                                                "g",
                                                "",
                                                -1,
                                                List.of(
                                                        new OffsetFetchRequestTopics(
                                                                "", T, List.of(1)),
                                                        new OffsetFetchRequestTopics(
                                                                "", new UUID(9, 9), List.of(0))))),
                                false));
        var found = byId.groups().getFirst().topics();
        assertEquals(40, found.get(0).partitions().getFirst().committedOffset());
        assertEquals(
                ErrorCode.UNKNOWN_TOPIC_ID.code(),
                found.get(1).partitions().getFirst().errorCode());
    }

    @Test
    void deletedTopicHasNoOffsetsAndANewOneOfItsNameHasNoneEither() {
        commit(9, "g", "", -1, 1, "note");
        topics.clear();
        topics.add(new UUID(8, 8), "t", 3, 0);
        OffsetFetchRequest all = new OffsetFetchRequest("g", null, List.of(), false);
        OffsetFetchResponse before = ask(Exchange.OFFSET_FETCH, 5, all);
        assertEquals(List.of(), before.topics());
        groups.forgetTopics(Set.of(T));
        loop.turn();
        assertTrue(groups.find("g").orElseThrow().offsets().isEmpty());
    }

    @Test
    void offsetsOfTopicsThatVanishedWhileTheBrokerWasDownAreForgotten() {
        commit(9, "g", "", -1, 1, "note");
        topics.clear();
        loop = new CoordinatorLoop(store, time, Long.MAX_VALUE);
        groups = groups(new SimpleMeterRegistry());
        loop.turn();
        assertEquals(0, store.size());
    }

    @Test
    void offsetDelete() {
        commit(9, "g", "", -1, 1, "note");
        OffsetDeleteResponse response =
                ask(
                        Exchange.OFFSET_DELETE,
                        0,
                        new OffsetDeleteRequest(
                                "g",
                                List.of(
                                        new OffsetDeleteRequestTopic(
                                                "t",
                                                List.of(
                                                        new OffsetDeleteRequestPartition(1),
                                                        new OffsetDeleteRequestPartition(9))),
                                        new OffsetDeleteRequestTopic(
                                                "u",
                                                List.of(new OffsetDeleteRequestPartition(0))))));
        assertEquals(0, response.errorCode());
        var t = response.topics().get(0).partitions();
        assertEquals(0, t.get(0).errorCode());
        assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code(), t.get(1).errorCode());
        assertEquals(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code(),
                response.topics().get(1).partitions().get(0).errorCode());
        OffsetDeleteResponse missing =
                ask(Exchange.OFFSET_DELETE, 0, new OffsetDeleteRequest("h", List.of()));
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND.code(), missing.errorCode());
    }

    @Test
    void subscribedOffsetsAreNotDeleted() {
        String id = stable("g");
        commit(9, "g", id, 1, 1, "");
        OffsetDeleteResponse response =
                ask(
                        Exchange.OFFSET_DELETE,
                        0,
                        new OffsetDeleteRequest(
                                "g",
                                List.of(
                                        new OffsetDeleteRequestTopic(
                                                "t",
                                                List.of(new OffsetDeleteRequestPartition(1))))));
        assertEquals(
                ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC.code(),
                response.topics().getFirst().partitions().getFirst().errorCode());
    }

    @Test
    void listFiltersByStateAndType() {
        stable("b");
        commit(9, "a", "", -1, 0, "");
        assertEquals(List.of("a", "b"), list(List.of(), List.of()));
        assertEquals(List.of("b"), list(List.of("stable"), List.of()));
        assertEquals(List.of("a"), list(List.of(" EMPTY "), List.of("Classic")));
        assertEquals(List.of(), list(List.of(), List.of("consumer")));
        assertEquals(List.of("a", "b"), groups.ids());
    }

    private List<String> list(List<String> states, List<String> types) {
        ListGroupsResponse response =
                ask(Exchange.LIST_GROUPS, 5, new ListGroupsRequest(states, types));
        return response.groups().stream().map(g -> g.groupId()).toList();
    }

    @Test
    void describeShowsMembersOnceStable() {
        String id = stable("g");
        DescribeGroupsResponse response =
                ask(Exchange.DESCRIBE_GROUPS, 5, new DescribeGroupsRequest(List.of("g"), true));
        var group = response.groups().getFirst();
        assertEquals("Stable", group.groupState());
        assertEquals("consumer", group.protocolType());
        assertEquals("range", group.protocolData());
        assertEquals(3400, group.authorizedOperations());
        var member = group.members().getFirst();
        assertEquals(id, member.memberId());
        assertEquals("client", member.clientId());
        assertEquals(ByteBuffer.wrap(new byte[] {1, 2}), member.memberAssignment());
        assertEquals(
                GroupFixture.protocol("range", "t").metadata().view(), member.memberMetadata());
    }

    @Test
    void describeOfAGroupThatIsNotThere() {
        DescribeGroupsRequest request = new DescribeGroupsRequest(List.of("g"), false);
        DescribeGroupsResponse older = ask(Exchange.DESCRIBE_GROUPS, 5, request);
        assertEquals("Dead", older.groups().getFirst().groupState());
        assertEquals(0, older.groups().getFirst().errorCode());
        assertEquals(Integer.MIN_VALUE, older.groups().getFirst().authorizedOperations());
        DescribeGroupsResponse newer = ask(Exchange.DESCRIBE_GROUPS, 6, request);
        assertEquals(ErrorCode.GROUP_ID_NOT_FOUND.code(), newer.groups().getFirst().errorCode());
    }

    @Test
    void deleteAnswersForEachGroupOnce() {
        stable("busy");
        commit(9, "idle", "", -1, 0, "");
        DeleteGroupsResponse response =
                ask(
                        Exchange.DELETE_GROUPS,
                        3,
                        new DeleteGroupsRequest(List.of("busy", "idle", "idle", "none")));
        assertEquals(
                List.of(
                        ErrorCode.NON_EMPTY_GROUP.code(),
                        ErrorCode.NONE.code(),
                        ErrorCode.GROUP_ID_NOT_FOUND.code()),
                response.results().stream().map(r -> r.errorCode()).toList());
    }

    @Test
    void thisBrokerCoordinatesEverything() {
        FindCoordinatorResponse one =
                ask(
                        Exchange.FIND_COORDINATOR,
                        0,
                        new FindCoordinatorRequest("g", (byte) 0, List.of()));
        assertEquals(5, one.nodeId());
        assertEquals("here", one.host());
        assertEquals(9092, one.port());
        FindCoordinatorResponse many =
                ask(
                        Exchange.FIND_COORDINATOR,
                        4,
                        new FindCoordinatorRequest("", (byte) 1, List.of("x", "y")));
        assertEquals(2, many.coordinators().size());
        assertEquals("y", many.coordinators().get(1).key());
        assertEquals(9092, many.coordinators().get(1).port());
        FindCoordinatorResponse share =
                ask(
                        Exchange.FIND_COORDINATOR,
                        6,
                        new FindCoordinatorRequest("", (byte) 2, List.of("x")));
        assertEquals(ErrorCode.INVALID_REQUEST.code(), share.coordinators().getFirst().errorCode());
    }

    @Test
    void lagIsMeasuredFromTheMomentOfTheCommitUntilTheOffsetIsGone() {
        commit(9, "g", "", -1, 1, "");
        assertEquals(List.of(new PartitionLag("t", 1, 40, 100, 60)), groups.lag("g"));
        var gauge =
                meters.get("leat.consumer.lag")
                        .tags("group", "g", "topic", "t", "partition", "1")
                        .gauge();
        assertEquals(60, gauge.value());
        topics.endAt(T, 45);
        assertEquals(5, gauge.value());
        topics.endAt(T, 10);
        assertEquals(0, gauge.value());
        topics.clear();
        assertTrue(Double.isNaN(gauge.value()));
        ask(Exchange.DELETE_GROUPS, 3, new DeleteGroupsRequest(List.of("g")));
        assertNull(meters.find("leat.consumer.lag").gauge());
        assertEquals(List.of(), groups.lag("g"));
    }

    @Test
    void lagMetersAreBounded() {
        int max = LagMeters.PARTITIONS_MAX;
        topics.add(new UUID(4, 4), "wide", max + 5, 100);
        List<OffsetCommitRequestPartition> partitions = new ArrayList<>();
        IntStream.range(0, max + 5)
                .forEach(p -> partitions.add(new OffsetCommitRequestPartition(p, 1, -1, "")));
        OffsetCommitResponse response =
                ask(
                        Exchange.OFFSET_COMMIT,
                        9,
                        new OffsetCommitRequest(
                                "g",
                                -1,
                                "",
                                null,
                                -1,
                                List.of(new OffsetCommitRequestTopic("wide", NO_ID, partitions))));
        assertEquals(ErrorCode.NONE, error(response));
        assertEquals(max, meters.find("leat.consumer.lag").gauges().size());
        assertEquals(5, meters.get("leat.consumer.lag.hidden").gauge().value());
        ask(Exchange.DELETE_GROUPS, 3, new DeleteGroupsRequest(List.of("g")));
        assertEquals(0, meters.find("leat.consumer.lag").gauges().size());
        assertEquals(0, meters.get("leat.consumer.lag.hidden").gauge().value());
    }

    @Test
    void fullInboxAsksClientsToComeAgainAndAFullDiskToAskAgain() {
        store.failWrites(1);
        assertEquals(ErrorCode.COORDINATOR_NOT_AVAILABLE, error(commit(9, "g", "", -1, 0, "")));
        loop.close();
        assertEquals(ErrorCode.COORDINATOR_NOT_AVAILABLE, error(commit(9, "g", "", -1, 0, "")));
    }
}
