package io.leat.wire.message;

import io.leat.wire.schema.Default;
import io.leat.wire.schema.Ignorable;
import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import org.jspecify.annotations.Nullable;

/** The first request of a connection: who are you, and what do you speak? */
@Message(from = 0, to = 5, flexibleFrom = 3)
public record ApiVersionsRequest(
        @Since(3) @Ignorable String clientSoftwareName,
        @Since(3) @Ignorable String clientSoftwareVersion,
        @Since(5) @Ignorable @Nullable String clusterId,
        @Since(5) @Default("-1") @Ignorable int nodeId)
        implements RequestMessage {}
