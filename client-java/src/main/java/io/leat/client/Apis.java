package io.leat.client;

import io.leat.client.network.Api;
import io.leat.wire.message.AlterClientQuotasRequest;
import io.leat.wire.message.AlterClientQuotasResponse;
import io.leat.wire.message.AlterShareGroupOffsetsRequest;
import io.leat.wire.message.AlterShareGroupOffsetsResponse;
import io.leat.wire.message.AlterUserScramCredentialsRequest;
import io.leat.wire.message.AlterUserScramCredentialsResponse;
import io.leat.wire.message.ConsumerGroupDescribeRequest;
import io.leat.wire.message.ConsumerGroupDescribeResponse;
import io.leat.wire.message.CreateAclsRequest;
import io.leat.wire.message.CreateAclsResponse;
import io.leat.wire.message.CreatePartitionsRequest;
import io.leat.wire.message.CreatePartitionsResponse;
import io.leat.wire.message.CreateTopicsRequest;
import io.leat.wire.message.CreateTopicsResponse;
import io.leat.wire.message.DeleteAclsRequest;
import io.leat.wire.message.DeleteAclsResponse;
import io.leat.wire.message.DeleteGroupsRequest;
import io.leat.wire.message.DeleteGroupsResponse;
import io.leat.wire.message.DeleteRecordsRequest;
import io.leat.wire.message.DeleteRecordsResponse;
import io.leat.wire.message.DeleteTopicsRequest;
import io.leat.wire.message.DeleteTopicsResponse;
import io.leat.wire.message.DescribeAclsRequest;
import io.leat.wire.message.DescribeAclsResponse;
import io.leat.wire.message.DescribeClientQuotasRequest;
import io.leat.wire.message.DescribeClientQuotasResponse;
import io.leat.wire.message.DescribeConfigsRequest;
import io.leat.wire.message.DescribeConfigsResponse;
import io.leat.wire.message.DescribeGroupsRequest;
import io.leat.wire.message.DescribeGroupsResponse;
import io.leat.wire.message.DescribeShareGroupOffsetsRequest;
import io.leat.wire.message.DescribeShareGroupOffsetsResponse;
import io.leat.wire.message.DescribeUserScramCredentialsRequest;
import io.leat.wire.message.DescribeUserScramCredentialsResponse;
import io.leat.wire.message.Exchange;
import io.leat.wire.message.FetchRequest;
import io.leat.wire.message.FetchResponse;
import io.leat.wire.message.FindCoordinatorRequest;
import io.leat.wire.message.FindCoordinatorResponse;
import io.leat.wire.message.HeartbeatRequest;
import io.leat.wire.message.HeartbeatResponse;
import io.leat.wire.message.IncrementalAlterConfigsRequest;
import io.leat.wire.message.IncrementalAlterConfigsResponse;
import io.leat.wire.message.InitProducerIdRequest;
import io.leat.wire.message.InitProducerIdResponse;
import io.leat.wire.message.JoinGroupRequest;
import io.leat.wire.message.JoinGroupResponse;
import io.leat.wire.message.LeatCancelDelayedRequest;
import io.leat.wire.message.LeatCancelDelayedResponse;
import io.leat.wire.message.LeatDescribeCompactionRequest;
import io.leat.wire.message.LeatDescribeCompactionResponse;
import io.leat.wire.message.LeatDescribeErasuresRequest;
import io.leat.wire.message.LeatDescribeErasuresResponse;
import io.leat.wire.message.LeatEraseKeysRequest;
import io.leat.wire.message.LeatEraseKeysResponse;
import io.leat.wire.message.LeatListDelayedRequest;
import io.leat.wire.message.LeatListDelayedResponse;
import io.leat.wire.message.LeaveGroupRequest;
import io.leat.wire.message.LeaveGroupResponse;
import io.leat.wire.message.ListConfigResourcesRequest;
import io.leat.wire.message.ListConfigResourcesResponse;
import io.leat.wire.message.ListGroupsRequest;
import io.leat.wire.message.ListGroupsResponse;
import io.leat.wire.message.ListOffsetsRequest;
import io.leat.wire.message.ListOffsetsResponse;
import io.leat.wire.message.MetadataRequest;
import io.leat.wire.message.MetadataResponse;
import io.leat.wire.message.OffsetCommitRequest;
import io.leat.wire.message.OffsetCommitResponse;
import io.leat.wire.message.OffsetDeleteRequest;
import io.leat.wire.message.OffsetDeleteResponse;
import io.leat.wire.message.OffsetFetchRequest;
import io.leat.wire.message.OffsetFetchResponse;
import io.leat.wire.message.ProduceRequest;
import io.leat.wire.message.ProduceResponse;
import io.leat.wire.message.ShareGroupDescribeRequest;
import io.leat.wire.message.ShareGroupDescribeResponse;
import io.leat.wire.message.StreamsGroupDescribeRequest;
import io.leat.wire.message.StreamsGroupDescribeResponse;
import io.leat.wire.message.SyncGroupRequest;
import io.leat.wire.message.SyncGroupResponse;

/**
 * What this client asks brokers, and in which versions: the lowest are those of Apache Kafka 3.0.
 * Produce, Fetch and the offsets of groups stay with topic names; later versions name topics by
 * their ids.
 */
final class Apis {
    private Apis() {}

    static final Api<MetadataRequest, MetadataResponse> METADATA =
            Api.of(Exchange.METADATA, 10, 13);
    static final Api<ProduceRequest, ProduceResponse> PRODUCE = Api.of(Exchange.PRODUCE, 7, 12);
    static final Api<FetchRequest, FetchResponse> FETCH = Api.of(Exchange.FETCH, 11, 12);
    static final Api<ListOffsetsRequest, ListOffsetsResponse> LIST_OFFSETS =
            Api.of(Exchange.LIST_OFFSETS, 5, 9);
    static final Api<FindCoordinatorRequest, FindCoordinatorResponse> FIND_COORDINATOR =
            Api.of(Exchange.FIND_COORDINATOR, 4, 6);
    static final Api<InitProducerIdRequest, InitProducerIdResponse> INIT_PRODUCER_ID =
            Api.of(Exchange.INIT_PRODUCER_ID, 3, 5);
    static final Api<JoinGroupRequest, JoinGroupResponse> JOIN_GROUP =
            Api.of(Exchange.JOIN_GROUP, 5, 9);
    static final Api<SyncGroupRequest, SyncGroupResponse> SYNC_GROUP =
            Api.of(Exchange.SYNC_GROUP, 3, 5);
    static final Api<HeartbeatRequest, HeartbeatResponse> HEARTBEAT =
            Api.of(Exchange.HEARTBEAT, 3, 4);
    static final Api<LeaveGroupRequest, LeaveGroupResponse> LEAVE_GROUP =
            Api.of(Exchange.LEAVE_GROUP, 3, 5);
    static final Api<OffsetCommitRequest, OffsetCommitResponse> OFFSET_COMMIT =
            Api.of(Exchange.OFFSET_COMMIT, 7, 9);
    static final Api<OffsetFetchRequest, OffsetFetchResponse> OFFSET_FETCH =
            Api.of(Exchange.OFFSET_FETCH, 8, 9);
    static final Api<OffsetDeleteRequest, OffsetDeleteResponse> OFFSET_DELETE =
            Api.of(Exchange.OFFSET_DELETE, 0, 0);
    static final Api<ListGroupsRequest, ListGroupsResponse> LIST_GROUPS =
            Api.of(Exchange.LIST_GROUPS, 4, 5);
    static final Api<DescribeGroupsRequest, DescribeGroupsResponse> DESCRIBE_GROUPS =
            Api.of(Exchange.DESCRIBE_GROUPS, 4, 6);
    static final Api<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse>
            CONSUMER_GROUP_DESCRIBE = Api.of(Exchange.CONSUMER_GROUP_DESCRIBE, 0, 1);
    static final Api<ShareGroupDescribeRequest, ShareGroupDescribeResponse> SHARE_GROUP_DESCRIBE =
            Api.of(Exchange.SHARE_GROUP_DESCRIBE, 1, 1);
    static final Api<StreamsGroupDescribeRequest, StreamsGroupDescribeResponse>
            STREAMS_GROUP_DESCRIBE = Api.of(Exchange.STREAMS_GROUP_DESCRIBE, 0, 1);
    static final Api<DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse>
            DESCRIBE_SHARE_GROUP_OFFSETS = Api.of(Exchange.DESCRIBE_SHARE_GROUP_OFFSETS, 0, 1);
    static final Api<AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse>
            ALTER_SHARE_GROUP_OFFSETS = Api.of(Exchange.ALTER_SHARE_GROUP_OFFSETS, 0, 0);
    static final Api<DeleteGroupsRequest, DeleteGroupsResponse> DELETE_GROUPS =
            Api.of(Exchange.DELETE_GROUPS, 1, 3);
    static final Api<CreateTopicsRequest, CreateTopicsResponse> CREATE_TOPICS =
            Api.of(Exchange.CREATE_TOPICS, 5, 7);
    static final Api<DeleteTopicsRequest, DeleteTopicsResponse> DELETE_TOPICS =
            Api.of(Exchange.DELETE_TOPICS, 6, 6);
    static final Api<CreatePartitionsRequest, CreatePartitionsResponse> CREATE_PARTITIONS =
            Api.of(Exchange.CREATE_PARTITIONS, 1, 3);
    static final Api<DescribeConfigsRequest, DescribeConfigsResponse> DESCRIBE_CONFIGS =
            Api.of(Exchange.DESCRIBE_CONFIGS, 3, 4);
    static final Api<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>
            INCREMENTAL_ALTER_CONFIGS = Api.of(Exchange.INCREMENTAL_ALTER_CONFIGS, 0, 1);
    static final Api<DescribeClientQuotasRequest, DescribeClientQuotasResponse>
            DESCRIBE_CLIENT_QUOTAS = Api.of(Exchange.DESCRIBE_CLIENT_QUOTAS, 0, 1);
    static final Api<DescribeAclsRequest, DescribeAclsResponse> DESCRIBE_ACLS =
            Api.of(Exchange.DESCRIBE_ACLS, 1, 3);
    static final Api<CreateAclsRequest, CreateAclsResponse> CREATE_ACLS =
            Api.of(Exchange.CREATE_ACLS, 1, 3);
    static final Api<DeleteAclsRequest, DeleteAclsResponse> DELETE_ACLS =
            Api.of(Exchange.DELETE_ACLS, 1, 3);
    static final Api<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse>
            DESCRIBE_USER_SCRAM_CREDENTIALS =
                    Api.of(Exchange.DESCRIBE_USER_SCRAM_CREDENTIALS, 0, 0);
    static final Api<AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse>
            ALTER_USER_SCRAM_CREDENTIALS = Api.of(Exchange.ALTER_USER_SCRAM_CREDENTIALS, 0, 0);
    static final Api<AlterClientQuotasRequest, AlterClientQuotasResponse> ALTER_CLIENT_QUOTAS =
            Api.of(Exchange.ALTER_CLIENT_QUOTAS, 0, 1);
    static final Api<ListConfigResourcesRequest, ListConfigResourcesResponse>
            LIST_CONFIG_RESOURCES = Api.of(Exchange.LIST_CONFIG_RESOURCES, 1, 1);
    static final Api<DeleteRecordsRequest, DeleteRecordsResponse> DELETE_RECORDS =
            Api.of(Exchange.DELETE_RECORDS, 1, 2);

    static final Api<LeatEraseKeysRequest, LeatEraseKeysResponse> LEAT_ERASE_KEYS =
            Api.of(Exchange.LEAT_ERASE_KEYS, 0, 0);
    static final Api<LeatDescribeErasuresRequest, LeatDescribeErasuresResponse>
            LEAT_DESCRIBE_ERASURES = Api.of(Exchange.LEAT_DESCRIBE_ERASURES, 0, 0);
    static final Api<LeatDescribeCompactionRequest, LeatDescribeCompactionResponse>
            LEAT_DESCRIBE_COMPACTION = Api.of(Exchange.LEAT_DESCRIBE_COMPACTION, 0, 0);
    static final Api<LeatListDelayedRequest, LeatListDelayedResponse> LEAT_LIST_DELAYED =
            Api.of(Exchange.LEAT_LIST_DELAYED, 0, 0);
    static final Api<LeatCancelDelayedRequest, LeatCancelDelayedResponse> LEAT_CANCEL_DELAYED =
            Api.of(Exchange.LEAT_CANCEL_DELAYED, 0, 0);
}
