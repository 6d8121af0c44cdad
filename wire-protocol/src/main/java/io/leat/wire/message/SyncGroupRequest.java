package io.leat.wire.message;

import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ends a rebalance: the leader brings the assignments, everyone waits for theirs. */
@Message(from = 0, to = 5, flexibleFrom = 4)
public record SyncGroupRequest(
        String groupId,
        int generationId,
        String memberId,
        @Since(3) @Nullable String groupInstanceId,
        @Since(5) @Ignorable @Nullable String protocolType,
        @Since(5) @Ignorable @Nullable String protocolName,
        List<SyncGroupRequestAssignment> assignments)
        implements RequestMessage {

    /** One member's assignment. */
    public record SyncGroupRequestAssignment(String memberId, ByteBuffer assignment) {}
}
