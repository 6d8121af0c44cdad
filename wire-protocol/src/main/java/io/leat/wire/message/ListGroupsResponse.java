package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;

/** The groups that a {@link ListGroupsRequest} asked for. */
@Message(from = 0, to = 5, flexibleFrom = 3)
public record ListGroupsResponse(
        @Since(1) @Ignorable int throttleTimeMs, short errorCode, List<ListedGroup> groups)
        implements ResponseMessage {

    /** A group, its state and its type. */
    public record ListedGroup(
            String groupId,
            String protocolType,
            @Since(4) @Ignorable String groupState,
            @Since(5) @Ignorable String groupType) {}
}
