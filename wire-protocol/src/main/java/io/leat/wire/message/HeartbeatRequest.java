package io.leat.wire.message;

import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import org.jspecify.annotations.Nullable;

/** Says that a member of a classic group is alive. */
@Message(from = 0, to = 4, flexibleFrom = 4)
public record HeartbeatRequest(
        String groupId,
        int generationId,
        String memberId,
        @Since(3) @Nullable String groupInstanceId)
        implements RequestMessage {}
