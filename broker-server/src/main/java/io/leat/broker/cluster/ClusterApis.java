package io.leat.broker.cluster;

import io.leat.broker.api.ApiRegistry;
import io.leat.broker.api.BrokerIdentity;
import io.leat.broker.topic.TopicCatalog;
import io.leat.wire.ApiKey;
import io.leat.wire.message.AddRaftVoterRequest;
import io.leat.wire.message.AddRaftVoterResponse;
import io.leat.wire.message.AlterPartitionReassignmentsRequest;
import io.leat.wire.message.AlterPartitionReassignmentsResponse;
import io.leat.wire.message.AlterReplicaLogDirsRequest;
import io.leat.wire.message.AlterReplicaLogDirsResponse;
import io.leat.wire.message.CreateDelegationTokenRequest;
import io.leat.wire.message.CreateDelegationTokenResponse;
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
import io.leat.wire.message.ListPartitionReassignmentsRequest;
import io.leat.wire.message.ListPartitionReassignmentsResponse;
import io.leat.wire.message.RemoveRaftVoterRequest;
import io.leat.wire.message.RemoveRaftVoterResponse;
import io.leat.wire.message.RenewDelegationTokenRequest;
import io.leat.wire.message.RenewDelegationTokenResponse;
import io.leat.wire.message.UnregisterBrokerRequest;
import io.leat.wire.message.UnregisterBrokerResponse;
import io.leat.wire.message.UnregisterControllerRequest;
import io.leat.wire.message.UnregisterControllerResponse;
import io.leat.wire.message.UpdateFeaturesRequest;
import io.leat.wire.message.UpdateFeaturesResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/** Adds the APIs of this package. */
public final class ClusterApis {
    private ClusterApis() {}

    /**
     * Adds them.
     *
     * @param logDirectory where the partitions lie
     */
    public static void register(
            ApiRegistry registry,
            BrokerIdentity identity,
            TopicCatalog topics,
            Path logDirectory,
            Executor blocking) {
        int node = identity.nodeId();
        registry.add(
                        ApiKey.ALTER_REPLICA_LOG_DIRS,
                        AlterReplicaLogDirsRequest.class,
                        AlterReplicaLogDirsResponse.class,
                        new AlterReplicaLogDirsHandler(topics, logDirectory))
                .add(
                        ApiKey.DESCRIBE_LOG_DIRS,
                        DescribeLogDirsRequest.class,
                        DescribeLogDirsResponse.class,
                        new DescribeLogDirsHandler(topics, logDirectory, blocking))
                .add(
                        ApiKey.ELECT_LEADERS,
                        ElectLeadersRequest.class,
                        ElectLeadersResponse.class,
                        new ElectLeadersHandler(topics))
                .add(
                        ApiKey.ALTER_PARTITION_REASSIGNMENTS,
                        AlterPartitionReassignmentsRequest.class,
                        AlterPartitionReassignmentsResponse.class,
                        new AlterPartitionReassignmentsHandler(topics, node))
                .add(
                        ApiKey.LIST_PARTITION_REASSIGNMENTS,
                        ListPartitionReassignmentsRequest.class,
                        ListPartitionReassignmentsResponse.class,
                        new ListPartitionReassignmentsHandler())
                .add(
                        ApiKey.DESCRIBE_QUORUM,
                        DescribeQuorumRequest.class,
                        DescribeQuorumResponse.class,
                        new DescribeQuorumHandler(identity, InstantSource.system()))
                .add(
                        ApiKey.UPDATE_FEATURES,
                        UpdateFeaturesRequest.class,
                        UpdateFeaturesResponse.class,
                        new UpdateFeaturesHandler())
                .add(
                        ApiKey.UNREGISTER_BROKER,
                        UnregisterBrokerRequest.class,
                        UnregisterBrokerResponse.class,
                        new UnregisterBrokerHandler(node))
                .add(
                        ApiKey.ADD_RAFT_VOTER,
                        AddRaftVoterRequest.class,
                        AddRaftVoterResponse.class,
                        new AddRaftVoterHandler(identity))
                .add(
                        ApiKey.REMOVE_RAFT_VOTER,
                        RemoveRaftVoterRequest.class,
                        RemoveRaftVoterResponse.class,
                        new RemoveRaftVoterHandler(identity))
                .add(
                        ApiKey.UNREGISTER_CONTROLLER,
                        UnregisterControllerRequest.class,
                        UnregisterControllerResponse.class,
                        new UnregisterControllerHandler(node));
        addDelegationTokens(registry);
    }

    private static void addDelegationTokens(ApiRegistry registry) {
        registry.add(
                        ApiKey.CREATE_DELEGATION_TOKEN,
                        CreateDelegationTokenRequest.class,
                        CreateDelegationTokenResponse.class,
                        new CreateDelegationTokenHandler())
                .add(
                        ApiKey.RENEW_DELEGATION_TOKEN,
                        RenewDelegationTokenRequest.class,
                        RenewDelegationTokenResponse.class,
                        new RenewDelegationTokenHandler())
                .add(
                        ApiKey.EXPIRE_DELEGATION_TOKEN,
                        ExpireDelegationTokenRequest.class,
                        ExpireDelegationTokenResponse.class,
                        new ExpireDelegationTokenHandler())
                .add(
                        ApiKey.DESCRIBE_DELEGATION_TOKEN,
                        DescribeDelegationTokenRequest.class,
                        DescribeDelegationTokenResponse.class,
                        new DescribeDelegationTokenHandler());
    }
}
