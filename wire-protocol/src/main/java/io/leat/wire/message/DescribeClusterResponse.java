package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cluster's id, controller and brokers. */
@Message(from = 0, to = 2, flexibleFrom = 0)
public record DescribeClusterResponse(
        int throttleTimeMs,
        short errorCode,
        @Nullable String errorMessage,
        @Since(1) @Default("1") byte endpointType,
        String clusterId,
        int controllerId,
        List<DescribeClusterBroker> brokers,
        int clusterAuthorizedOperations)
        implements ResponseMessage {

    /** A broker and its address. */
    public record DescribeClusterBroker(
            int brokerId,
            String host,
            int port,
            @Nullable String rack,
            @Since(2) boolean isFenced) {}
}
