package io.leat.wire.message;

import io.leat.wire.ApiKey;
import io.leat.wire.schema.MessageCodec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The request of an API, its response, and the headers that precede them.
 *
 * <p>Frames of both directions:
 *
 * <pre>
 * frame    = length:int32 header body              length counts what follows it
 * request  = frame of RequestHeader  and Q         header v1, v2 if the body is flexible
 * response = frame of ResponseHeader and R         header v0, v1 if the body is flexible
 * </pre>
 *
 * An ApiVersions response keeps header v0: its reader does not know yet which versions the broker
 * speaks.
 *
 * @param <Q> the request
 * @param <R> the response
 */
public final class Exchange<Q extends Record & RequestMessage, R extends Record & ResponseMessage> {
    public static final Exchange<ProduceRequest, ProduceResponse> PRODUCE =
            new Exchange<>(ApiKey.PRODUCE, ProduceRequest.class, ProduceResponse.class);
    public static final Exchange<FetchRequest, FetchResponse> FETCH =
            new Exchange<>(ApiKey.FETCH, FetchRequest.class, FetchResponse.class);
    public static final Exchange<ListOffsetsRequest, ListOffsetsResponse> LIST_OFFSETS =
            new Exchange<>(
                    ApiKey.LIST_OFFSETS, ListOffsetsRequest.class, ListOffsetsResponse.class);
    public static final Exchange<MetadataRequest, MetadataResponse> METADATA =
            new Exchange<>(ApiKey.METADATA, MetadataRequest.class, MetadataResponse.class);
    public static final Exchange<OffsetCommitRequest, OffsetCommitResponse> OFFSET_COMMIT =
            new Exchange<>(
                    ApiKey.OFFSET_COMMIT, OffsetCommitRequest.class, OffsetCommitResponse.class);
    public static final Exchange<OffsetFetchRequest, OffsetFetchResponse> OFFSET_FETCH =
            new Exchange<>(
                    ApiKey.OFFSET_FETCH, OffsetFetchRequest.class, OffsetFetchResponse.class);
    public static final Exchange<FindCoordinatorRequest, FindCoordinatorResponse> FIND_COORDINATOR =
            new Exchange<>(
                    ApiKey.FIND_COORDINATOR,
                    FindCoordinatorRequest.class,
                    FindCoordinatorResponse.class);
    public static final Exchange<JoinGroupRequest, JoinGroupResponse> JOIN_GROUP =
            new Exchange<>(ApiKey.JOIN_GROUP, JoinGroupRequest.class, JoinGroupResponse.class);
    public static final Exchange<HeartbeatRequest, HeartbeatResponse> HEARTBEAT =
            new Exchange<>(ApiKey.HEARTBEAT, HeartbeatRequest.class, HeartbeatResponse.class);
    public static final Exchange<LeaveGroupRequest, LeaveGroupResponse> LEAVE_GROUP =
            new Exchange<>(ApiKey.LEAVE_GROUP, LeaveGroupRequest.class, LeaveGroupResponse.class);
    public static final Exchange<SyncGroupRequest, SyncGroupResponse> SYNC_GROUP =
            new Exchange<>(ApiKey.SYNC_GROUP, SyncGroupRequest.class, SyncGroupResponse.class);
    public static final Exchange<DescribeGroupsRequest, DescribeGroupsResponse> DESCRIBE_GROUPS =
            new Exchange<>(
                    ApiKey.DESCRIBE_GROUPS,
                    DescribeGroupsRequest.class,
                    DescribeGroupsResponse.class);
    public static final Exchange<ListGroupsRequest, ListGroupsResponse> LIST_GROUPS =
            new Exchange<>(ApiKey.LIST_GROUPS, ListGroupsRequest.class, ListGroupsResponse.class);
    public static final Exchange<ApiVersionsRequest, ApiVersionsResponse> API_VERSIONS =
            new Exchange<>(
                    ApiKey.API_VERSIONS, ApiVersionsRequest.class, ApiVersionsResponse.class);
    public static final Exchange<CreateTopicsRequest, CreateTopicsResponse> CREATE_TOPICS =
            new Exchange<>(
                    ApiKey.CREATE_TOPICS, CreateTopicsRequest.class, CreateTopicsResponse.class);
    public static final Exchange<DeleteTopicsRequest, DeleteTopicsResponse> DELETE_TOPICS =
            new Exchange<>(
                    ApiKey.DELETE_TOPICS, DeleteTopicsRequest.class, DeleteTopicsResponse.class);
    public static final Exchange<DeleteRecordsRequest, DeleteRecordsResponse> DELETE_RECORDS =
            new Exchange<>(
                    ApiKey.DELETE_RECORDS, DeleteRecordsRequest.class, DeleteRecordsResponse.class);
    public static final Exchange<InitProducerIdRequest, InitProducerIdResponse> INIT_PRODUCER_ID =
            new Exchange<>(
                    ApiKey.INIT_PRODUCER_ID,
                    InitProducerIdRequest.class,
                    InitProducerIdResponse.class);
    public static final Exchange<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>
            OFFSET_FOR_LEADER_EPOCH =
                    new Exchange<>(
                            ApiKey.OFFSET_FOR_LEADER_EPOCH,
                            OffsetForLeaderEpochRequest.class,
                            OffsetForLeaderEpochResponse.class);
    public static final Exchange<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse>
            ADD_PARTITIONS_TO_TXN =
                    new Exchange<>(
                            ApiKey.ADD_PARTITIONS_TO_TXN,
                            AddPartitionsToTxnRequest.class,
                            AddPartitionsToTxnResponse.class);
    public static final Exchange<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse>
            ADD_OFFSETS_TO_TXN =
                    new Exchange<>(
                            ApiKey.ADD_OFFSETS_TO_TXN,
                            AddOffsetsToTxnRequest.class,
                            AddOffsetsToTxnResponse.class);
    public static final Exchange<EndTxnRequest, EndTxnResponse> END_TXN =
            new Exchange<>(ApiKey.END_TXN, EndTxnRequest.class, EndTxnResponse.class);
    public static final Exchange<WriteTxnMarkersRequest, WriteTxnMarkersResponse>
            WRITE_TXN_MARKERS =
                    new Exchange<>(
                            ApiKey.WRITE_TXN_MARKERS,
                            WriteTxnMarkersRequest.class,
                            WriteTxnMarkersResponse.class);
    public static final Exchange<TxnOffsetCommitRequest, TxnOffsetCommitResponse>
            TXN_OFFSET_COMMIT =
                    new Exchange<>(
                            ApiKey.TXN_OFFSET_COMMIT,
                            TxnOffsetCommitRequest.class,
                            TxnOffsetCommitResponse.class);
    public static final Exchange<DescribeTransactionsRequest, DescribeTransactionsResponse>
            DESCRIBE_TRANSACTIONS =
                    new Exchange<>(
                            ApiKey.DESCRIBE_TRANSACTIONS,
                            DescribeTransactionsRequest.class,
                            DescribeTransactionsResponse.class);
    public static final Exchange<ListTransactionsRequest, ListTransactionsResponse>
            LIST_TRANSACTIONS =
                    new Exchange<>(
                            ApiKey.LIST_TRANSACTIONS,
                            ListTransactionsRequest.class,
                            ListTransactionsResponse.class);
    public static final Exchange<ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse>
            SHARE_GROUP_HEARTBEAT =
                    new Exchange<>(
                            ApiKey.SHARE_GROUP_HEARTBEAT,
                            ShareGroupHeartbeatRequest.class,
                            ShareGroupHeartbeatResponse.class);
    public static final Exchange<ShareGroupDescribeRequest, ShareGroupDescribeResponse>
            SHARE_GROUP_DESCRIBE =
                    new Exchange<>(
                            ApiKey.SHARE_GROUP_DESCRIBE,
                            ShareGroupDescribeRequest.class,
                            ShareGroupDescribeResponse.class);
    public static final Exchange<ShareFetchRequest, ShareFetchResponse> SHARE_FETCH =
            new Exchange<>(ApiKey.SHARE_FETCH, ShareFetchRequest.class, ShareFetchResponse.class);
    public static final Exchange<ShareAcknowledgeRequest, ShareAcknowledgeResponse>
            SHARE_ACKNOWLEDGE =
                    new Exchange<>(
                            ApiKey.SHARE_ACKNOWLEDGE,
                            ShareAcknowledgeRequest.class,
                            ShareAcknowledgeResponse.class);
    public static final Exchange<
                    DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse>
            DESCRIBE_SHARE_GROUP_OFFSETS =
                    new Exchange<>(
                            ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS,
                            DescribeShareGroupOffsetsRequest.class,
                            DescribeShareGroupOffsetsResponse.class);
    public static final Exchange<AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse>
            ALTER_SHARE_GROUP_OFFSETS =
                    new Exchange<>(
                            ApiKey.ALTER_SHARE_GROUP_OFFSETS,
                            AlterShareGroupOffsetsRequest.class,
                            AlterShareGroupOffsetsResponse.class);
    public static final Exchange<DeleteShareGroupOffsetsRequest, DeleteShareGroupOffsetsResponse>
            DELETE_SHARE_GROUP_OFFSETS =
                    new Exchange<>(
                            ApiKey.DELETE_SHARE_GROUP_OFFSETS,
                            DeleteShareGroupOffsetsRequest.class,
                            DeleteShareGroupOffsetsResponse.class);
    public static final Exchange<StreamsGroupHeartbeatRequest, StreamsGroupHeartbeatResponse>
            STREAMS_GROUP_HEARTBEAT =
                    new Exchange<>(
                            ApiKey.STREAMS_GROUP_HEARTBEAT,
                            StreamsGroupHeartbeatRequest.class,
                            StreamsGroupHeartbeatResponse.class);
    public static final Exchange<StreamsGroupDescribeRequest, StreamsGroupDescribeResponse>
            STREAMS_GROUP_DESCRIBE =
                    new Exchange<>(
                            ApiKey.STREAMS_GROUP_DESCRIBE,
                            StreamsGroupDescribeRequest.class,
                            StreamsGroupDescribeResponse.class);
    public static final Exchange<DescribeConfigsRequest, DescribeConfigsResponse> DESCRIBE_CONFIGS =
            new Exchange<>(
                    ApiKey.DESCRIBE_CONFIGS,
                    DescribeConfigsRequest.class,
                    DescribeConfigsResponse.class);
    public static final Exchange<AlterConfigsRequest, AlterConfigsResponse> ALTER_CONFIGS =
            new Exchange<>(
                    ApiKey.ALTER_CONFIGS, AlterConfigsRequest.class, AlterConfigsResponse.class);
    public static final Exchange<CreatePartitionsRequest, CreatePartitionsResponse>
            CREATE_PARTITIONS =
                    new Exchange<>(
                            ApiKey.CREATE_PARTITIONS,
                            CreatePartitionsRequest.class,
                            CreatePartitionsResponse.class);
    public static final Exchange<DeleteGroupsRequest, DeleteGroupsResponse> DELETE_GROUPS =
            new Exchange<>(
                    ApiKey.DELETE_GROUPS, DeleteGroupsRequest.class, DeleteGroupsResponse.class);
    public static final Exchange<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>
            INCREMENTAL_ALTER_CONFIGS =
                    new Exchange<>(
                            ApiKey.INCREMENTAL_ALTER_CONFIGS,
                            IncrementalAlterConfigsRequest.class,
                            IncrementalAlterConfigsResponse.class);
    public static final Exchange<OffsetDeleteRequest, OffsetDeleteResponse> OFFSET_DELETE =
            new Exchange<>(
                    ApiKey.OFFSET_DELETE, OffsetDeleteRequest.class, OffsetDeleteResponse.class);
    public static final Exchange<DescribeClusterRequest, DescribeClusterResponse> DESCRIBE_CLUSTER =
            new Exchange<>(
                    ApiKey.DESCRIBE_CLUSTER,
                    DescribeClusterRequest.class,
                    DescribeClusterResponse.class);
    public static final Exchange<DescribeProducersRequest, DescribeProducersResponse>
            DESCRIBE_PRODUCERS =
                    new Exchange<>(
                            ApiKey.DESCRIBE_PRODUCERS,
                            DescribeProducersRequest.class,
                            DescribeProducersResponse.class);
    public static final Exchange<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>
            DESCRIBE_TOPIC_PARTITIONS =
                    new Exchange<>(
                            ApiKey.DESCRIBE_TOPIC_PARTITIONS,
                            DescribeTopicPartitionsRequest.class,
                            DescribeTopicPartitionsResponse.class);

    public static final Exchange<SaslHandshakeRequest, SaslHandshakeResponse> SASL_HANDSHAKE =
            new Exchange<>(
                    ApiKey.SASL_HANDSHAKE, SaslHandshakeRequest.class, SaslHandshakeResponse.class);

    public static final Exchange<SaslAuthenticateRequest, SaslAuthenticateResponse>
            SASL_AUTHENTICATE =
                    new Exchange<>(
                            ApiKey.SASL_AUTHENTICATE,
                            SaslAuthenticateRequest.class,
                            SaslAuthenticateResponse.class);

    public static final Exchange<DescribeAclsRequest, DescribeAclsResponse> DESCRIBE_ACLS =
            new Exchange<>(
                    ApiKey.DESCRIBE_ACLS, DescribeAclsRequest.class, DescribeAclsResponse.class);

    public static final Exchange<CreateAclsRequest, CreateAclsResponse> CREATE_ACLS =
            new Exchange<>(ApiKey.CREATE_ACLS, CreateAclsRequest.class, CreateAclsResponse.class);

    public static final Exchange<DeleteAclsRequest, DeleteAclsResponse> DELETE_ACLS =
            new Exchange<>(ApiKey.DELETE_ACLS, DeleteAclsRequest.class, DeleteAclsResponse.class);

    public static final Exchange<
                    DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse>
            DESCRIBE_USER_SCRAM_CREDENTIALS =
                    new Exchange<>(
                            ApiKey.DESCRIBE_USER_SCRAM_CREDENTIALS,
                            DescribeUserScramCredentialsRequest.class,
                            DescribeUserScramCredentialsResponse.class);

    public static final Exchange<
                    AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse>
            ALTER_USER_SCRAM_CREDENTIALS =
                    new Exchange<>(
                            ApiKey.ALTER_USER_SCRAM_CREDENTIALS,
                            AlterUserScramCredentialsRequest.class,
                            AlterUserScramCredentialsResponse.class);

    public static final Exchange<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse>
            ALTER_REPLICA_LOG_DIRS =
                    new Exchange<>(
                            ApiKey.ALTER_REPLICA_LOG_DIRS,
                            AlterReplicaLogDirsRequest.class,
                            AlterReplicaLogDirsResponse.class);
    public static final Exchange<DescribeLogDirsRequest, DescribeLogDirsResponse>
            DESCRIBE_LOG_DIRS =
                    new Exchange<>(
                            ApiKey.DESCRIBE_LOG_DIRS,
                            DescribeLogDirsRequest.class,
                            DescribeLogDirsResponse.class);
    public static final Exchange<CreateDelegationTokenRequest, CreateDelegationTokenResponse>
            CREATE_DELEGATION_TOKEN =
                    new Exchange<>(
                            ApiKey.CREATE_DELEGATION_TOKEN,
                            CreateDelegationTokenRequest.class,
                            CreateDelegationTokenResponse.class);
    public static final Exchange<RenewDelegationTokenRequest, RenewDelegationTokenResponse>
            RENEW_DELEGATION_TOKEN =
                    new Exchange<>(
                            ApiKey.RENEW_DELEGATION_TOKEN,
                            RenewDelegationTokenRequest.class,
                            RenewDelegationTokenResponse.class);
    public static final Exchange<ExpireDelegationTokenRequest, ExpireDelegationTokenResponse>
            EXPIRE_DELEGATION_TOKEN =
                    new Exchange<>(
                            ApiKey.EXPIRE_DELEGATION_TOKEN,
                            ExpireDelegationTokenRequest.class,
                            ExpireDelegationTokenResponse.class);
    public static final Exchange<DescribeDelegationTokenRequest, DescribeDelegationTokenResponse>
            DESCRIBE_DELEGATION_TOKEN =
                    new Exchange<>(
                            ApiKey.DESCRIBE_DELEGATION_TOKEN,
                            DescribeDelegationTokenRequest.class,
                            DescribeDelegationTokenResponse.class);
    public static final Exchange<ElectLeadersRequest, ElectLeadersResponse> ELECT_LEADERS =
            new Exchange<>(
                    ApiKey.ELECT_LEADERS, ElectLeadersRequest.class, ElectLeadersResponse.class);
    public static final Exchange<
                    AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>
            ALTER_PARTITION_REASSIGNMENTS =
                    new Exchange<>(
                            ApiKey.ALTER_PARTITION_REASSIGNMENTS,
                            AlterPartitionReassignmentsRequest.class,
                            AlterPartitionReassignmentsResponse.class);
    public static final Exchange<
                    ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>
            LIST_PARTITION_REASSIGNMENTS =
                    new Exchange<>(
                            ApiKey.LIST_PARTITION_REASSIGNMENTS,
                            ListPartitionReassignmentsRequest.class,
                            ListPartitionReassignmentsResponse.class);
    public static final Exchange<DescribeClientQuotasRequest, DescribeClientQuotasResponse>
            DESCRIBE_CLIENT_QUOTAS =
                    new Exchange<>(
                            ApiKey.DESCRIBE_CLIENT_QUOTAS,
                            DescribeClientQuotasRequest.class,
                            DescribeClientQuotasResponse.class);
    public static final Exchange<AlterClientQuotasRequest, AlterClientQuotasResponse>
            ALTER_CLIENT_QUOTAS =
                    new Exchange<>(
                            ApiKey.ALTER_CLIENT_QUOTAS,
                            AlterClientQuotasRequest.class,
                            AlterClientQuotasResponse.class);
    public static final Exchange<DescribeQuorumRequest, DescribeQuorumResponse> DESCRIBE_QUORUM =
            new Exchange<>(
                    ApiKey.DESCRIBE_QUORUM,
                    DescribeQuorumRequest.class,
                    DescribeQuorumResponse.class);
    public static final Exchange<UpdateFeaturesRequest, UpdateFeaturesResponse> UPDATE_FEATURES =
            new Exchange<>(
                    ApiKey.UPDATE_FEATURES,
                    UpdateFeaturesRequest.class,
                    UpdateFeaturesResponse.class);
    public static final Exchange<UnregisterBrokerRequest, UnregisterBrokerResponse>
            UNREGISTER_BROKER =
                    new Exchange<>(
                            ApiKey.UNREGISTER_BROKER,
                            UnregisterBrokerRequest.class,
                            UnregisterBrokerResponse.class);
    public static final Exchange<
                    GetTelemetrySubscriptionsRequest, GetTelemetrySubscriptionsResponse>
            GET_TELEMETRY_SUBSCRIPTIONS =
                    new Exchange<>(
                            ApiKey.GET_TELEMETRY_SUBSCRIPTIONS,
                            GetTelemetrySubscriptionsRequest.class,
                            GetTelemetrySubscriptionsResponse.class);
    public static final Exchange<PushTelemetryRequest, PushTelemetryResponse> PUSH_TELEMETRY =
            new Exchange<>(
                    ApiKey.PUSH_TELEMETRY, PushTelemetryRequest.class, PushTelemetryResponse.class);
    public static final Exchange<ListConfigResourcesRequest, ListConfigResourcesResponse>
            LIST_CONFIG_RESOURCES =
                    new Exchange<>(
                            ApiKey.LIST_CONFIG_RESOURCES,
                            ListConfigResourcesRequest.class,
                            ListConfigResourcesResponse.class);
    public static final Exchange<AddRaftVoterRequest, AddRaftVoterResponse> ADD_RAFT_VOTER =
            new Exchange<>(
                    ApiKey.ADD_RAFT_VOTER, AddRaftVoterRequest.class, AddRaftVoterResponse.class);
    public static final Exchange<RemoveRaftVoterRequest, RemoveRaftVoterResponse>
            REMOVE_RAFT_VOTER =
                    new Exchange<>(
                            ApiKey.REMOVE_RAFT_VOTER,
                            RemoveRaftVoterRequest.class,
                            RemoveRaftVoterResponse.class);
    public static final Exchange<UnregisterControllerRequest, UnregisterControllerResponse>
            UNREGISTER_CONTROLLER =
                    new Exchange<>(
                            ApiKey.UNREGISTER_CONTROLLER,
                            UnregisterControllerRequest.class,
                            UnregisterControllerResponse.class);

    /** Leat's own. */
    public static final Exchange<LeatEraseKeysRequest, LeatEraseKeysResponse> LEAT_ERASE_KEYS =
            new Exchange<>(
                    ApiKey.LEAT_ERASE_KEYS,
                    LeatEraseKeysRequest.class,
                    LeatEraseKeysResponse.class);

    /** Leat's own. */
    public static final Exchange<LeatDescribeErasuresRequest, LeatDescribeErasuresResponse>
            LEAT_DESCRIBE_ERASURES =
                    new Exchange<>(
                            ApiKey.LEAT_DESCRIBE_ERASURES,
                            LeatDescribeErasuresRequest.class,
                            LeatDescribeErasuresResponse.class);

    /** Leat's own. */
    public static final Exchange<LeatDescribeCompactionRequest, LeatDescribeCompactionResponse>
            LEAT_DESCRIBE_COMPACTION =
                    new Exchange<>(
                            ApiKey.LEAT_DESCRIBE_COMPACTION,
                            LeatDescribeCompactionRequest.class,
                            LeatDescribeCompactionResponse.class);

    public static final Exchange<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>
            CONSUMER_GROUP_HEARTBEAT =
                    new Exchange<>(
                            ApiKey.CONSUMER_GROUP_HEARTBEAT,
                            ConsumerGroupHeartbeatRequest.class,
                            ConsumerGroupHeartbeatResponse.class);
    public static final Exchange<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse>
            CONSUMER_GROUP_DESCRIBE =
                    new Exchange<>(
                            ApiKey.CONSUMER_GROUP_DESCRIBE,
                            ConsumerGroupDescribeRequest.class,
                            ConsumerGroupDescribeResponse.class);

    /** Leat's own. */
    public static final Exchange<LeatListDelayedRequest, LeatListDelayedResponse>
            LEAT_LIST_DELAYED =
                    new Exchange<>(
                            ApiKey.LEAT_LIST_DELAYED,
                            LeatListDelayedRequest.class,
                            LeatListDelayedResponse.class);

    /** Leat's own. */
    public static final Exchange<LeatCancelDelayedRequest, LeatCancelDelayedResponse>
            LEAT_CANCEL_DELAYED =
                    new Exchange<>(
                            ApiKey.LEAT_CANCEL_DELAYED,
                            LeatCancelDelayedRequest.class,
                            LeatCancelDelayedResponse.class);

    private static final List<Exchange<?, ?>> ALL =
            List.of(
                    PRODUCE,
                    FETCH,
                    LIST_OFFSETS,
                    METADATA,
                    OFFSET_COMMIT,
                    OFFSET_FETCH,
                    FIND_COORDINATOR,
                    JOIN_GROUP,
                    HEARTBEAT,
                    LEAVE_GROUP,
                    SYNC_GROUP,
                    DESCRIBE_GROUPS,
                    LIST_GROUPS,
                    SASL_HANDSHAKE,
                    API_VERSIONS,
                    CREATE_TOPICS,
                    DELETE_TOPICS,
                    DELETE_RECORDS,
                    INIT_PRODUCER_ID,
                    OFFSET_FOR_LEADER_EPOCH,
                    ADD_PARTITIONS_TO_TXN,
                    ADD_OFFSETS_TO_TXN,
                    END_TXN,
                    WRITE_TXN_MARKERS,
                    TXN_OFFSET_COMMIT,
                    DESCRIBE_ACLS,
                    CREATE_ACLS,
                    DELETE_ACLS,
                    DESCRIBE_CONFIGS,
                    ALTER_CONFIGS,
                    ALTER_REPLICA_LOG_DIRS,
                    DESCRIBE_LOG_DIRS,
                    SASL_AUTHENTICATE,
                    CREATE_PARTITIONS,
                    CREATE_DELEGATION_TOKEN,
                    RENEW_DELEGATION_TOKEN,
                    EXPIRE_DELEGATION_TOKEN,
                    DESCRIBE_DELEGATION_TOKEN,
                    DELETE_GROUPS,
                    ELECT_LEADERS,
                    INCREMENTAL_ALTER_CONFIGS,
                    ALTER_PARTITION_REASSIGNMENTS,
                    LIST_PARTITION_REASSIGNMENTS,
                    OFFSET_DELETE,
                    DESCRIBE_CLIENT_QUOTAS,
                    ALTER_CLIENT_QUOTAS,
                    DESCRIBE_USER_SCRAM_CREDENTIALS,
                    ALTER_USER_SCRAM_CREDENTIALS,
                    DESCRIBE_QUORUM,
                    UPDATE_FEATURES,
                    DESCRIBE_CLUSTER,
                    DESCRIBE_PRODUCERS,
                    UNREGISTER_BROKER,
                    DESCRIBE_TRANSACTIONS,
                    LIST_TRANSACTIONS,
                    CONSUMER_GROUP_HEARTBEAT,
                    CONSUMER_GROUP_DESCRIBE,
                    GET_TELEMETRY_SUBSCRIPTIONS,
                    PUSH_TELEMETRY,
                    STREAMS_GROUP_HEARTBEAT,
                    STREAMS_GROUP_DESCRIBE,
                    LIST_CONFIG_RESOURCES,
                    DESCRIBE_TOPIC_PARTITIONS,
                    SHARE_GROUP_HEARTBEAT,
                    SHARE_GROUP_DESCRIBE,
                    SHARE_FETCH,
                    SHARE_ACKNOWLEDGE,
                    ADD_RAFT_VOTER,
                    REMOVE_RAFT_VOTER,
                    DESCRIBE_SHARE_GROUP_OFFSETS,
                    ALTER_SHARE_GROUP_OFFSETS,
                    DELETE_SHARE_GROUP_OFFSETS,
                    UNREGISTER_CONTROLLER,
                    LEAT_ERASE_KEYS,
                    LEAT_DESCRIBE_ERASURES,
                    LEAT_DESCRIBE_COMPACTION,
                    LEAT_LIST_DELAYED,
                    LEAT_CANCEL_DELAYED);

    private static final Map<ApiKey, Exchange<?, ?>> BY_API = new EnumMap<>(ApiKey.class);

    static {
        for (Exchange<?, ?> exchange : ALL) {
            BY_API.put(exchange.api, exchange);
        }
    }

    private final ApiKey api;
    private final Class<Q> requestType;
    private final Class<R> responseType;

    private Exchange(ApiKey api, Class<Q> requestType, Class<R> responseType) {
        this.api = api;
        this.requestType = requestType;
        this.responseType = responseType;
    }

    /** Every exchange whose messages this module has, by ascending API id. */
    public static List<Exchange<?, ?>> all() {
        return ALL;
    }

    /** The exchange of an API, if this module has its messages. */
    public static Optional<Exchange<?, ?>> of(ApiKey api) {
        return Optional.ofNullable(BY_API.get(api));
    }

    public ApiKey api() {
        return api;
    }

    public MessageCodec<Q> request() {
        return MessageCodec.of(requestType);
    }

    public MessageCodec<R> response() {
        return MessageCodec.of(responseType);
    }

    /** The version of the {@link RequestHeader} before a request; also answers for unknown ones. */
    public short requestHeaderVersion(short version) {
        return (short) (request().flexible(version) ? 2 : 1);
    }

    /** The version of the {@link ResponseHeader} before a response. */
    public short responseHeaderVersion(short version) {
        return (short) (api != ApiKey.API_VERSIONS && response().flexible(version) ? 1 : 0);
    }

    @Override
    public String toString() {
        return api.apiName();
    }
}
