package io.leat.broker.access;

import io.leat.wire.ApiKey;
import io.leat.wire.message.AddRaftVoterRequest;
import io.leat.wire.message.AddRaftVoterResponse;
import io.leat.wire.message.AlterClientQuotasRequest;
import io.leat.wire.message.AlterClientQuotasResponse;
import io.leat.wire.message.AlterPartitionReassignmentsRequest;
import io.leat.wire.message.AlterPartitionReassignmentsResponse;
import io.leat.wire.message.AlterReplicaLogDirsRequest;
import io.leat.wire.message.AlterReplicaLogDirsResponse;
import io.leat.wire.message.AlterReplicaLogDirsResponse.AlterReplicaLogDirPartitionResult;
import io.leat.wire.message.AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult;
import io.leat.wire.message.CreateDelegationTokenRequest;
import io.leat.wire.message.CreateDelegationTokenResponse;
import io.leat.wire.message.DescribeClientQuotasRequest;
import io.leat.wire.message.DescribeClientQuotasResponse;
import io.leat.wire.message.DescribeDelegationTokenRequest;
import io.leat.wire.message.DescribeDelegationTokenResponse;
import io.leat.wire.message.DescribeLogDirsRequest;
import io.leat.wire.message.DescribeLogDirsResponse;
import io.leat.wire.message.DescribeQuorumRequest;
import io.leat.wire.message.DescribeQuorumResponse;
import io.leat.wire.message.ElectLeadersRequest;
import io.leat.wire.message.ElectLeadersResponse;
import io.leat.wire.message.ExpireDelegationTokenRequest;
import io.leat.wire.message.ExpireDelegationTokenResponse;
import io.leat.wire.message.GetTelemetrySubscriptionsRequest;
import io.leat.wire.message.GetTelemetrySubscriptionsResponse;
import io.leat.wire.message.ListConfigResourcesRequest;
import io.leat.wire.message.ListConfigResourcesResponse;
import io.leat.wire.message.ListPartitionReassignmentsRequest;
import io.leat.wire.message.ListPartitionReassignmentsResponse;
import io.leat.wire.message.PushTelemetryRequest;
import io.leat.wire.message.PushTelemetryResponse;
import io.leat.wire.message.RemoveRaftVoterRequest;
import io.leat.wire.message.RemoveRaftVoterResponse;
import io.leat.wire.message.RenewDelegationTokenRequest;
import io.leat.wire.message.RenewDelegationTokenResponse;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;
import io.leat.wire.message.UnregisterBrokerRequest;
import io.leat.wire.message.UnregisterBrokerResponse;
import io.leat.wire.message.UnregisterControllerRequest;
import io.leat.wire.message.UnregisterControllerResponse;
import io.leat.wire.message.UpdateFeaturesRequest;
import io.leat.wire.message.UpdateFeaturesResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The APIs by which admin tools look after the cluster, its quotas and its telemetry. */
final class AdminRules {
    private static final short DENIED = ResourceType.CLUSTER.refusal().code();
    private static final String DENIED_TEXT = ResourceType.CLUSTER.refusal().message();

    private AdminRules() {}

    static void addTo(AccessRules rules) {
        addQuotasAndTelemetry(rules);
        addTokens(rules);
        rules.add(
                        ApiKey.DESCRIBE_LOG_DIRS,
                        DescribeLogDirsRequest.class,
                        DescribeLogDirsResponse.class,
                        cluster(
                                Operation.DESCRIBE,
                                request -> new DescribeLogDirsResponse(0, DENIED, List.of())))
                .add(
                        ApiKey.ALTER_REPLICA_LOG_DIRS,
                        AlterReplicaLogDirsRequest.class,
                        AlterReplicaLogDirsResponse.class,
                        cluster(Operation.ALTER, AdminRules::denied))
                .add(
                        ApiKey.ELECT_LEADERS,
                        ElectLeadersRequest.class,
                        ElectLeadersResponse.class,
                        cluster(
                                Operation.ALTER,
                                request -> new ElectLeadersResponse(0, DENIED, List.of())))
                .add(
                        ApiKey.ALTER_PARTITION_REASSIGNMENTS,
                        AlterPartitionReassignmentsRequest.class,
                        AlterPartitionReassignmentsResponse.class,
                        cluster(
                                Operation.ALTER,
                                request ->
                                        new AlterPartitionReassignmentsResponse(
                                                0, true, DENIED, DENIED_TEXT, List.of())))
                .add(
                        ApiKey.LIST_PARTITION_REASSIGNMENTS,
                        ListPartitionReassignmentsRequest.class,
                        ListPartitionReassignmentsResponse.class,
                        cluster(
                                Operation.DESCRIBE,
                                request ->
                                        new ListPartitionReassignmentsResponse(
                                                0, DENIED, DENIED_TEXT, List.of())))
                .add(
                        ApiKey.DESCRIBE_QUORUM,
                        DescribeQuorumRequest.class,
                        DescribeQuorumResponse.class,
                        cluster(
                                Operation.DESCRIBE,
                                request ->
                                        new DescribeQuorumResponse(
                                                DENIED, DENIED_TEXT, List.of(), List.of())))
                .add(
                        ApiKey.UPDATE_FEATURES,
                        UpdateFeaturesRequest.class,
                        UpdateFeaturesResponse.class,
                        cluster(
                                Operation.ALTER,
                                request ->
                                        new UpdateFeaturesResponse(
                                                0, DENIED, DENIED_TEXT, List.of())))
                .add(
                        ApiKey.UNREGISTER_BROKER,
                        UnregisterBrokerRequest.class,
                        UnregisterBrokerResponse.class,
                        cluster(
                                Operation.ALTER,
                                request -> new UnregisterBrokerResponse(0, DENIED, DENIED_TEXT)))
                .add(
                        ApiKey.UNREGISTER_CONTROLLER,
                        UnregisterControllerRequest.class,
                        UnregisterControllerResponse.class,
                        cluster(
                                Operation.ALTER,
                                request ->
                                        new UnregisterControllerResponse(0, DENIED, DENIED_TEXT)))
                .add(
                        ApiKey.ADD_RAFT_VOTER,
                        AddRaftVoterRequest.class,
                        AddRaftVoterResponse.class,
                        cluster(
                                Operation.ALTER,
                                request -> new AddRaftVoterResponse(0, DENIED, DENIED_TEXT)))
                .add(
                        ApiKey.REMOVE_RAFT_VOTER,
                        RemoveRaftVoterRequest.class,
                        RemoveRaftVoterResponse.class,
                        cluster(
                                Operation.ALTER,
                                request -> new RemoveRaftVoterResponse(0, DENIED, DENIED_TEXT)));
    }

    private static void addQuotasAndTelemetry(AccessRules rules) {
        rules.add(
                        ApiKey.DESCRIBE_CLIENT_QUOTAS,
                        DescribeClientQuotasRequest.class,
                        DescribeClientQuotasResponse.class,
                        cluster(
                                Operation.DESCRIBE_CONFIGS,
                                request ->
                                        new DescribeClientQuotasResponse(
                                                0, DENIED, DENIED_TEXT, null)))
                .add(
                        ApiKey.ALTER_CLIENT_QUOTAS,
                        AlterClientQuotasRequest.class,
                        AlterClientQuotasResponse.class,
                        cluster(Operation.ALTER_CONFIGS, AdminRules::denied))
                .add(
                        ApiKey.LIST_CONFIG_RESOURCES,
                        ListConfigResourcesRequest.class,
                        ListConfigResourcesResponse.class,
                        cluster(
                                Operation.DESCRIBE_CONFIGS,
                                request -> new ListConfigResourcesResponse(0, DENIED, List.of())))
                // What a client says of itself needs no right, as in Apache Kafka.
                .add(
                        ApiKey.GET_TELEMETRY_SUBSCRIPTIONS,
                        GetTelemetrySubscriptionsRequest.class,
                        GetTelemetrySubscriptionsResponse.class,
                        ClusterRules::everybody)
                .add(
                        ApiKey.PUSH_TELEMETRY,
                        PushTelemetryRequest.class,
                        PushTelemetryResponse.class,
                        ClusterRules::everybody);
    }

    /** Tokens are a client's own, and switched off for everybody. */
    private static void addTokens(AccessRules rules) {
        rules.add(
                        ApiKey.CREATE_DELEGATION_TOKEN,
                        CreateDelegationTokenRequest.class,
                        CreateDelegationTokenResponse.class,
                        ClusterRules::everybody)
                .add(
                        ApiKey.RENEW_DELEGATION_TOKEN,
                        RenewDelegationTokenRequest.class,
                        RenewDelegationTokenResponse.class,
                        ClusterRules::everybody)
                .add(
                        ApiKey.EXPIRE_DELEGATION_TOKEN,
                        ExpireDelegationTokenRequest.class,
                        ExpireDelegationTokenResponse.class,
                        ClusterRules::everybody)
                .add(
                        ApiKey.DESCRIBE_DELEGATION_TOKEN,
                        DescribeDelegationTokenRequest.class,
                        DescribeDelegationTokenResponse.class,
                        ClusterRules::everybody);
    }

    /** The rule of APIs that need one right on the cluster. */
    private static <Q extends RequestMessage, R extends ResponseMessage> Rule<Q, R> cluster(
            Operation operation, Function<Q, R> refusal) {
        return (access, version, request) ->
                access.mayOnCluster(operation)
                        ? Verdict.pass(request)
                        : Verdict.refuse(refusal.apply(request));
    }

    private static AlterReplicaLogDirsResponse denied(AlterReplicaLogDirsRequest request) {
        List<AlterReplicaLogDirTopicResult> results = new ArrayList<>();
        request.dirs()
                .forEach(directory ->
                        directory
                                .topics()
                                .forEach(topic ->
                                        results.add(
                                                new AlterReplicaLogDirTopicResult(
                                                        topic.name(),
                                                        topic.partitions().stream()
                                                                .map(partition ->
                                                                        new AlterReplicaLogDirPartitionResult(
                                                                                partition, DENIED))
                                                                .toList()))));
        return new AlterReplicaLogDirsResponse(0, results);
    }

    private static AlterClientQuotasResponse denied(AlterClientQuotasRequest request) {
        return new AlterClientQuotasResponse(
                0,
                request.entries().stream()
                        .map(entry ->
                                new AlterClientQuotasResponse.EntryData(
                                        DENIED,
                                        DENIED_TEXT,
                                        entry.entity().stream()
                                                .map(part ->
                                                        new AlterClientQuotasResponse.EntityData(
                                                                part.entityType(),
                                                                part.entityName()))
                                                .toList()))
                        .toList());
    }
}
