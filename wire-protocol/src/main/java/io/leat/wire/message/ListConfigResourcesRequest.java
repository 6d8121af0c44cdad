package io.leat.wire.message;

import io.leat.wire.schema.Message;
import io.leat.wire.schema.Since;
import java.util.List;

/** Asks what has a configuration; version 0 of client metrics only. No types means all of them. */
@Message(from = 0, to = 1, flexibleFrom = 0)
public record ListConfigResourcesRequest(@Since(1) List<Byte> resourceTypes)
        implements RequestMessage {}
