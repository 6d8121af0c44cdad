package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Until;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leaves a classic group; one member up to version 2, many from 3. */
@Message(from = 0, to = 5, flexibleFrom = 4)
public record LeaveGroupRequest(
        String groupId, @Until(2) String memberId, @Since(3) List<MemberIdentity> members)
        implements RequestMessage {

    /** A member that leaves. */
    public record MemberIdentity(
            String memberId,
            @Nullable String groupInstanceId,
            @Since(5) @Ignorable @Nullable String reason) {}
}
