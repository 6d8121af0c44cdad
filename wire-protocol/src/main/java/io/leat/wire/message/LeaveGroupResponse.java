package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the members left. */
@Message(from = 0, to = 5, flexibleFrom = 4)
public record LeaveGroupResponse(
        @Since(1) @Ignorable int throttleTimeMs,
        short errorCode,
        @Since(3) List<MemberResponse> members)
        implements ResponseMessage {

    /** One member's outcome. */
    public record MemberResponse(
            String memberId, @Nullable String groupInstanceId, short errorCode) {}
}
