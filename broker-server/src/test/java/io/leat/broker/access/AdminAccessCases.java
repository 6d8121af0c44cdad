package io.leat.broker.access;

import static io.leat.broker.access.AccessCase.asking;
import static io.leat.wire.ErrorCode.CLUSTER_AUTHORIZATION_FAILED;

import io.leat.wire.ApiKey;
import io.leat.wire.message.AddRaftVoterRequest;
import io.leat.wire.message.AlterClientQuotasRequest;
import io.leat.wire.message.AlterPartitionReassignmentsRequest;
import io.leat.wire.message.AlterReplicaLogDirsRequest;
import io.leat.wire.message.CreateDelegationTokenRequest;
import io.leat.wire.message.DescribeClientQuotasRequest;
import io.leat.wire.message.DescribeDelegationTokenRequest;
import io.leat.wire.message.DescribeLogDirsRequest;
import io.leat.wire.message.DescribeQuorumRequest;
import io.leat.wire.message.ElectLeadersRequest;
import io.leat.wire.message.ExpireDelegationTokenRequest;
import io.leat.wire.message.GetTelemetrySubscriptionsRequest;
import io.leat.wire.message.ListConfigResourcesRequest;
import io.leat.wire.message.ListPartitionReassignmentsRequest;
import io.leat.wire.message.PushTelemetryRequest;
import io.leat.wire.message.RemoveRaftVoterRequest;
import io.leat.wire.message.RenewDelegationTokenRequest;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.UnregisterBrokerRequest;
import io.leat.wire.message.UnregisterControllerRequest;
import io.leat.wire.message.UpdateFeaturesRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The requests of {@link AdminRules}. */
final class AdminAccessCases {
    private static final String CLUSTER = ResourceType.CLUSTER + " " + ResourceType.CLUSTER_NAME;
    private static final UUID NO_ID = new UUID(0, 0);

    private AdminAccessCases() {}

    static List<AccessCase> all() {
        List<AccessCase> all = new ArrayList<>();
        all.addAll(cluster());
        all.addAll(quotas());
        all.addAll(open());
        return all;
    }

    private static AccessCase needing(
            Operation right, ApiKey api, int version, RequestMessage request) {
        return asking(api, version, request)
                .needs(right + " " + CLUSTER)
                .refusedWith(CLUSTER_AUTHORIZATION_FAILED);
    }

    private static List<AccessCase> cluster() {
        return List.of(
                needing(
                        Operation.DESCRIBE,
                        ApiKey.DESCRIBE_LOG_DIRS,
                        4,
                        new DescribeLogDirsRequest(null)),
                needing(
                        Operation.ALTER,
                        ApiKey.ALTER_REPLICA_LOG_DIRS,
                        2,
                        new AlterReplicaLogDirsRequest(
                                List.of(
                                        new AlterReplicaLogDirsRequest.AlterReplicaLogDir(
                                                "/d",
                                                List.of(
                                                        new AlterReplicaLogDirsRequest
                                                                .AlterReplicaLogDirTopic(
                                                                "t", List.of(0))))))),
                needing(
                        Operation.ALTER,
                        ApiKey.ELECT_LEADERS,
                        2,
                        new ElectLeadersRequest((byte) 0, null, 1)),
                needing(
                        Operation.ALTER,
                        ApiKey.ALTER_PARTITION_REASSIGNMENTS,
                        1,
                        new AlterPartitionReassignmentsRequest(1, true, List.of())),
                needing(
                        Operation.DESCRIBE,
                        ApiKey.LIST_PARTITION_REASSIGNMENTS,
                        0,
                        new ListPartitionReassignmentsRequest(1, null)),
                needing(
                        Operation.DESCRIBE,
                        ApiKey.DESCRIBE_QUORUM,
                        2,
                        new DescribeQuorumRequest(List.of())),
                needing(
                        Operation.ALTER,
                        ApiKey.UPDATE_FEATURES,
                        2,
                        new UpdateFeaturesRequest(1, List.of(), false)),
                needing(
                        Operation.ALTER,
                        ApiKey.UNREGISTER_BROKER,
                        0,
                        new UnregisterBrokerRequest(1)),
                needing(
                        Operation.ALTER,
                        ApiKey.UNREGISTER_CONTROLLER,
                        0,
                        new UnregisterControllerRequest(1)),
                needing(
                        Operation.ALTER,
                        ApiKey.ADD_RAFT_VOTER,
                        1,
                        new AddRaftVoterRequest(null, 1, 1, NO_ID, List.of(), true)),
                needing(
                        Operation.ALTER,
                        ApiKey.REMOVE_RAFT_VOTER,
                        0,
                        new RemoveRaftVoterRequest(null, 1, NO_ID)));
    }

    private static List<AccessCase> quotas() {
        return List.of(
                needing(
                        Operation.DESCRIBE_CONFIGS,
                        ApiKey.DESCRIBE_CLIENT_QUOTAS,
                        1,
                        new DescribeClientQuotasRequest(List.of(), false)),
                needing(
                        Operation.ALTER_CONFIGS,
                        ApiKey.ALTER_CLIENT_QUOTAS,
                        1,
                        new AlterClientQuotasRequest(
                                List.of(
                                        new AlterClientQuotasRequest.EntryData(
                                                List.of(
                                                        new AlterClientQuotasRequest.EntityData(
                                                                "user", "u")),
                                                List.of())),
                                false)),
                needing(
                        Operation.DESCRIBE_CONFIGS,
                        ApiKey.LIST_CONFIG_RESOURCES,
                        1,
                        new ListConfigResourcesRequest(List.of())));
    }

    /** What everybody may ask who is connected. */
    private static List<AccessCase> open() {
        ByteBuffer nothing = ByteBuffer.allocate(0);
        return List.of(
                asking(
                        ApiKey.GET_TELEMETRY_SUBSCRIPTIONS,
                        0,
                        new GetTelemetrySubscriptionsRequest(NO_ID)),
                asking(
                        ApiKey.PUSH_TELEMETRY,
                        0,
                        new PushTelemetryRequest(NO_ID, 1, false, (byte) 0, nothing)),
                asking(
                        ApiKey.CREATE_DELEGATION_TOKEN,
                        3,
                        new CreateDelegationTokenRequest(null, null, List.of(), 1)),
                asking(
                        ApiKey.RENEW_DELEGATION_TOKEN,
                        2,
                        new RenewDelegationTokenRequest(nothing, 1)),
                asking(
                        ApiKey.EXPIRE_DELEGATION_TOKEN,
                        2,
                        new ExpireDelegationTokenRequest(nothing, 1)),
                asking(
                        ApiKey.DESCRIBE_DELEGATION_TOKEN,
                        3,
                        new DescribeDelegationTokenRequest(null)));
    }
}
