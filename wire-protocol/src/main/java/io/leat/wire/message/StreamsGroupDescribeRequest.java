package io.leat.wire.message;

import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;

/** Asks how streams groups stand (KIP-1071). */
@Message(from = 0, to = 1, flexibleFrom = 0)
public record StreamsGroupDescribeRequest(
        List<String> groupIds,
        boolean includeAuthorizedOperations,
        @Since(1) boolean includeTopologyDescription)
        implements RequestMessage {}
