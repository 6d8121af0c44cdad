package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** Asks how share groups stand (KIP-932). */
@Message(from = 1, to = 1, flexibleFrom = 0)
public record ShareGroupDescribeRequest(List<String> groupIds, boolean includeAuthorizedOperations)
        implements RequestMessage {}
