package io.leat.wire.message;

import io.leat.wire.ErrorCode;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.NullableSince;
import io.leat.wire.schema.Since;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The generation that a member joined; the leader also learns who the members are. */
@Message(from = 0, to = 9, flexibleFrom = 6)
public record JoinGroupResponse(
        @Since(2) @Ignorable int throttleTimeMs,
        short errorCode,
        int generationId,
        @Since(7) @Ignorable @Nullable String protocolType,
        @NullableSince(7) @Nullable String protocolName,
        String leader,
        @Since(9) boolean skipAssignment,
        String memberId,
        List<JoinGroupResponseMember> members)
        implements ResponseMessage {
    /** The member did not join. */
    public static JoinGroupResponse failed(String memberId, ErrorCode error) {
        return new JoinGroupResponse(0, error.code(), -1, null, "", "", false, memberId, List.of());
    }

    /** A member and what it says in the chosen protocol. */
    public record JoinGroupResponseMember(
            String memberId,
            @Since(5) @Ignorable @Nullable String groupInstanceId,
            ByteBuffer metadata) {}
}
