package io.leat.wire;

import java.util.Arrays;
import java.util.Optional;

/**
 * The APIs of the Kafka protocol as of 4.4, also those that nobody here serves, and Leat's own.
 *
 * <p>Leat's own begin at {@value #LEAT_FIRST_ID}, far from Apache Kafka's, which count up from 0,
 * and from those that other vendors took from 10,000 on. They are framed, versioned and advertised
 * like all others; clients that do not know them pass over them in ApiVersions.
 */
public enum ApiKey {
    PRODUCE(0, "Produce"),
    FETCH(1, "Fetch"),
    LIST_OFFSETS(2, "ListOffsets"),
    METADATA(3, "Metadata"),
    LEADER_AND_ISR(4, "LeaderAndIsr"),
    STOP_REPLICA(5, "StopReplica"),
    UPDATE_METADATA(6, "UpdateMetadata"),
    CONTROLLED_SHUTDOWN(7, "ControlledShutdown"),
    OFFSET_COMMIT(8, "OffsetCommit"),
    OFFSET_FETCH(9, "OffsetFetch"),
    FIND_COORDINATOR(10, "FindCoordinator"),
    JOIN_GROUP(11, "JoinGroup"),
    HEARTBEAT(12, "Heartbeat"),
    LEAVE_GROUP(13, "LeaveGroup"),
    SYNC_GROUP(14, "SyncGroup"),
    DESCRIBE_GROUPS(15, "DescribeGroups"),
    LIST_GROUPS(16, "ListGroups"),
    SASL_HANDSHAKE(17, "SaslHandshake"),
    API_VERSIONS(18, "ApiVersions"),
    CREATE_TOPICS(19, "CreateTopics"),
    DELETE_TOPICS(20, "DeleteTopics"),
    DELETE_RECORDS(21, "DeleteRecords"),
    INIT_PRODUCER_ID(22, "InitProducerId"),
    OFFSET_FOR_LEADER_EPOCH(23, "OffsetForLeaderEpoch"),
    ADD_PARTITIONS_TO_TXN(24, "AddPartitionsToTxn"),
    ADD_OFFSETS_TO_TXN(25, "AddOffsetsToTxn"),
    END_TXN(26, "EndTxn"),
    WRITE_TXN_MARKERS(27, "WriteTxnMarkers"),
    TXN_OFFSET_COMMIT(28, "TxnOffsetCommit"),
    DESCRIBE_ACLS(29, "DescribeAcls"),
    CREATE_ACLS(30, "CreateAcls"),
    DELETE_ACLS(31, "DeleteAcls"),
    DESCRIBE_CONFIGS(32, "DescribeConfigs"),
    ALTER_CONFIGS(33, "AlterConfigs"),
    ALTER_REPLICA_LOG_DIRS(34, "AlterReplicaLogDirs"),
    DESCRIBE_LOG_DIRS(35, "DescribeLogDirs"),
    SASL_AUTHENTICATE(36, "SaslAuthenticate"),
    CREATE_PARTITIONS(37, "CreatePartitions"),
    CREATE_DELEGATION_TOKEN(38, "CreateDelegationToken"),
    RENEW_DELEGATION_TOKEN(39, "RenewDelegationToken"),
    EXPIRE_DELEGATION_TOKEN(40, "ExpireDelegationToken"),
    DESCRIBE_DELEGATION_TOKEN(41, "DescribeDelegationToken"),
    DELETE_GROUPS(42, "DeleteGroups"),
    ELECT_LEADERS(43, "ElectLeaders"),
    INCREMENTAL_ALTER_CONFIGS(44, "IncrementalAlterConfigs"),
    ALTER_PARTITION_REASSIGNMENTS(45, "AlterPartitionReassignments"),
    LIST_PARTITION_REASSIGNMENTS(46, "ListPartitionReassignments"),
    OFFSET_DELETE(47, "OffsetDelete"),
    DESCRIBE_CLIENT_QUOTAS(48, "DescribeClientQuotas"),
    ALTER_CLIENT_QUOTAS(49, "AlterClientQuotas"),
    DESCRIBE_USER_SCRAM_CREDENTIALS(50, "DescribeUserScramCredentials"),
    ALTER_USER_SCRAM_CREDENTIALS(51, "AlterUserScramCredentials"),
    VOTE(52, "Vote"),
    BEGIN_QUORUM_EPOCH(53, "BeginQuorumEpoch"),
    END_QUORUM_EPOCH(54, "EndQuorumEpoch"),
    DESCRIBE_QUORUM(55, "DescribeQuorum"),
    ALTER_PARTITION(56, "AlterPartition"),
    UPDATE_FEATURES(57, "UpdateFeatures"),
    ENVELOPE(58, "Envelope"),
    FETCH_SNAPSHOT(59, "FetchSnapshot"),
    DESCRIBE_CLUSTER(60, "DescribeCluster"),
    DESCRIBE_PRODUCERS(61, "DescribeProducers"),
    BROKER_REGISTRATION(62, "BrokerRegistration"),
    BROKER_HEARTBEAT(63, "BrokerHeartbeat"),
    UNREGISTER_BROKER(64, "UnregisterBroker"),
    DESCRIBE_TRANSACTIONS(65, "DescribeTransactions"),
    LIST_TRANSACTIONS(66, "ListTransactions"),
    ALLOCATE_PRODUCER_IDS(67, "AllocateProducerIds"),
    CONSUMER_GROUP_HEARTBEAT(68, "ConsumerGroupHeartbeat"),
    CONSUMER_GROUP_DESCRIBE(69, "ConsumerGroupDescribe"),
    CONTROLLER_REGISTRATION(70, "ControllerRegistration"),
    GET_TELEMETRY_SUBSCRIPTIONS(71, "GetTelemetrySubscriptions"),
    PUSH_TELEMETRY(72, "PushTelemetry"),
    ASSIGN_REPLICAS_TO_DIRS(73, "AssignReplicasToDirs"),
    LIST_CONFIG_RESOURCES(74, "ListConfigResources"),
    DESCRIBE_TOPIC_PARTITIONS(75, "DescribeTopicPartitions"),
    SHARE_GROUP_HEARTBEAT(76, "ShareGroupHeartbeat"),
    SHARE_GROUP_DESCRIBE(77, "ShareGroupDescribe"),
    SHARE_FETCH(78, "ShareFetch"),
    SHARE_ACKNOWLEDGE(79, "ShareAcknowledge"),
    ADD_RAFT_VOTER(80, "AddRaftVoter"),
    REMOVE_RAFT_VOTER(81, "RemoveRaftVoter"),
    UPDATE_RAFT_VOTER(82, "UpdateRaftVoter"),
    INITIALIZE_SHARE_GROUP_STATE(83, "InitializeShareGroupState"),
    READ_SHARE_GROUP_STATE(84, "ReadShareGroupState"),
    WRITE_SHARE_GROUP_STATE(85, "WriteShareGroupState"),
    DELETE_SHARE_GROUP_STATE(86, "DeleteShareGroupState"),
    READ_SHARE_GROUP_STATE_SUMMARY(87, "ReadShareGroupStateSummary"),
    STREAMS_GROUP_HEARTBEAT(88, "StreamsGroupHeartbeat"),
    STREAMS_GROUP_DESCRIBE(89, "StreamsGroupDescribe"),
    DESCRIBE_SHARE_GROUP_OFFSETS(90, "DescribeShareGroupOffsets"),
    ALTER_SHARE_GROUP_OFFSETS(91, "AlterShareGroupOffsets"),
    DELETE_SHARE_GROUP_OFFSETS(92, "DeleteShareGroupOffsets"),
    STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE(93, "StreamsGroupTopologyDescriptionUpdate"),
    UNREGISTER_CONTROLLER(94, "UnregisterController"),
    LEAT_ERASE_KEYS(20_000, "LeatEraseKeys"),
    LEAT_DESCRIBE_ERASURES(20_001, "LeatDescribeErasures"),
    LEAT_DESCRIBE_COMPACTION(20_002, "LeatDescribeCompaction"),
    LEAT_LIST_DELAYED(20_003, "LeatListDelayed"),
    LEAT_CANCEL_DELAYED(20_004, "LeatCancelDelayed");

    /** The id of the first of Leat's own APIs. */
    public static final int LEAT_FIRST_ID = 20_000;

    private static final ApiKey[] KAFKA = family(false);
    private static final ApiKey[] LEAT = family(true);

    private final short id;
    private final String apiName;

    ApiKey(int id, String apiName) {
        this.id = (short) id;
        this.apiName = apiName;
    }

    /** The API with an id, if there is one. */
    public static Optional<ApiKey> of(short id) {
        ApiKey[] family = id < LEAT_FIRST_ID ? KAFKA : LEAT;
        int index = id < LEAT_FIRST_ID ? id : id - LEAT_FIRST_ID;
        return index >= 0 && index < family.length ? Optional.of(family[index]) : Optional.empty();
    }

    /** Either family without gaps, so that an id is an index. */
    private static ApiKey[] family(boolean leats) {
        return Arrays.stream(values()).filter(api -> api.isLeats() == leats).toArray(ApiKey[]::new);
    }

    /** Whether it is Leat's own, which no Apache Kafka serves. */
    public boolean isLeats() {
        return id >= LEAT_FIRST_ID;
    }

    /** The number on the wire. */
    public short id() {
        return id;
    }

    /** The name in Kafka's documents, such as {@code OffsetCommit}. */
    public String apiName() {
        return apiName;
    }
}
