package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Joins a classic group, or rejoins it when it rebalances. */
@Message(from = 0, to = 9, flexibleFrom = 6)
public record JoinGroupRequest(
        String groupId,
        int sessionTimeoutMs,
        @Since(1) @Default("-1") @Ignorable int rebalanceTimeoutMs,
        String memberId,
        @Since(5) @Nullable String groupInstanceId,
        String protocolType,
        List<JoinGroupRequestProtocol> protocols,
        @Since(8) @Ignorable @Nullable String reason)
        implements RequestMessage {

    /** A protocol the member can do and what it says in it. */
    public record JoinGroupRequestProtocol(String name, ByteBuffer metadata) {}
}
