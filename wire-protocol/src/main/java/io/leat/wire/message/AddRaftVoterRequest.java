package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import io.leat.wire.schema.Unsigned;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asks that a controller join the voters (KIP-853). */
@Message(from = 0, to = 1, flexibleFrom = 0)
public record AddRaftVoterRequest(
        @Nullable String clusterId,
        int timeoutMs,
        int voterId,
        UUID voterDirectoryId,
        List<Listener> listeners,
        @Since(1) @Default("true") boolean ackWhenCommitted)
        implements RequestMessage {

    /** Where the voter can be reached. */
    public record Listener(String name, String host, @Unsigned int port) {}
}
