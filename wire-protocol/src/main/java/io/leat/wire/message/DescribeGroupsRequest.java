package io.leat.wire.message;

import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;

/** Asks for the members of classic groups. */
@Message(from = 0, to = 6, flexibleFrom = 5)
public record DescribeGroupsRequest(
        List<String> groups, @Since(3) boolean includeAuthorizedOperations)
        implements RequestMessage {}
