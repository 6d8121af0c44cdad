package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;

/** Asks for the brokers of the cluster. */
@Message(from = 0, to = 2, flexibleFrom = 0)
public record DescribeClusterRequest(
        boolean includeClusterAuthorizedOperations,
        @Since(1) @Default("1") byte endpointType,
        @Since(2) boolean includeFencedBrokers)
        implements RequestMessage {}
