package io.leat.wire.message;

import io.leat.wire.schema.Message;
import io.leat.wire.schema.NeverCompact;
import org.jspecify.annotations.Nullable;

/** What precedes every request: which API, which version, whose, and its number. */
@Message(from = 1, to = 2, flexibleFrom = 2)
public record RequestHeader(
        short requestApiKey,
        short requestApiVersion,
        int correlationId,
        @NeverCompact @Nullable String clientId) {}
