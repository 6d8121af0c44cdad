package io.leat.wire.message;

import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;

/** Asks for the groups of a coordinator; empty filters let all through. */
@Message(from = 0, to = 5, flexibleFrom = 3)
public record ListGroupsRequest(
        @Since(4) List<String> statesFilter, @Since(5) List<String> typesFilter)
        implements RequestMessage {}
