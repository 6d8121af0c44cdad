package io.leat.broker.access;

import static io.leat.broker.access.AccessCase.asking;
import static io.leat.broker.access.AccessRulesTest.TOPIC_ID;
import static io.leat.wire.ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
import static io.leat.wire.ErrorCode.GROUP_AUTHORIZATION_FAILED;
import static io.leat.wire.ErrorCode.TOPIC_AUTHORIZATION_FAILED;
import static io.leat.wire.ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;

import io.leat.wire.ApiKey;
import io.leat.wire.ErrorCode;
import io.leat.wire.TopicIds;
import io.leat.wire.message.AddOffsetsToTxnRequest;
import io.leat.wire.message.AddPartitionsToTxnRequest;
import io.leat.wire.message.AlterConfigsRequest;
import io.leat.wire.message.AlterUserScramCredentialsRequest;
import io.leat.wire.message.ApiVersionsRequest;
import io.leat.wire.message.ConsumerGroupDescribeRequest;
import io.leat.wire.message.ConsumerGroupDescribeResponse;
import io.leat.wire.message.ConsumerGroupHeartbeatRequest;
import io.leat.wire.message.CreateAclsRequest;
import io.leat.wire.message.CreatePartitionsRequest;
import io.leat.wire.message.CreateTopicsRequest;
import io.leat.wire.message.CreateTopicsRequest.CreatableTopic;
import io.leat.wire.message.CreateTopicsResponse;
import io.leat.wire.message.CreateTopicsResponse.CreatableTopicResult;
import io.leat.wire.message.DeleteAclsRequest;
import io.leat.wire.message.DeleteGroupsRequest;
import io.leat.wire.message.DeleteRecordsRequest;
import io.leat.wire.message.DeleteTopicsRequest;
import io.leat.wire.message.DescribeAclsRequest;
import io.leat.wire.message.DescribeClusterRequest;
import io.leat.wire.message.DescribeConfigsRequest;
import io.leat.wire.message.DescribeGroupsRequest;
import io.leat.wire.message.DescribeProducersRequest;
import io.leat.wire.message.DescribeTopicPartitionsRequest;
import io.leat.wire.message.DescribeTransactionsRequest;
import io.leat.wire.message.DescribeTransactionsResponse;
import io.leat.wire.message.DescribeUserScramCredentialsRequest;
import io.leat.wire.message.EndTxnRequest;
import io.leat.wire.message.FetchRequest;
import io.leat.wire.message.FindCoordinatorRequest;
import io.leat.wire.message.HeartbeatRequest;
import io.leat.wire.message.IncrementalAlterConfigsRequest;
import io.leat.wire.message.InitProducerIdRequest;
import io.leat.wire.message.JoinGroupRequest;
import io.leat.wire.message.LeatCancelDelayedRequest;
import io.leat.wire.message.LeatDescribeCompactionRequest;
import io.leat.wire.message.LeatDescribeErasuresRequest;
import io.leat.wire.message.LeatDescribeErasuresResponse;
import io.leat.wire.message.LeatDescribeErasuresResponse.LeatErasure;
import io.leat.wire.message.LeatEraseKeysRequest;
import io.leat.wire.message.LeatListDelayedRequest;
import io.leat.wire.message.LeaveGroupRequest;
import io.leat.wire.message.ListGroupsRequest;
import io.leat.wire.message.ListGroupsResponse;
import io.leat.wire.message.ListGroupsResponse.ListedGroup;
import io.leat.wire.message.ListOffsetsRequest;
import io.leat.wire.message.ListTransactionsRequest;
import io.leat.wire.message.ListTransactionsResponse;
import io.leat.wire.message.MetadataRequest;
import io.leat.wire.message.MetadataRequest.MetadataRequestTopic;
import io.leat.wire.message.MetadataResponse;
import io.leat.wire.message.MetadataResponse.MetadataResponseTopic;
import io.leat.wire.message.OffsetCommitRequest;
import io.leat.wire.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.leat.wire.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.leat.wire.message.OffsetDeleteRequest;
import io.leat.wire.message.OffsetFetchRequest;
import io.leat.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.leat.wire.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.leat.wire.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.leat.wire.message.OffsetFetchResponse;
import io.leat.wire.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.leat.wire.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import io.leat.wire.message.OffsetForLeaderEpochRequest;
import io.leat.wire.message.ProduceRequest;
import io.leat.wire.message.ProduceRequest.PartitionProduceData;
import io.leat.wire.message.ProduceRequest.TopicProduceData;
import io.leat.wire.message.SaslAuthenticateRequest;
import io.leat.wire.message.SaslHandshakeRequest;
import io.leat.wire.message.SyncGroupRequest;
import io.leat.wire.message.TxnOffsetCommitRequest;
import io.leat.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.leat.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.leat.wire.message.WriteTxnMarkersRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A request of every API for topic {@code t}, group {@code g}, transactional id {@code x}. */
final class AccessCases {
    private static final UUID NO_ID = TopicIds.NONE;
    private static final short NONE = ErrorCode.NONE.code();
    private static final int NOT_ASKED = Integer.MIN_VALUE;
    private static final String CLUSTER = "CLUSTER kafka-cluster";

    private AccessCases() {}

    static List<AccessCase> all() {
        return Stream.of(
                        records(),
                        topics(),
                        configs(),
                        groups(),
                        ShareAccessCases.all(),
                        StreamsAccessCases.all(),
                        offsets(),
                        transactions(),
                        security(),
                        open(),
                        AdminAccessCases.all())
                .flatMap(List::stream)
                .toList();
    }

    private static List<AccessCase> security() {
        return List.of(
                asking(
                                ApiKey.DESCRIBE_USER_SCRAM_CREDENTIALS,
                                0,
                                new DescribeUserScramCredentialsRequest(null))
                        .needs("DESCRIBE " + CLUSTER)
                        .refusedWith(CLUSTER_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.ALTER_USER_SCRAM_CREDENTIALS,
                                0,
                                new AlterUserScramCredentialsRequest(
                                        List.of(
                                                new AlterUserScramCredentialsRequest
                                                        .ScramCredentialDeletion("u", (byte) 1)),
                                        List.of()))
                        .needs("ALTER " + CLUSTER)
                        .refusedWith(CLUSTER_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.DESCRIBE_ACLS,
                                3,
                                new DescribeAclsRequest(
                                        (byte) 1, null, (byte) 1, null, null, (byte) 1, (byte) 1))
                        .needs("DESCRIBE " + CLUSTER)
                        .refusedWith(CLUSTER_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.CREATE_ACLS,
                                3,
                                new CreateAclsRequest(
                                        List.of(
                                                new CreateAclsRequest.AclCreation(
                                                        (byte) 2, "t", (byte) 3, "User:u", "*",
                                                        (byte) 3, (byte) 3))))
                        .needs("ALTER " + CLUSTER)
                        .refusedWith(CLUSTER_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.DELETE_ACLS,
                                3,
                                new DeleteAclsRequest(
                                        List.of(
                                                new DeleteAclsRequest.DeleteAclsFilter(
                                                        (byte) 1, null, (byte) 1, null, null,
                                                        (byte) 1, (byte) 1))))
                        .needs("ALTER " + CLUSTER)
                        .refusedWith(CLUSTER_AUTHORIZATION_FAILED));
    }

    private static List<AccessCase> open() {
        return List.of(
                asking(ApiKey.SASL_HANDSHAKE, 1, new SaslHandshakeRequest("PLAIN")),
                asking(
                        ApiKey.SASL_AUTHENTICATE,
                        2,
                        new SaslAuthenticateRequest(ByteBuffer.allocate(0))),
                asking(ApiKey.API_VERSIONS, 4, new ApiVersionsRequest("client", "1", "", 0)),
                asking(
                        ApiKey.DESCRIBE_CLUSTER,
                        2,
                        new DescribeClusterRequest(true, (byte) 1, false)),
                // The handler asks for each partition of its session; see FetchAccessTest.
                asking(
                        ApiKey.FETCH,
                        12,
                        new FetchRequest(
                                null, -1, null, 0, 0, 0, (byte) 0, 0, 0, List.of(), List.of(),
                                "")));
    }

    private static ProduceRequest produce(String transactionalId, String name, UUID id) {
        return new ProduceRequest(
                transactionalId,
                (short) -1,
                1000,
                List.of(
                        new TopicProduceData(
                                name, id, List.of(new PartitionProduceData(0, null)))));
    }

    private static List<AccessCase> records() {
        return List.of(
                asking(ApiKey.PRODUCE, 12, produce(null, "t", NO_ID))
                        .needs("WRITE TOPIC t")
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED),
                asking(ApiKey.PRODUCE, 13, produce(null, "", TOPIC_ID))
                        .needs("WRITE TOPIC t")
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED),
                asking(ApiKey.PRODUCE, 12, produce("x", "t", NO_ID))
                        .needs("WRITE TOPIC t", "WRITE TRANSACTIONAL_ID x")
                        .refusedWith(TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.LIST_OFFSETS,
                                11,
                                new ListOffsetsRequest(
                                        -1,
                                        (byte) 0,
                                        List.of(
                                                new ListOffsetsRequest.ListOffsetsTopic(
                                                        "t",
                                                        List.of(
                                                                new ListOffsetsRequest
                                                                        .ListOffsetsPartition(
                                                                        0, -1, -1)))),
                                        0))
                        .needs("DESCRIBE TOPIC t")
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.DELETE_RECORDS,
                                2,
                                new DeleteRecordsRequest(
                                        List.of(
                                                new DeleteRecordsRequest.DeleteRecordsTopic(
                                                        "t",
                                                        List.of(
                                                                new DeleteRecordsRequest
                                                                        .DeleteRecordsPartition(
                                                                        0, 1)))),
                                        1000))
                        .needs("DELETE TOPIC t")
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.OFFSET_FOR_LEADER_EPOCH,
                                4,
                                new OffsetForLeaderEpochRequest(
                                        -1,
                                        List.of(
                                                new OffsetForLeaderEpochRequest
                                                        .OffsetForLeaderTopic(
                                                        "t",
                                                        List.of(
                                                                new OffsetForLeaderEpochRequest
                                                                        .OffsetForLeaderPartition(
                                                                        0, 0, 0))))))
                        .needs("DESCRIBE TOPIC t")
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.DESCRIBE_PRODUCERS,
                                0,
                                new DescribeProducersRequest(
                                        List.of(
                                                new DescribeProducersRequest.TopicRequest(
                                                        "t", List.of(0)))))
                        .needs("READ TOPIC t")
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.LEAT_ERASE_KEYS,
                                0,
                                new LeatEraseKeysRequest(
                                        new UUID(1, 1),
                                        "t",
                                        List.of(ByteBuffer.allocate(1)),
                                        false))
                        .needs("DELETE TOPIC t")
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED),
                asking(ApiKey.LEAT_DESCRIBE_COMPACTION, 0, new LeatDescribeCompactionRequest("t"))
                        .needs("DESCRIBE TOPIC t")
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED),
                asking(ApiKey.LEAT_LIST_DELAYED, 0, new LeatListDelayedRequest("t", null, 10))
                        .needs("READ TOPIC t")
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.LEAT_CANCEL_DELAYED,
                                0,
                                new LeatCancelDelayedRequest("t", List.of(ByteBuffer.allocate(1))))
                        .needs("WRITE TOPIC t")
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.LEAT_DESCRIBE_ERASURES,
                                0,
                                new LeatDescribeErasuresRequest(null, null, 10))
                        .needs("DESCRIBE TOPIC t")
                        .handled(
                                new LeatDescribeErasuresResponse(
                                        0,
                                        NONE,
                                        null,
                                        List.of(
                                                new LeatErasure(
                                                        new UUID(1, 1),
                                                        "t",
                                                        TOPIC_ID,
                                                        (byte) 1,
                                                        null,
                                                        List.of(),
                                                        false,
                                                        "",
                                                        0,
                                                        0,
                                                        0,
                                                        0,
                                                        0,
                                                        0,
                                                        0,
                                                        0,
                                                        0,
                                                        0,
                                                        0))))
                        .hides("t"));
    }

    private static MetadataResponse metadata() {
        return new MetadataResponse(
                0,
                List.of(),
                "cluster",
                0,
                List.of(
                        new MetadataResponseTopic(
                                NONE, "t", TOPIC_ID, false, List.of(), NOT_ASKED)),
                NOT_ASKED,
                NONE);
    }

    private static MetadataRequest metadata(MetadataRequestTopic topic) {
        return new MetadataRequest(topic == null ? null : List.of(topic), false, false, false);
    }

    private static List<AccessCase> topics() {
        return List.of(
                asking(ApiKey.METADATA, 12, metadata(null))
                        .needs("DESCRIBE TOPIC t")
                        .handled(metadata())
                        .hides("t"),
                asking(ApiKey.METADATA, 12, metadata(new MetadataRequestTopic(NO_ID, "t")))
                        .needs("DESCRIBE TOPIC t")
                        .handled(metadata())
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED),
                asking(ApiKey.METADATA, 0, metadata(new MetadataRequestTopic(NO_ID, "t")))
                        .needs("DESCRIBE TOPIC t")
                        .handled(metadata())
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED),
                asking(ApiKey.METADATA, 12, metadata(new MetadataRequestTopic(TOPIC_ID, null)))
                        .needs("DESCRIBE TOPIC t")
                        .handled(metadata())
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED)
                        .hides("t"),
                asking(
                                ApiKey.DESCRIBE_TOPIC_PARTITIONS,
                                0,
                                new DescribeTopicPartitionsRequest(
                                        List.of(
                                                new DescribeTopicPartitionsRequest.TopicRequest(
                                                        "t")),
                                        10,
                                        null))
                        .needs("DESCRIBE TOPIC t")
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED),
                create("CREATE TOPIC t"),
                create("CREATE " + CLUSTER),
                asking(
                                ApiKey.DELETE_TOPICS,
                                5,
                                new DeleteTopicsRequest(List.of(), List.of("t"), 1000))
                        .needs("DELETE TOPIC t")
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.DELETE_TOPICS,
                                6,
                                new DeleteTopicsRequest(
                                        List.of(
                                                new DeleteTopicsRequest.DeleteTopicState(
                                                        null, TOPIC_ID)),
                                        List.of(),
                                        1000))
                        .needs("DELETE TOPIC t")
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED)
                        .hides("t"),
                asking(
                                ApiKey.CREATE_PARTITIONS,
                                3,
                                new CreatePartitionsRequest(
                                        List.of(
                                                new CreatePartitionsRequest.CreatePartitionsTopic(
                                                        "t", 3, null)),
                                        1000,
                                        false))
                        .needs("ALTER TOPIC t")
                        .refusedWith(TOPIC_AUTHORIZATION_FAILED));
    }

    private static AccessCase create(String right) {
        return asking(
                        ApiKey.CREATE_TOPICS,
                        7,
                        new CreateTopicsRequest(
                                List.of(
                                        new CreatableTopic(
                                                "t", 1, (short) 1, List.of(), List.of())),
                                1000,
                                false))
                .needs(right, "DESCRIBE_CONFIGS TOPIC t")
                .handled(
                        new CreateTopicsResponse(
                                0,
                                List.of(
                                        new CreatableTopicResult(
                                                "t", TOPIC_ID, NONE, null, NONE, 1, (short) 1,
                                                List.of()))))
                .refusedWith(TOPIC_AUTHORIZATION_FAILED);
    }

    private static AccessCase configs(ApiKey api, byte type, String name) {
        return switch (api) {
            case DESCRIBE_CONFIGS ->
                    asking(
                            api,
                            4,
                            new DescribeConfigsRequest(
                                    List.of(
                                            new DescribeConfigsRequest.DescribeConfigsResource(
                                                    type, name, null)),
                                    false,
                                    false));
            case ALTER_CONFIGS ->
                    asking(
                            api,
                            2,
                            new AlterConfigsRequest(
                                    List.of(
                                            new AlterConfigsRequest.AlterConfigsResource(
                                                    type, name, List.of())),
                                    false));
            default ->
                    asking(
                            api,
                            1,
                            new IncrementalAlterConfigsRequest(
                                    List.of(
                                            new IncrementalAlterConfigsRequest.AlterConfigsResource(
                                                    type, name, List.of())),
                                    false));
        };
    }

    private static List<AccessCase> configs() {
        return Stream.of(
                        ApiKey.DESCRIBE_CONFIGS,
                        ApiKey.ALTER_CONFIGS,
                        ApiKey.INCREMENTAL_ALTER_CONFIGS)
                .flatMap(api -> {
                    String operation =
                            api == ApiKey.DESCRIBE_CONFIGS ? "DESCRIBE_CONFIGS " : "ALTER_CONFIGS ";
                    return Stream.of(
                            configs(api, (byte) 2, "t")
                                    .needs(operation + "TOPIC t")
                                    .refusedWith(TOPIC_AUTHORIZATION_FAILED),
                            configs(api, (byte) 4, "0")
                                    .needs(operation + CLUSTER)
                                    .refusedWith(CLUSTER_AUTHORIZATION_FAILED),
                            configs(api, (byte) 32, "g")
                                    .needs(operation + "GROUP g")
                                    .refusedWith(GROUP_AUTHORIZATION_FAILED));
                })
                .toList();
    }

    private static List<AccessCase> groups() {
        return List.of(
                asking(
                                ApiKey.FIND_COORDINATOR,
                                3,
                                new FindCoordinatorRequest("g", (byte) 0, List.of()))
                        .needs("DESCRIBE GROUP g")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.FIND_COORDINATOR,
                                4,
                                new FindCoordinatorRequest("", (byte) 0, List.of("g")))
                        .needs("DESCRIBE GROUP g")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.FIND_COORDINATOR,
                                4,
                                new FindCoordinatorRequest("", (byte) 1, List.of("x")))
                        .needs("DESCRIBE TRANSACTIONAL_ID x")
                        .refusedWith(TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.FIND_COORDINATOR,
                                6,
                                new FindCoordinatorRequest("", (byte) 2, List.of("g:0:0")))
                        .needs("CLUSTER_ACTION " + CLUSTER)
                        .refusedWith(CLUSTER_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.JOIN_GROUP,
                                9,
                                new JoinGroupRequest(
                                        "g", 1, 1, "", null, "consumer", List.of(), null))
                        .needs("READ GROUP g")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.SYNC_GROUP,
                                5,
                                new SyncGroupRequest("g", 1, "m", null, null, null, List.of()))
                        .needs("READ GROUP g")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(ApiKey.HEARTBEAT, 4, new HeartbeatRequest("g", 1, "m", null))
                        .needs("READ GROUP g")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(ApiKey.LEAVE_GROUP, 5, new LeaveGroupRequest("g", "", List.of()))
                        .needs("READ GROUP g")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                listGroups("DESCRIBE GROUP g"),
                listGroups("DESCRIBE " + CLUSTER),
                asking(ApiKey.DESCRIBE_GROUPS, 6, new DescribeGroupsRequest(List.of("g"), false))
                        .needs("DESCRIBE GROUP g")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(ApiKey.CONSUMER_GROUP_HEARTBEAT, 1, consumerHeartbeat(null))
                        .needs("READ GROUP g")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.CONSUMER_GROUP_DESCRIBE,
                                1,
                                new ConsumerGroupDescribeRequest(List.of("g"), false))
                        .needs("DESCRIBE GROUP g")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED)
                        .handled(new ConsumerGroupDescribeResponse(0, List.of())),
                asking(ApiKey.DELETE_GROUPS, 3, new DeleteGroupsRequest(List.of("g")))
                        .needs("DELETE GROUP g")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED));
    }

    private static ConsumerGroupHeartbeatRequest consumerHeartbeat(@Nullable List<String> topics) {
        return new ConsumerGroupHeartbeatRequest(
                "g", "m", 0, null, null, 1, topics, null, null, List.of());
    }

    private static AccessCase listGroups(String right) {
        return asking(ApiKey.LIST_GROUPS, 5, new ListGroupsRequest(List.of(), List.of()))
                .needs(right)
                .handled(
                        new ListGroupsResponse(
                                0,
                                NONE,
                                List.of(new ListedGroup("g", "consumer", "Empty", "classic"))))
                .hides("g");
    }

    private static OffsetFetchRequest offsets(
            List<OffsetFetchRequestTopic> topics, List<OffsetFetchRequestGroup> groups) {
        return new OffsetFetchRequest("g", topics, groups, false);
    }

    private static List<AccessCase> offsets() {
        OffsetFetchResponse handled =
                new OffsetFetchResponse(
                        0,
                        List.of(new OffsetFetchResponse.OffsetFetchResponseTopic("t", List.of())),
                        NONE,
                        List.of());
        return List.of(
                commit(9, "t", NO_ID),
                commit(10, "", TOPIC_ID),
                asking(
                                ApiKey.OFFSET_FETCH,
                                7,
                                offsets(
                                        List.of(new OffsetFetchRequestTopic("t", List.of(0))),
                                        List.of()))
                        .needs("DESCRIBE GROUP g", "DESCRIBE TOPIC t")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(ApiKey.OFFSET_FETCH, 7, offsets(null, List.of()))
                        .needs("DESCRIBE GROUP g", "DESCRIBE TOPIC t")
                        .handled(handled)
                        .hides("t")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.OFFSET_FETCH,
                                9,
                                offsets(
                                        List.of(),
                                        List.of(
                                                new OffsetFetchRequestGroup(
                                                        "g",
                                                        null,
                                                        -1,
                                                        List.of(
                                                                new OffsetFetchRequestTopics(
                                                                        "t", NO_ID, List.of(0)))))))
                        .needs("DESCRIBE GROUP g", "DESCRIBE TOPIC t")
                        .handled(
                                new OffsetFetchResponse(
                                        0,
                                        List.of(),
                                        NONE,
                                        List.of(
                                                new OffsetFetchResponseGroup(
                                                        "g", List.of(), NONE))))
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.OFFSET_FETCH,
                                9,
                                offsets(
                                        List.of(),
                                        List.of(new OffsetFetchRequestGroup("g", null, -1, null))))
                        .needs("DESCRIBE GROUP g", "DESCRIBE TOPIC t")
                        .handled(
                                new OffsetFetchResponse(
                                        0,
                                        List.of(),
                                        NONE,
                                        List.of(
                                                new OffsetFetchResponseGroup(
                                                        "g",
                                                        List.of(
                                                                new OffsetFetchResponseTopics(
                                                                        "t", NO_ID, List.of())),
                                                        NONE))))
                        .hides("t")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.OFFSET_DELETE,
                                0,
                                new OffsetDeleteRequest(
                                        "g",
                                        List.of(
                                                new OffsetDeleteRequest.OffsetDeleteRequestTopic(
                                                        "t",
                                                        List.of(
                                                                new OffsetDeleteRequest
                                                                        .OffsetDeleteRequestPartition(
                                                                        0))))))
                        .needs("DELETE GROUP g", "READ TOPIC t")
                        .refusedWith(GROUP_AUTHORIZATION_FAILED));
    }

    private static AccessCase commit(int version, String name, UUID id) {
        return asking(
                        ApiKey.OFFSET_COMMIT,
                        version,
                        new OffsetCommitRequest(
                                "g",
                                -1,
                                "",
                                null,
                                -1,
                                List.of(
                                        new OffsetCommitRequestTopic(
                                                name,
                                                id,
                                                List.of(
                                                        new OffsetCommitRequestPartition(
                                                                0, 1, -1, ""))))))
                .needs("READ GROUP g", "READ TOPIC t")
                .refusedWith(GROUP_AUTHORIZATION_FAILED);
    }

    private static List<AccessCase> transactions() {
        return List.of(
                asking(
                                ApiKey.INIT_PRODUCER_ID,
                                5,
                                new InitProducerIdRequest("x", 1, -1, (short) -1))
                        .needs("WRITE TRANSACTIONAL_ID x")
                        .refusedWith(TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.INIT_PRODUCER_ID,
                                5,
                                new InitProducerIdRequest(null, 1, -1, (short) -1))
                        .needs("IDEMPOTENT_WRITE " + CLUSTER)
                        .refusedWith(CLUSTER_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.INIT_PRODUCER_ID,
                                5,
                                new InitProducerIdRequest(null, 1, -1, (short) -1))
                        .needs("WRITE TOPIC any")
                        .refusedWith(CLUSTER_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.ADD_PARTITIONS_TO_TXN,
                                3,
                                new AddPartitionsToTxnRequest(
                                        List.of(),
                                        "x",
                                        1,
                                        (short) 0,
                                        List.of(
                                                new AddPartitionsToTxnRequest
                                                        .AddPartitionsToTxnTopic("t", List.of(0)))))
                        .needs("WRITE TRANSACTIONAL_ID x", "WRITE TOPIC t")
                        .refusedWith(TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.ADD_PARTITIONS_TO_TXN,
                                5,
                                new AddPartitionsToTxnRequest(
                                        List.of(), "", 0, (short) 0, List.of()))
                        .needs("CLUSTER_ACTION " + CLUSTER)
                        .refusedWith(CLUSTER_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.ADD_OFFSETS_TO_TXN,
                                4,
                                new AddOffsetsToTxnRequest("x", 1, (short) 0, "g"))
                        .needs("WRITE TRANSACTIONAL_ID x", "READ GROUP g")
                        .refusedWith(TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
                asking(
                                ApiKey.TXN_OFFSET_COMMIT,
                                5,
                                new TxnOffsetCommitRequest(
                                        "x",
                                        "g",
                                        1,
                                        (short) 0,
                                        -1,
                                        "",
                                        null,
                                        List.of(
                                                new TxnOffsetCommitRequestTopic(
                                                        "t",
                                                        NO_ID,
                                                        List.of(
                                                                new TxnOffsetCommitRequestPartition(
                                                                        0, 1, -1, ""))))))
                        .needs("WRITE TRANSACTIONAL_ID x", "READ GROUP g", "READ TOPIC t")
                        .refusedWith(TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
                asking(ApiKey.END_TXN, 5, new EndTxnRequest("x", 1, (short) 0, true))
                        .needs("WRITE TRANSACTIONAL_ID x")
                        .refusedWith(TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
                markers("ALTER " + CLUSTER),
                markers("CLUSTER_ACTION " + CLUSTER),
                asking(
                                ApiKey.DESCRIBE_TRANSACTIONS,
                                0,
                                new DescribeTransactionsRequest(List.of("x")))
                        .needs("DESCRIBE TRANSACTIONAL_ID x", "DESCRIBE TOPIC t")
                        .handled(
                                new DescribeTransactionsResponse(
                                        0,
                                        List.of(
                                                new DescribeTransactionsResponse.TransactionState(
                                                        NONE,
                                                        "x",
                                                        "Ongoing",
                                                        1,
                                                        1,
                                                        1,
                                                        (short) 0,
                                                        List.of(
                                                                new DescribeTransactionsResponse
                                                                        .TopicData(
                                                                        "t", List.of(0)))))))
                        .refusedWith(TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
                        .hides("t"),
                asking(
                                ApiKey.LIST_TRANSACTIONS,
                                2,
                                new ListTransactionsRequest(List.of(), List.of(), -1, null))
                        .needs("DESCRIBE TRANSACTIONAL_ID x")
                        .handled(
                                new ListTransactionsResponse(
                                        0,
                                        NONE,
                                        List.of(),
                                        List.of(
                                                new ListTransactionsResponse.TransactionState(
                                                        "x", 1, "Ongoing"))))
                        .hides("x"));
    }

    private static AccessCase markers(String right) {
        return asking(
                        ApiKey.WRITE_TXN_MARKERS,
                        1,
                        new WriteTxnMarkersRequest(
                                List.of(
                                        new WriteTxnMarkersRequest.WritableTxnMarker(
                                                1,
                                                (short) 0,
                                                false,
                                                List.of(
                                                        new WriteTxnMarkersRequest
                                                                .WritableTxnMarkerTopic(
                                                                "t", List.of(0))),
                                                0,
                                                (byte) 0))))
                .needs(right)
                .refusedWith(CLUSTER_AUTHORIZATION_FAILED);
    }
}
