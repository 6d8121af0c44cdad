package io.leat.wire.message;

import io.leat.wire.schema.Message;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asks that a controller leave the voters (KIP-853). */
@Message(from = 0, to = 0, flexibleFrom = 0)
public record RemoveRaftVoterRequest(@Nullable String clusterId, int voterId, UUID voterDirectoryId)
        implements RequestMessage {}
