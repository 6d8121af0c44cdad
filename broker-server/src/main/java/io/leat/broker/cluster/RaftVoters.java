package io.leat.broker.cluster;

import io.leat.broker.api.BrokerIdentity;
import io.leat.wire.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The voters of the metadata never change: there is one, and no Raft. */
final class RaftVoters {
    static final String MESSAGE = "One broker keeps the metadata; no voter can join or leave";

    private RaftVoters() {}

    /** What Apache Kafka answers where voters are fixed. */
    static ErrorCode refusal(BrokerIdentity identity, @Nullable String clusterId) {
        return clusterId == null || clusterId.equals(identity.clusterId())
                ? ErrorCode.UNSUPPORTED_VERSION
                : ErrorCode.INCONSISTENT_CLUSTER_ID;
    }
}
