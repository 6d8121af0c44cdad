package io.leat.wire.message;

import io.leat.wire.ErrorCode;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The assignment of the member that asked. */
@Message(from = 0, to = 5, flexibleFrom = 4)
public record SyncGroupResponse(
        @Since(1) @Ignorable int throttleTimeMs,
        short errorCode,
        @Since(5) @Ignorable @Nullable String protocolType,
        @Since(5) @Ignorable @Nullable String protocolName,
        ByteBuffer assignment)
        implements ResponseMessage {
    /** The member gets no assignment. */
    public static SyncGroupResponse failed(ErrorCode error) {
        return new SyncGroupResponse(0, error.code(), null, null, ByteBuffer.allocate(0));
    }
}
