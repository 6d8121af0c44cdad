package io.leat.broker;

import io.leat.broker.api.AlterConfigsHandler;
import io.leat.broker.api.ApiRegistry;
import io.leat.broker.api.ApiVersionsHandler;
import io.leat.broker.api.BrokerIdentity;
import io.leat.broker.api.ConfigDomains;
import io.leat.broker.api.CreatePartitionsHandler;
import io.leat.broker.api.CreateTopicsHandler;
import io.leat.broker.api.Delays;
import io.leat.broker.api.DeleteRecordsHandler;
import io.leat.broker.api.DeleteTopicsHandler;
import io.leat.broker.api.DescribeClusterHandler;
import io.leat.broker.api.DescribeConfigsHandler;
import io.leat.broker.api.DescribeTopicPartitionsHandler;
import io.leat.broker.api.IncrementalAlterConfigsHandler;
import io.leat.broker.api.ListConfigResourcesHandler;
import io.leat.broker.api.ListOffsetsHandler;
import io.leat.broker.api.MetadataHandler;
import io.leat.broker.api.OffsetForLeaderEpochHandler;
import io.leat.broker.api.ProduceHandler;
import io.leat.broker.api.Throttle;
import io.leat.broker.api.TransactionGate;
import io.leat.broker.api.fetch.FetchHandler;
import io.leat.broker.api.fetch.FetchSessions;
import io.leat.broker.config.BrokerConfig;
import io.leat.broker.config.BrokerKeys;
import io.leat.broker.metrics.TopicMetrics;
import io.leat.broker.topic.TopicCatalog;
import io.leat.wire.ApiKey;
import io.leat.wire.message.AlterConfigsRequest;
import io.leat.wire.message.AlterConfigsResponse;
import io.leat.wire.message.ApiVersionsRequest;
import io.leat.wire.message.ApiVersionsResponse;
import io.leat.wire.message.CreatePartitionsRequest;
import io.leat.wire.message.CreatePartitionsResponse;
import io.leat.wire.message.CreateTopicsRequest;
import io.leat.wire.message.CreateTopicsResponse;
import io.leat.wire.message.DeleteRecordsRequest;
import io.leat.wire.message.DeleteRecordsResponse;
import io.leat.wire.message.DeleteTopicsRequest;
import io.leat.wire.message.DeleteTopicsResponse;
import io.leat.wire.message.DescribeClusterRequest;
import io.leat.wire.message.DescribeClusterResponse;
import io.leat.wire.message.DescribeConfigsRequest;
import io.leat.wire.message.DescribeConfigsResponse;
import io.leat.wire.message.DescribeTopicPartitionsRequest;
import io.leat.wire.message.DescribeTopicPartitionsResponse;
import io.leat.wire.message.FetchRequest;
import io.leat.wire.message.FetchResponse;
import io.leat.wire.message.IncrementalAlterConfigsRequest;
import io.leat.wire.message.IncrementalAlterConfigsResponse;
import io.leat.wire.message.ListConfigResourcesRequest;
import io.leat.wire.message.ListConfigResourcesResponse;
import io.leat.wire.message.ListOffsetsRequest;
import io.leat.wire.message.ListOffsetsResponse;
import io.leat.wire.message.MetadataRequest;
import io.leat.wire.message.MetadataResponse;
import io.leat.wire.message.OffsetForLeaderEpochRequest;
import io.leat.wire.message.OffsetForLeaderEpochResponse;
import io.leat.wire.message.ProduceRequest;
import io.leat.wire.message.ProduceResponse;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/** Which handler answers which API: all but those of groups and transactions, who add theirs. */
final class Apis {
    private Apis() {}

    /** Adds what reads and writes records. */
    static void addRecordApis(
            ApiRegistry registry,
            BrokerConfig config,
            TopicCatalog topics,
            TransactionGate transactions,
            Delays delays,
            TopicMetrics topicMetrics,
            Throttle throttle,
            MeterRegistry meters) {
        InstantSource clock = InstantSource.system();
        FetchSessions sessions =
                new FetchSessions(config.get(BrokerKeys.FETCH_SESSION_CACHE_SLOTS), clock);
        Gauge.builder("leat.fetch.sessions", sessions, FetchSessions::size)
                .description("Incremental fetch sessions")
                .register(meters);
        registry.add(
                        ApiKey.PRODUCE,
                        ProduceRequest.class,
                        ProduceResponse.class,
                        new ProduceHandler(
                                topics, transactions, delays, topicMetrics, throttle, clock))
                .add(
                        ApiKey.FETCH,
                        FetchRequest.class,
                        FetchResponse.class,
                        new FetchHandler(
                                topics,
                                sessions,
                                topicMetrics,
                                throttle,
                                config.get(BrokerKeys.FETCH_MAX_BYTES)))
                .add(
                        ApiKey.LIST_OFFSETS,
                        ListOffsetsRequest.class,
                        ListOffsetsResponse.class,
                        new ListOffsetsHandler(topics))
                .add(
                        ApiKey.DELETE_RECORDS,
                        DeleteRecordsRequest.class,
                        DeleteRecordsResponse.class,
                        new DeleteRecordsHandler(topics))
                .add(
                        ApiKey.OFFSET_FOR_LEADER_EPOCH,
                        OffsetForLeaderEpochRequest.class,
                        OffsetForLeaderEpochResponse.class,
                        new OffsetForLeaderEpochHandler(topics));
    }

    /** Adds what tells of topics and configurations, and changes them. */
    static void addTopicApis(
            ApiRegistry registry,
            BrokerConfig config,
            BrokerIdentity identity,
            TopicCatalog topics,
            ConfigDomains configs,
            Throttle throttle,
            Executor blocking) {
        registry.add(
                        ApiKey.METADATA,
                        MetadataRequest.class,
                        MetadataResponse.class,
                        new MetadataHandler(identity, config, topics, throttle, blocking))
                .add(
                        ApiKey.DESCRIBE_CLUSTER,
                        DescribeClusterRequest.class,
                        DescribeClusterResponse.class,
                        new DescribeClusterHandler(identity))
                .add(
                        ApiKey.DESCRIBE_TOPIC_PARTITIONS,
                        DescribeTopicPartitionsRequest.class,
                        DescribeTopicPartitionsResponse.class,
                        new DescribeTopicPartitionsHandler(identity, config, topics))
                .add(
                        ApiKey.CREATE_TOPICS,
                        CreateTopicsRequest.class,
                        CreateTopicsResponse.class,
                        new CreateTopicsHandler(identity, config, topics, throttle, blocking))
                .add(
                        ApiKey.DELETE_TOPICS,
                        DeleteTopicsRequest.class,
                        DeleteTopicsResponse.class,
                        new DeleteTopicsHandler(config, topics, throttle, blocking))
                .add(
                        ApiKey.CREATE_PARTITIONS,
                        CreatePartitionsRequest.class,
                        CreatePartitionsResponse.class,
                        new CreatePartitionsHandler(identity, topics, throttle, blocking))
                .add(
                        ApiKey.DESCRIBE_CONFIGS,
                        DescribeConfigsRequest.class,
                        DescribeConfigsResponse.class,
                        new DescribeConfigsHandler(configs))
                .add(
                        ApiKey.ALTER_CONFIGS,
                        AlterConfigsRequest.class,
                        AlterConfigsResponse.class,
                        new AlterConfigsHandler(configs, blocking))
                .add(
                        ApiKey.INCREMENTAL_ALTER_CONFIGS,
                        IncrementalAlterConfigsRequest.class,
                        IncrementalAlterConfigsResponse.class,
                        new IncrementalAlterConfigsHandler(configs, blocking))
                .add(
                        ApiKey.LIST_CONFIG_RESOURCES,
                        ListConfigResourcesRequest.class,
                        ListConfigResourcesResponse.class,
                        new ListConfigResourcesHandler(configs));
    }

    /** Adds what every client begins with. */
    static void addVersions(ApiRegistry registry, BrokerIdentity identity) {
        registry.add(
                ApiKey.API_VERSIONS,
                ApiVersionsRequest.class,
                ApiVersionsResponse.class,
                new ApiVersionsHandler(registry, identity));
    }
}
