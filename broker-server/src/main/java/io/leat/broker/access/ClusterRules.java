package io.leat.broker.access;

import io.leat.wire.ApiKey;
import io.leat.wire.message.ApiVersionsRequest;
import io.leat.wire.message.ApiVersionsResponse;
import io.leat.wire.message.DescribeClusterRequest;
import io.leat.wire.message.DescribeClusterResponse;
import io.leat.wire.message.RequestMessage;
import io.leat.wire.message.ResponseMessage;

/** The APIs that are about the cluster as a whole. */
final class ClusterRules {
    private ClusterRules() {}

    static void addTo(AccessRules rules) {
        rules.add(
                        ApiKey.API_VERSIONS,
                        ApiVersionsRequest.class,
                        ApiVersionsResponse.class,
                        ClusterRules::everybody)
                // Where the brokers are is in everybody's metadata, too.
                .add(
                        ApiKey.DESCRIBE_CLUSTER,
                        DescribeClusterRequest.class,
                        DescribeClusterResponse.class,
                        ClusterRules::everybody);
    }

    /** The rule of APIs that whoever is connected may use. */
    static <Q extends RequestMessage, R extends ResponseMessage> Verdict<Q, R> everybody(
            Access access, short version, Q request) {
        return Verdict.pass(request);
    }
}
