package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Until;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The coordinators that a {@link FindCoordinatorRequest} asked for. */
@Message(from = 0, to = 6, flexibleFrom = 3)
public record FindCoordinatorResponse(
        @Since(1) @Ignorable int throttleTimeMs,
        @Until(3) short errorCode,
        @Since(1) @Until(3) @Default("") @Ignorable @Nullable String errorMessage,
        @Until(3) int nodeId,
        @Until(3) String host,
        @Until(3) int port,
        @Since(4) List<Coordinator> coordinators)
        implements ResponseMessage {

    /** One key's coordinator, or an error. */
    public record Coordinator(
            String key,
            int nodeId,
            String host,
            int port,
            short errorCode,
            @Nullable String errorMessage) {}
}
