package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of each group of a {@link DeleteGroupsRequest}. */
@Message(from = 0, to = 3, flexibleFrom = 2)
public record DeleteGroupsResponse(int throttleTimeMs, List<DeletableGroupResult> results)
        implements ResponseMessage {

    /** One group's outcome. */
    public record DeletableGroupResult(
            String groupId, short errorCode, @Since(3) @Ignorable @Nullable String errorMessage) {}
}
