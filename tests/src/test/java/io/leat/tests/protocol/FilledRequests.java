package io.leat.tests.protocol;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResourceCollection;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfigCollection;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Endpoint;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.KeyValue;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * Requests that ask for something that is there, so that the answers have all their fields filled.
 *
 * @param topic an existing topic of one partition with records
 * @param topicId its id
 * @param group a group with a committed offset for it
 */
record FilledRequests(String topic, Uuid topicId, String group) {
    private static final byte TOPIC = 2;
    private static final int TIMEOUT_MS = 5_000;

    /** It is there as soon as its first member has been heard of. */
    private static final String STREAMS_GROUP = "filled-streams";

    /** The request, or the default one of its API where nothing needs to be there. */
    ApiMessage of(ApiKeys api, short version) {
        return switch (api) {
            case PRODUCE -> produce(version);
            case FETCH -> fetch(version);
            case LIST_OFFSETS -> listOffsets();
            case METADATA -> metadata();
            case API_VERSIONS ->
                    new ApiVersionsRequestData()
                            .setClientSoftwareName("leat-tests")
                            .setClientSoftwareVersion("1");
            case CREATE_TOPICS -> createTopics(version);
            case CREATE_PARTITIONS -> createPartitions();
            case DESCRIBE_CONFIGS -> describeConfigs();
            case INCREMENTAL_ALTER_CONFIGS -> alterConfigs();
            case DESCRIBE_CLUSTER -> new DescribeClusterRequestData();
            case DESCRIBE_TOPIC_PARTITIONS ->
                    new DescribeTopicPartitionsRequestData()
                            .setTopics(List.of(new TopicRequest().setName(topic)));
            case FIND_COORDINATOR ->
                    version < 4
                            ? new FindCoordinatorRequestData().setKey(group)
                            : new FindCoordinatorRequestData().setCoordinatorKeys(List.of(group));
            case JOIN_GROUP -> joinGroup();
            case OFFSET_COMMIT -> offsetCommit(version);
            case OFFSET_FETCH -> offsetFetch(version);
            case LIST_GROUPS -> new ListGroupsRequestData();
            case DESCRIBE_GROUPS -> new DescribeGroupsRequestData().setGroups(List.of(group));
            case INIT_PRODUCER_ID -> new InitProducerIdRequestData().setTransactionalId(null);
            case WRITE_TXN_MARKERS -> writeTxnMarkers();
            case LIST_TRANSACTIONS -> new ListTransactionsRequestData();
            case STREAMS_GROUP_HEARTBEAT -> streamsGroupHeartbeat(version);
            case STREAMS_GROUP_DESCRIBE ->
                    new StreamsGroupDescribeRequestData()
                            .setGroupIds(List.of(STREAMS_GROUP))
                            .setIncludeTopologyDescription(version > 0);
            case DESCRIBE_TRANSACTIONS -> new DescribeTransactionsRequestData();
            case DESCRIBE_PRODUCERS -> describeProducers();
            case DELETE_RECORDS -> deleteRecords();
            case OFFSET_FOR_LEADER_EPOCH -> offsetForLeaderEpoch();
            case ALTER_REPLICA_LOG_DIRS,
                    DESCRIBE_LOG_DIRS,
                    ELECT_LEADERS,
                    ALTER_PARTITION_REASSIGNMENTS,
                    LIST_PARTITION_REASSIGNMENTS,
                    DESCRIBE_CLIENT_QUOTAS,
                    ALTER_CLIENT_QUOTAS,
                    UPDATE_FEATURES,
                    LIST_CONFIG_RESOURCES ->
                    ApiMessageType.fromApiKey(api.id).newRequest();
            default -> throw new IllegalArgumentException("no filled request for " + api);
        };
    }

    /** A new member in each version. */
    private ApiMessage streamsGroupHeartbeat(short version) {
        Subtopology part =
                new Subtopology()
                        .setSubtopologyId("0")
                        .setSourceTopics(List.of(topic))
                        .setStateChangelogTopics(
                                List.of(new TopicInfo().setName(topic + "-changelog")));
        return new StreamsGroupHeartbeatRequestData()
                .setGroupId(STREAMS_GROUP)
                .setMemberId("member-" + version)
                .setMemberEpoch(0)
                .setEndpointInformationEpoch(-1)
                .setRebalanceTimeoutMs(TIMEOUT_MS)
                .setProcessId("process-" + version)
                .setUserEndpoint(new Endpoint().setHost("localhost").setPort(9000 + version))
                .setClientTags(List.of(new KeyValue().setKey("zone").setValue("a")))
                .setTopology(new Topology().setEpoch(0).setSubtopologies(List.of(part)))
                .setActiveTasks(List.of())
                .setStandbyTasks(List.of())
                .setWarmupTasks(List.of());
    }

    private ApiMessage produce(short version) {
        MemoryRecords records =
                MemoryRecords.withRecords(
                        Compression.NONE, new SimpleRecord(new byte[10], new byte[100]));
        var data =
                new TopicProduceData()
                        .setPartitionData(List.of(new PartitionProduceData().setRecords(records)));
        if (version < 13) {
            data.setName(topic);
        } else {
            data.setTopicId(topicId);
        }
        var topics = new TopicProduceDataCollection();
        topics.add(data);
        return new ProduceRequestData()
                .setAcks((short) -1)
                .setTimeoutMs(TIMEOUT_MS)
                .setTopicData(topics);
    }

    private ApiMessage fetch(short version) {
        var data =
                new FetchTopic()
                        .setPartitions(
                                List.of(
                                        new FetchPartition()
                                                .setPartition(0)
                                                .setPartitionMaxBytes(1_000_000)));
        if (version < 13) {
            data.setTopic(topic);
        } else {
            data.setTopicId(topicId);
        }
        return new FetchRequestData()
                .setReplicaId(-1)
                .setMaxWaitMs(100)
                .setMinBytes(1)
                .setMaxBytes(1_000_000)
                .setTopics(List.of(data));
    }

    private ApiMessage writeTxnMarkers() {
        return new WriteTxnMarkersRequestData()
                .setMarkers(
                        List.of(
                                new WritableTxnMarker()
                                        .setProducerId(1_000_000)
                                        .setProducerEpoch((short) 3)
                                        .setTopics(
                                                List.of(
                                                        new WritableTxnMarkerTopic()
                                                                .setName(topic)
                                                                .setPartitionIndexes(
                                                                        List.of(0))))));
    }

    private ApiMessage describeProducers() {
        var topics = new DescribeProducersRequestData.TopicRequestCollection();
        topics.add(
                new DescribeProducersRequestData.TopicRequest()
                        .setName(topic)
                        .setPartitionIndexes(List.of(0)));
        return new DescribeProducersRequestData().setTopics(topics);
    }

    private ApiMessage listOffsets() {
        var partition = new ListOffsetsPartition().setPartitionIndex(0).setTimestamp(-2);
        return new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(
                        List.of(
                                new ListOffsetsTopic()
                                        .setName(topic)
                                        .setPartitions(List.of(partition))));
    }

    private ApiMessage metadata() {
        return new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestTopic().setName(topic)));
    }

    private ApiMessage createTopics(short version) {
        var topics = new CreatableTopicCollection();
        topics.add(
                new CreatableTopic()
                        .setName("created-with-version-" + version)
                        .setNumPartitions(2)
                        .setReplicationFactor((short) 1));
        return new CreateTopicsRequestData().setTopics(topics).setTimeoutMs(TIMEOUT_MS);
    }

    private ApiMessage createPartitions() {
        var topics = new CreatePartitionsTopicCollection();
        topics.add(new CreatePartitionsTopic().setName(topic).setCount(2).setAssignments(null));
        return new CreatePartitionsRequestData()
                .setTopics(topics)
                .setTimeoutMs(TIMEOUT_MS)
                .setValidateOnly(true);
    }

    private ApiMessage describeConfigs() {
        return new DescribeConfigsRequestData()
                .setIncludeSynonyms(true)
                .setResources(
                        List.of(
                                new DescribeConfigsResource()
                                        .setResourceType(TOPIC)
                                        .setResourceName(topic)
                                        .setConfigurationKeys(null)));
    }

    private ApiMessage alterConfigs() {
        var configs = new AlterableConfigCollection();
        configs.add(new AlterableConfig().setName("retention.ms").setValue("-1"));
        var resources = new AlterConfigsResourceCollection();
        resources.add(
                new AlterConfigsResource()
                        .setResourceType(TOPIC)
                        .setResourceName(topic)
                        .setConfigs(configs));
        return new IncrementalAlterConfigsRequestData().setResources(resources);
    }

    /** Joins an own group; from version 4 on the answer is that a member id is required. */
    private ApiMessage joinGroup() {
        ByteBuffer subscription =
                MessageUtil.toVersionPrefixedByteBuffer(
                        (short) 1, new ConsumerProtocolSubscription().setTopics(List.of(topic)));
        byte[] metadata = new byte[subscription.remaining()];
        subscription.get(metadata);
        var protocols = new JoinGroupRequestProtocolCollection();
        protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(metadata));
        return new JoinGroupRequestData()
                .setGroupId("joined-" + Uuid.randomUuid())
                .setSessionTimeoutMs(10_000)
                .setRebalanceTimeoutMs(10_000)
                .setProtocolType("consumer")
                .setProtocols(protocols);
    }

    private ApiMessage offsetCommit(short version) {
        var data =
                new OffsetCommitRequestTopic()
                        .setPartitions(
                                List.of(
                                        new OffsetCommitRequestPartition()
                                                .setPartitionIndex(0)
                                                .setCommittedOffset(1)
                                                .setCommittedMetadata("note")));
        if (version < 10) {
            data.setName(topic);
        } else {
            data.setTopicId(topicId);
        }
        return new OffsetCommitRequestData().setGroupId(group).setTopics(List.of(data));
    }

    private ApiMessage offsetFetch(short version) {
        if (version < 8) {
            return new OffsetFetchRequestData()
                    .setGroupId(group)
                    .setTopics(
                            List.of(
                                    new OffsetFetchRequestTopic()
                                            .setName(topic)
                                            .setPartitionIndexes(List.of(0))));
        }
        var data = new OffsetFetchRequestTopics().setPartitionIndexes(List.of(0));
        if (version < 10) {
            data.setName(topic);
        } else {
            data.setTopicId(topicId);
        }
        return new OffsetFetchRequestData()
                .setGroups(
                        List.of(
                                new OffsetFetchRequestGroup()
                                        .setGroupId(group)
                                        .setTopics(List.of(data))));
    }

    private ApiMessage deleteRecords() {
        var partition = new DeleteRecordsPartition().setPartitionIndex(0).setOffset(0);
        return new DeleteRecordsRequestData()
                .setTimeoutMs(TIMEOUT_MS)
                .setTopics(
                        List.of(
                                new DeleteRecordsTopic()
                                        .setName(topic)
                                        .setPartitions(List.of(partition))));
    }

    private ApiMessage offsetForLeaderEpoch() {
        var topics = new OffsetForLeaderTopicCollection();
        topics.add(
                new OffsetForLeaderTopic()
                        .setTopic(topic)
                        .setPartitions(
                                List.of(
                                        new OffsetForLeaderPartition()
                                                .setPartition(0)
                                                .setLeaderEpoch(0))));
        return new OffsetForLeaderEpochRequestData().setTopics(topics);
    }
}
