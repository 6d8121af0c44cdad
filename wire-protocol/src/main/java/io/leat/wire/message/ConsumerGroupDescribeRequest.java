package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.List;

/** Asks for consumer groups with their members (KIP-848). */
@Message(from = 0, to = 1, flexibleFrom = 0)
public record ConsumerGroupDescribeRequest(
        List<String> groupIds, boolean includeAuthorizedOperations) implements RequestMessage {}
